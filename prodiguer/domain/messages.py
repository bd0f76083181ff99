"""Every message type that the platform knows by itself; `message` says how one is declared."""

from __future__ import annotations

from prodiguer.domain.message import Message

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
