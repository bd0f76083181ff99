"""Every table of the platform.

Times are microseconds since the epoch, UUIDs lower-case text, JSON is text. `messages` is the
log; the tables of runs and of metrics are functions of it (`prodiguer db rebuild` drops and
refolds them); what remains is the platform's own memory. No index is on a text that a sender
may make long: PostgreSQL refuses a key above 2,704 bytes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.schema import SchemaItem

from prodiguer.storage.columns import blob, flag, number, real, text, time, whole

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(
    name: str,
    *items: SchemaItem,
    clustered: bool = False,
) -> Table:
    """A table; ``clustered`` ones are their own primary key's index on SQLite (no row ids).

    A growing `number` is AUTOINCREMENT on SQLite: the number of a row that was deleted is not
    given again, as a sequence of PostgreSQL would not.
    """
    return Table(
        name,
        metadata,
        *items,
        sqlite_strict=True,
        sqlite_with_rowid=not clustered,
        sqlite_autoincrement=any(isinstance(i, Column) and i.autoincrement is True for i in items),
    )


def _where(condition: str) -> dict[str, Any]:
    """An index of those rows alone, on both databases."""
    return {"sqlite_where": sql(condition), "postgresql_where": sql(condition)}


# --- the log ------------------------------------------------------------------------------------

#: The archive. `number` is the order of arrival here: newest first is `number` descending.
messages = _table(
    "messages",
    number(),
    text("uid"),
    text("code"),  # as it is routed
    text("received_code", null=True),  # as it came, in the dialect of 2014
    text("app"),  # the family: the fourth word of the routing key
    text("mode"),
    text("user"),
    text("producer"),
    text("producer_version"),
    text("dialect"),
    text("simulation_uid", null=True),
    text("job_uid", null=True),
    time("time"),  # Message.time: of the order
    time("timestamp"),  # as the sender said
    text("timestamp_raw", null=True),
    time("received_at"),
    text("door"),
    text("mail", null=True),
    text("flags"),  # JSON array of text
    text("digest"),
    text("boot", null=True),
    whole("seq", null=True),
    text("body"),  # JSON object
    UniqueConstraint("uid"),
    Index(None, "simulation_uid", "time", **_where("simulation_uid IS NOT NULL")),
    Index(None, "job_uid", "number", **_where("job_uid IS NOT NULL")),
    Index(None, "code", "number"),
    Index(None, "received_code", "number", **_where("received_code IS NOT NULL")),
    Index(None, "producer", "number"),
    Index(None, "mail", **_where("mail IS NOT NULL")),
    Index(None, "received_at"),
    Index(None, "time"),
)

#: Every message id ever seen, by whichever app, with the content that came first.
message_ids = _table(
    "message_ids",
    text("uid", primary_key=True),
    text("digest"),
    time("received_at"),
    clustered=True,
)

#: Which app has handled which message.
inbox = _table(
    "inbox", text("app"), text("uid"), PrimaryKeyConstraint("app", "uid"), clustered=True
)

# --- runs ---------------------------------------------------------------------------------------

#: One row a run, narrow: lists, facets and counts scan it. Shown are rows with `hidden` false.
simulations = _table(
    "simulations",
    text("uid", primary_key=True),
    text("state"),  # queued | running | complete | error; late is running with late_at < now
    time("late_at", null=True),
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
    time("started_at", null=True),
    time("ended_at", null=True),
    time("last_message_at"),
    text("identity", null=True),
    time("announced_at", null=True),  # the stamp of its 0000: time and message uid
    text("announced_uid", null=True),
    time("deleted_at", null=True),
    text("flags"),  # JSON array of text
    whole("revision"),
    whole("try_number", server_default="1"),
    whole("tries", server_default="1"),
    flag("active", "1"),
    flag("hidden", "0"),
    Index(None, "started_at"),
    Index(None, "last_message_at"),
    Index(None, "identity", "announced_at", **_where("identity IS NOT NULL")),
)

#: The joined facts of a run (JSON of domain.SimulationFacts); its row is what a writer locks.
#: `facts` is null between the lock on a new run and its first save.
simulation_facts = _table(
    "simulation_facts", text("uid", primary_key=True), text("facts", null=True)
)

jobs = _table(
    "jobs",
    text("simulation_uid"),
    text("uid"),
    text("kind"),  # compute | post_processing | checker
    text("state"),  # running | complete | error
    time("started_at", null=True),
    time("ended_at", null=True),
    time("late_at", null=True),
    time("position_at"),  # the stamp of its start, else of its earliest message
    text("position_uid"),
    flag("started", "0"),
    time("end_at", null=True),  # the stamp of its winning end, and its code
    text("end_uid", null=True),
    text("end_code", null=True),
    flag("awaits_delay", "0"),  # started by 1000 without a delay of its own
    text("accounting_project", null=True),
    text("scheduler_id", null=True),
    text("submission_path", null=True),
    whole("warning_delay"),
    text("post_processing_name", null=True),
    text("post_processing_date", null=True),
    text("post_processing_dimension", null=True),
    text("post_processing_component", null=True),
    text("post_processing_file", null=True),
    time("last_message_at"),
    text("flags"),  # JSON array of text
    text("facts"),  # JSON of domain.JobFacts
    PrimaryKeyConstraint("simulation_uid", "uid"),
    Index(None, "uid"),
    Index(None, "started_at"),
    Index(None, "ended_at"),
    Index(None, "last_message_at"),
    Index(None, "state", "started_at"),
    Index(None, "kind", "started_at"),
    Index("ix_jobs_late_at", "late_at", **_where("late_at IS NOT NULL")),
    # Answers by itself how many jobs a run has by kind and state, and which of its compute jobs
    # decide its own state.
    Index(
        "ix_jobs_of_run",
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
    ),
    Index("ix_jobs_awaits_delay", "simulation_uid", "uid", **_where("awaits_delay")),
)

periods = _table(
    "periods",
    text("message_uid", primary_key=True),
    text("simulation_uid"),
    text("job_uid"),
    time("at"),
    whole("number", null=True),  # CumulPeriod
    text("begin"),
    text("end"),
    Index(None, "simulation_uid", "at", "message_uid"),
)

failed_commands = _table(
    "failed_commands",
    text("message_uid", primary_key=True),
    text("simulation_uid"),
    text("job_uid"),
    time("at"),
    text("command", null=True),
    Index(None, "simulation_uid", "job_uid"),
)

#: Of each run the card with the smallest (at, message_uid).
config_cards = _table(
    "config_cards",
    text("simulation_uid", primary_key=True),
    time("at"),
    text("message_uid"),
    text("text"),
)

# --- metrics ------------------------------------------------------------------------------------

transfers = _table(
    "transfers",
    text("message_uid", primary_key=True),
    text("simulation_uid"),
    text("job_uid"),
    time("at"),
    text("action"),
    real("size_mo", null=True),
    real("duration_ms", null=True),
    real("throughput_mo_s", null=True),
    text("dir_from", null=True),
    text("dir_to", null=True),
    Index(None, "at", "message_uid"),
    Index(None, "simulation_uid", "at"),
    Index(None, "job_uid", "at"),
)

# --- the platform's own memory: no rebuild touches it ---------------------------------------------

#: JSON values of apps, for what needs no table of its own.
app_values = _table(
    "app_values", text("app"), text("key"), text("value"), PrimaryKeyConstraint("app", "key")
)

#: What live views will be told: `number` is the place of an event in their order.
events = _table(
    "events",
    number(),
    time("at"),
    text("type"),
    text("uid"),
    text("simulation_uid", null=True),
    Index(None, "at"),
)

#: `number` is the order of arrival: newest first is `number` descending.
dead_letters = _table(
    "dead_letters",
    number(),
    text("id"),
    time("at"),
    text("reason"),
    text("reason_code"),  # the word of `reason` before the colon
    text("detail"),
    text("stage"),
    text("door"),
    text("mail", null=True),
    whole("position", null=True),
    text("code", null=True),
    text("app", null=True),
    text("message_uid", null=True),
    text("form"),
    text("context"),  # JSON object
    time("resent_at", null=True),
    whole("size"),
    blob("bytes"),
    UniqueConstraint("id"),
    Index(None, "reason_code", "number"),
    Index(None, "mail", **_where("mail IS NOT NULL")),
    Index(None, "at"),
)

#: `number` is the order of arrival: newest first is `number` descending.
mails = _table(
    "mails",
    number(),
    text("id"),
    time("at"),
    text("door"),
    text("sender", null=True),
    whole("size"),
    time("sent_at", null=True),
    text("messages"),  # JSON object: how many by received code
    whole("repairs"),
    whole("dead"),
    whole("receipts", server_default="1"),
    time("stored_at"),
    UniqueConstraint("id"),
)

#: What is to be done after commit. Rows stay when done: a key is put once, ever.
outbox = _table(
    "outbox",
    number(),
    text("app"),
    text("kind"),  # publish | effect
    text("key"),
    text("payload"),  # JSON object
    time("due"),
    whole("attempts", server_default="0"),
    time("leased_until", null=True),
    time("done_at", null=True),
    text("last_error", null=True),
    UniqueConstraint("app", "kind", "key"),
    Index("ix_outbox_due", "app", "due", "number", **_where("done_at IS NULL")),
)

#: Which lateness was told already. It survives a rebuild, so that none is told twice.
late_notices = _table(
    "late_notices",
    text("simulation_uid"),
    text("job_uid"),
    time("late_at"),
    PrimaryKeyConstraint("simulation_uid", "job_uid", "late_at"),
    clustered=True,
)

#: Exact totals, kept by the writers: simulations (active and not hidden), simulations_all (not
#: hidden), jobs (of runs not hidden), messages, mails, dead_letters, transfers. No row means 0.
counters = _table("counters", text("name", primary_key=True), whole("value"), clustered=True)

#: API tokens: the SHA-256 of the text, never the text.
tokens = _table(
    "tokens",
    text("id", primary_key=True),
    text("digest"),
    text("name"),
    text("scopes"),  # JSON array of text
    time("created_at"),
    time("expires_at", null=True),
    time("revoked_at", null=True),
    time("last_used_at", null=True),
    UniqueConstraint("digest"),
)

#: Tickets for live connections, until they are used or expire: the SHA-256 of the text.
tickets = _table(
    "tickets",
    text("digest", primary_key=True),
    text("token_id", null=True),
    time("expires_at"),
    clustered=True,
)
