"""The first schema."""

from typing import Any

from alembic import op
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import text as sql

from prodiguer.storage.columns import blob, flag, number, real, text, whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "messages",
        number(),
        text("uid"),
        text("code"),
        text("received_code", null=True),
        text("app"),
        text("mode"),
        text("user"),
        text("producer"),
        text("producer_version"),
        text("dialect"),
        text("simulation_uid", null=True),
        text("job_uid", null=True),
        whole("time"),
        whole("timestamp"),
        text("timestamp_raw", null=True),
        whole("received_at"),
        text("door"),
        text("mail", null=True),
        text("flags"),
        text("digest"),
        text("boot", null=True),
        whole("seq", null=True),
        text("body"),
        PrimaryKeyConstraint("number", name="pk_messages"),
        UniqueConstraint("uid", name="uq_messages_uid"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_code_number", "messages", ["code", "number"])
    op.create_index(
        "ix_messages_job_uid_number",
        "messages",
        ["job_uid", "number"],
        **_where("job_uid IS NOT NULL"),
    )
    op.create_index("ix_messages_mail", "messages", ["mail"], **_where("mail IS NOT NULL"))
    op.create_index("ix_messages_producer_number", "messages", ["producer", "number"])
    op.create_index("ix_messages_received_at", "messages", ["received_at"])
    op.create_index(
        "ix_messages_received_code_number",
        "messages",
        ["received_code", "number"],
        **_where("received_code IS NOT NULL"),
    )
    op.create_index(
        "ix_messages_simulation_uid_time",
        "messages",
        ["simulation_uid", "time"],
        **_where("simulation_uid IS NOT NULL"),
    )
    op.create_index("ix_messages_time", "messages", ["time"])
    op.create_table(
        "message_ids",
        text("uid"),
        text("digest"),
        whole("received_at"),
        PrimaryKeyConstraint("uid", name="pk_message_ids"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inbox",
        text("app"),
        text("uid"),
        PrimaryKeyConstraint("app", "uid", name="pk_inbox"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "simulations",
        text("uid"),
        text("state"),
        whole("late_at", null=True),
        real("progress"),
        text("name", null=True),
        text("activity", null=True),
        text("centre", null=True),
        text("machine", null=True),
        text("login", null=True),
        text("experiment", null=True),
        text("model", null=True),
        text("space", null=True),
        text("accounting_project", null=True),
        text("output_start", null=True),
        text("output_end", null=True),
        text("archive_path", null=True),
        text("storage_path", null=True),
        text("storage_small_path", null=True),
        text("submission_path", null=True),
        text("scheduler_id", null=True),
        whole("started_at", null=True),
        whole("ended_at", null=True),
        whole("last_message_at"),
        text("identity", null=True),
        whole("announced_at", null=True),
        text("announced_uid", null=True),
        whole("deleted_at", null=True),
        text("flags"),
        whole("revision"),
        whole("try_number", server_default="1"),
        whole("tries", server_default="1"),
        flag("active", "1"),
        flag("hidden", "0"),
        PrimaryKeyConstraint("uid", name="pk_simulations"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_simulations_identity_announced_at",
        "simulations",
        ["identity", "announced_at"],
        **_where("identity IS NOT NULL"),
    )
    op.create_index("ix_simulations_last_message_at", "simulations", ["last_message_at"])
    op.create_index("ix_simulations_started_at", "simulations", ["started_at"])
    op.create_table(
        "simulation_facts",
        text("uid"),
        text("facts", null=True),
        PrimaryKeyConstraint("uid", name="pk_simulation_facts"),
        sqlite_strict=True,
    )
    op.create_table(
        "jobs",
        text("simulation_uid"),
        text("uid"),
        text("kind"),
        text("state"),
        whole("started_at", null=True),
        whole("ended_at", null=True),
        whole("late_at", null=True),
        whole("position_at"),
        text("position_uid"),
        flag("started", "0"),
        whole("end_at", null=True),
        text("end_uid", null=True),
        text("end_code", null=True),
        flag("awaits_delay", "0"),
        text("accounting_project", null=True),
        text("scheduler_id", null=True),
        text("submission_path", null=True),
        whole("warning_delay"),
        text("post_processing_name", null=True),
        text("post_processing_date", null=True),
        text("post_processing_dimension", null=True),
        text("post_processing_component", null=True),
        text("post_processing_file", null=True),
        whole("last_message_at"),
        text("flags"),
        text("facts"),
        PrimaryKeyConstraint("simulation_uid", "uid", name="pk_jobs"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_jobs_awaits_delay", "jobs", ["simulation_uid", "uid"], **_where("awaits_delay")
    )
    op.create_index("ix_jobs_ended_at", "jobs", ["ended_at"])
    op.create_index("ix_jobs_kind_started_at", "jobs", ["kind", "started_at"])
    op.create_index("ix_jobs_last_message_at", "jobs", ["last_message_at"])
    op.create_index("ix_jobs_late_at", "jobs", ["late_at"], **_where("late_at IS NOT NULL"))
    op.create_index(
        "ix_jobs_of_run",
        "jobs",
        [
            "simulation_uid",
            "kind",
            "position_at",
            "uid",
            "started",
            "state",
            "late_at",
            "end_code",
            "end_at",
            "end_uid",
            "position_uid",
        ],
    )
    op.create_index("ix_jobs_started_at", "jobs", ["started_at"])
    op.create_index("ix_jobs_state_started_at", "jobs", ["state", "started_at"])
    op.create_index("ix_jobs_uid", "jobs", ["uid"])
    op.create_table(
        "periods",
        text("message_uid"),
        text("simulation_uid"),
        text("job_uid"),
        whole("at"),
        whole("number", null=True),
        text("begin"),
        text("end"),
        PrimaryKeyConstraint("message_uid", name="pk_periods"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_periods_simulation_uid_at_message_uid",
        "periods",
        ["simulation_uid", "at", "message_uid"],
    )
    op.create_table(
        "failed_commands",
        text("message_uid"),
        text("simulation_uid"),
        text("job_uid"),
        whole("at"),
        text("command", null=True),
        PrimaryKeyConstraint("message_uid", name="pk_failed_commands"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_failed_commands_simulation_uid_job_uid",
        "failed_commands",
        ["simulation_uid", "job_uid"],
    )
    op.create_table(
        "config_cards",
        text("simulation_uid"),
        whole("at"),
        text("message_uid"),
        text("text"),
        PrimaryKeyConstraint("simulation_uid", name="pk_config_cards"),
        sqlite_strict=True,
    )
    op.create_table(
        "transfers",
        text("message_uid"),
        text("simulation_uid"),
        text("job_uid"),
        whole("at"),
        text("action"),
        real("size_mo", null=True),
        real("duration_ms", null=True),
        real("throughput_mo_s", null=True),
        text("dir_from", null=True),
        text("dir_to", null=True),
        PrimaryKeyConstraint("message_uid", name="pk_transfers"),
        sqlite_strict=True,
    )
    op.create_index("ix_transfers_at_message_uid", "transfers", ["at", "message_uid"])
    op.create_index("ix_transfers_job_uid_at", "transfers", ["job_uid", "at"])
    op.create_index("ix_transfers_simulation_uid_at", "transfers", ["simulation_uid", "at"])
    op.create_table(
        "app_values",
        text("app"),
        text("key"),
        text("value"),
        PrimaryKeyConstraint("app", "key", name="pk_app_values"),
        sqlite_strict=True,
    )
    op.create_table(
        "events",
        number(),
        whole("at"),
        text("type"),
        text("uid"),
        text("simulation_uid", null=True),
        PrimaryKeyConstraint("number", name="pk_events"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_table(
        "dead_letters",
        number(),
        text("id"),
        whole("at"),
        text("reason"),
        text("reason_code"),
        text("detail"),
        text("stage"),
        text("door"),
        text("mail", null=True),
        whole("position", null=True),
        text("code", null=True),
        text("app", null=True),
        text("message_uid", null=True),
        text("form"),
        text("context"),
        whole("resent_at", null=True),
        whole("size"),
        blob("bytes"),
        PrimaryKeyConstraint("number", name="pk_dead_letters"),
        UniqueConstraint("id", name="uq_dead_letters_id"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dead_letters_at", "dead_letters", ["at"])
    op.create_index("ix_dead_letters_mail", "dead_letters", ["mail"], **_where("mail IS NOT NULL"))
    op.create_index("ix_dead_letters_reason_code_number", "dead_letters", ["reason_code", "number"])
    op.create_table(
        "mails",
        number(),
        text("id"),
        whole("at"),
        text("door"),
        text("sender", null=True),
        whole("size"),
        whole("sent_at", null=True),
        text("messages"),
        whole("repairs"),
        whole("dead"),
        whole("receipts", server_default="1"),
        whole("stored_at"),
        PrimaryKeyConstraint("number", name="pk_mails"),
        UniqueConstraint("id", name="uq_mails_id"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        number(),
        text("app"),
        text("kind"),
        text("key"),
        text("payload"),
        whole("due"),
        whole("attempts", server_default="0"),
        whole("leased_until", null=True),
        whole("done_at", null=True),
        text("last_error", null=True),
        PrimaryKeyConstraint("number", name="pk_outbox"),
        UniqueConstraint("app", "kind", "key", name="uq_outbox_app_kind_key"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_due", "outbox", ["app", "due", "number"], **_where("done_at IS NULL")
    )
    op.create_table(
        "late_notices",
        text("simulation_uid"),
        text("job_uid"),
        whole("late_at"),
        PrimaryKeyConstraint("simulation_uid", "job_uid", "late_at", name="pk_late_notices"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counters",
        text("name"),
        whole("value"),
        PrimaryKeyConstraint("name", name="pk_counters"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tokens",
        text("id"),
        text("digest"),
        text("name"),
        text("scopes"),
        whole("created_at"),
        whole("expires_at", null=True),
        whole("revoked_at", null=True),
        whole("last_used_at", null=True),
        PrimaryKeyConstraint("id", name="pk_tokens"),
        UniqueConstraint("digest", name="uq_tokens_digest"),
        sqlite_strict=True,
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sql(condition), "postgresql_where": sql(condition)}
