"""Tickets for live connections."""

from alembic import op
from sqlalchemy import PrimaryKeyConstraint

from prodiguer.storage.columns import text, whole

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "tickets",
        text("digest"),
        text("token_id", null=True),
        whole("expires_at"),
        PrimaryKeyConstraint("digest", name="pk_tickets"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
