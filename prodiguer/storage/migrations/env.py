"""What alembic runs: the migrations, inside the transaction that `storage.migrate` has begun."""

from alembic import context

from prodiguer.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column: the table is copied
    transactional_ddl=True,
)
context.run_migrations()
