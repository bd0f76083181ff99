"""What a message is, and every message type that the platform knows by itself.

A type is declared once, as a subclass of `Message`: its code, its family (the ``app`` word of
the routing key) and its fields stand in the class line, its meaning in the docstring. Routing,
validation, the documentation and `App.on` all read them from there. A package outside adds a
type the same way and names it in the entry-point group ``prodiguer.messages``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

#: A message that says a later time than its arrival by more than this takes its arrival instead.
CLOCK_TOLERANCE = timedelta(hours=1)

#: Texts that mean that there is no value.
ABSENT = frozenset({"", "null"})


class Stamp(NamedTuple):
    """The place of a message in the order of all messages: time first, then its id."""

    time: datetime
    uid: str


@dataclass(frozen=True, slots=True)
class MessageType:
    """What one class line declares."""

    code: str
    name: str
    app: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    #: Required fields that may be the empty text.
    may_be_empty: tuple[str, ...] = ()
    #: The field that an attachment of the mail is joined to; where it is a required field, the
    #: message is a dead letter without it.
    attachment: str | None = None
    #: Each attachment makes a message of its own.
    attachment_each: bool = False
    #: Said by the platform to itself: a dead letter at every door.
    internal: bool = False
    summary: str = ""

    def binding(self, mode: str = "*") -> str:
        """The topic filter that catches this type, such as ``prod.*.*.monitoring.1999``."""
        return f"{mode}.*.*.{self.app}.{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a producer, decoded and checked.

    ``body`` is the JSON object as received without its ``msg…`` fields; times are aware, in UTC,
    to the microsecond; ``uid``, ``simulation_uid`` and ``job_uid`` are lower-case UUID texts.
    """

    TYPE: ClassVar[MessageType]

    uid: str
    #: The code that it is routed as.
    code: str
    #: The code that came in, where the dialect of 2014 is translated; else None.
    received_code: str | None = None
    app: str
    mode: str
    user: str
    producer: str
    producer_version: str
    #: ``2014`` or ``2016``.
    dialect: str = "2016"
    simulation_uid: str | None = None
    job_uid: str | None = None
    timestamp: datetime
    #: What the sender wrote, nanoseconds kept; None where it wrote nothing.
    timestamp_raw: str | None = None
    received_at: datetime
    #: ``smtp``, ``http`` or ``amqp``.
    door: str
    #: The identity of the mail that carried it.
    mail: str | None = None
    #: The line of the mail's text, from 1; None elsewhere.
    position: int | None = None
    flags: tuple[str, ...] = ()
    body: Mapping[str, Any]
    #: SHA-256 (hex) of the parsed object before attachments are joined: tells a repeat from a
    #: conflict.
    digest: str
    #: Of the client that sent it, for gaps alone.
    boot: str | None = None
    seq: int | None = None

    def __init_subclass__(
        cls,
        *,
        code: str,
        app: str,
        name: str,
        required: str = "",
        optional: str = "",
        may_be_empty: str = "",
        attachment: str | None = None,
        attachment_each: bool = False,
        internal: bool = False,
    ) -> None:
        cls.TYPE = MessageType(
            code=code,
            name=name,
            app=app,
            required=tuple(required.split()),
            optional=tuple(optional.split()),
            may_be_empty=tuple(may_be_empty.split()),
            attachment=attachment,
            attachment_each=attachment_each,
            internal=internal,
            summary=" ".join((cls.__doc__ or "").split()),
        )

    @property
    def time(self) -> datetime:
        """When it happened: its timestamp, or its arrival if the timestamp lies in the future."""
        if self.timestamp > self.received_at + CLOCK_TOLERANCE:
            return self.received_at
        return self.timestamp

    @property
    def stamp(self) -> Stamp:
        """Its place in the order of all messages."""
        return Stamp(self.time, self.uid)

    @property
    def routing_key(self) -> str:
        """``mode.user.producer.app.type``."""
        return f"{self.mode}.{self.user}.{self.producer}.{self.app}.{self.code}"

    def get(self, field: str) -> str | None:
        """The text of a field; None where it is absent (missing, empty, or the text ``null``)."""
        value = self.body.get(field)
        if value is None:
            return None
        text = value if isinstance(value, str) else str(value)
        return None if text in ABSENT else text


_RUN = "simuid jobuid"
_JOB_START = "accountingProject jobWarningDelay jobSchedulerID jobSubmissionPath"
_POST = (
    "postProcessingName postProcessingDate postProcessingDimn postProcessingComp postProcessingFile"
)


class SimulationStarted(
    Message,
    code="0000",
    app="monitoring",
    name="simulation starts",
    required=f"{_RUN} name centre machine login model space",
    optional=f"experiment startDate endDate activity {_JOB_START} archivePath storagePath"
    " storageSmallPath configuration",
    attachment="configuration",
):
    """A simulation starts, and with it its first compute job."""


class SimulationEnded(
    Message, code="0100", app="monitoring", name="simulation ends", required=_RUN
):
    """A simulation ends normally, and with it its last compute job."""


class JobStarted(
    Message,
    code="1000",
    app="monitoring",
    name="compute job starts",
    required=_RUN,
    optional=_JOB_START,
):
    """A compute job starts."""


class PeriodStarted(
    Message,
    code="1001",
    app="monitoring",
    name="simulated period begins",
    required=f"{_RUN} CumulPeriod PeriodDateBegin PeriodDateEnd",
    may_be_empty="CumulPeriod",
):
    """A simulated period begins inside a compute job; an empty CumulPeriod means 0."""


class JobEnded(Message, code="1100", app="monitoring", name="compute job ends", required=_RUN):
    """A compute job ends and the run goes on in a next job."""


class CommandFailed(
    Message,
    code="1900",
    app="monitoring",
    name="command failed in a compute job",
    required=_RUN,
    optional="command",
):
    """A command failed inside a compute job; the job goes on."""


class JobFailed(Message, code="1999", app="monitoring", name="compute job dies", required=_RUN):
    """A fatal error: the compute job and its run stop."""


class PostProcessingStarted(
    Message,
    code="2000",
    app="monitoring",
    name="post-processing job starts",
    required=_RUN,
    optional=f"{_JOB_START} {_POST}",
):
    """A post-processing job starts."""


class PostProcessingEnded(
    Message, code="2100", app="monitoring", name="post-processing job ends", required=_RUN
):
    """A post-processing job ends."""


class PostProcessingCommandFailed(
    Message,
    code="2900",
    app="monitoring",
    name="command failed in a post-processing job",
    required=_RUN,
    optional="command",
):
    """A command failed in a post-processing job; the job goes on."""


class PostProcessingFailed(
    Message, code="2999", app="monitoring", name="post-processing job dies", required=_RUN
):
    """A post-processing job dies."""


class CheckerStarted(
    Message,
    code="3000",
    app="monitoring",
    name="checker job starts",
    required=_RUN,
    optional=f"{_JOB_START} {_POST}",
):
    """A checker job starts."""


class CheckerEnded(Message, code="3100", app="monitoring", name="checker job ends", required=_RUN):
    """A checker job ends."""


class CheckerCommandFailed(
    Message,
    code="3900",
    app="monitoring",
    name="command failed in a checker job",
    required=_RUN,
    optional="command",
):
    """A command failed in a checker job; the job goes on."""


class CheckerFailed(Message, code="3999", app="monitoring", name="checker job dies", required=_RUN):
    """A checker job dies."""


class FileTransferred(
    Message,
    code="7000",
    app="metrics",
    name="file transfer",
    required=f"{_RUN} actionName size_Mo duration_ms throughput_Mo_s dirFrom dirTo",
):
    """An environment metric: one file transfer, with its size, its duration and its throughput."""


class AccountingReported(
    Message,
    code="7010",
    app="metrics",
    name="accounting report",
    required="centre data",
    optional="accountingProject",
    attachment="data",
):
    """An accounting report of a project ("conso"), as the centre's tool printed it, in base64."""


class CoresReported(
    Message,
    code="7011",
    app="metrics",
    name="cores of a project",
    required="centre accountingProject data",
    attachment="data",
):
    """The running and pending cores of a project."""


class ModelMetricsReported(
    Message,
    code="7100",
    app="metrics",
    name="model metrics",
    required="metrics",
    optional="metricsGroupName simuid jobuid",
    attachment="metrics",
    attachment_each=True,
):
    """PCMDI metrics of a run: one PCMDI JSON file in base64."""


class LatenessRequested(
    Message, code="8000", app="superviseur", name="detect late jobs", internal=True
):
    """Supervision: look for jobs that are late."""


class ScriptRequested(
    Message, code="8100", app="superviseur", name="format a supervision script", internal=True
):
    """Supervision: write the script that handles a failure."""


class DispatchRequested(
    Message, code="8200", app="superviseur", name="dispatch a supervision script", internal=True
):
    """Supervision: send the script to its machine."""


class SimulationDeleted(
    Message, code="8888", app="monitoring", name="delete a simulation", required="simuid"
):
    """Delete a simulation and all its tries that started until now; the messages are kept."""


class VocabularyChanged(Message, code="-1000", app="internal", name="vocabulary", internal=True):
    """A term of the vocabulary changed."""


class EventRaised(Message, code="-2000", app="internal", name="event for browsers", internal=True):
    """Something changed that a browser may show."""


class MailRequested(Message, code="-3000", app="internal", name="mail", internal=True):
    """A mail is to be sent."""


class AlertRaised(Message, code="-4000", app="internal", name="operator alert", internal=True):
    """An operator should look at the platform."""


class BatchHeader(
    Message,
    code="-9000",
    app="internal",
    name="batch header",
    optional="key batch boot first_seq last_seq count created algorithm signature",
):
    """The first line of a signed batch: who signed it and what it holds."""


class Manifest(
    Message,
    code="-9001",
    app="internal",
    name="manifest",
    optional="boot first_seq last_seq count created",
):
    """What a client has sent so far, so that gaps are known."""


class UnknownMessage(Message, code="", app="unknown", name="unknown"):
    """A code that no catalog entry declares: archived, counted and shown, never an error."""


class LegacyTrace(Message, code="", app="legacy", name="shell trace of 2014"):
    """Push (2000) or pop (3000) of the shell function stack in the dialect of 2014."""


#: The types that this package declares, in the order of the documentation.
BUILT_IN: tuple[type[Message], ...] = (
    SimulationStarted,
    SimulationEnded,
    JobStarted,
    PeriodStarted,
    JobEnded,
    CommandFailed,
    JobFailed,
    PostProcessingStarted,
    PostProcessingEnded,
    PostProcessingCommandFailed,
    PostProcessingFailed,
    CheckerStarted,
    CheckerEnded,
    CheckerCommandFailed,
    CheckerFailed,
    FileTransferred,
    AccountingReported,
    CoresReported,
    ModelMetricsReported,
    LatenessRequested,
    ScriptRequested,
    DispatchRequested,
    SimulationDeleted,
    VocabularyChanged,
    EventRaised,
    MailRequested,
    AlertRaised,
    BatchHeader,
    Manifest,
)
