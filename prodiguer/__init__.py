"""prodiguer: a messaging platform for supervising simulations on supercomputers.

This is the door for authors of apps: everything that an app needs is named here or in
`prodiguer.domain`. Importing it opens nothing.
"""

from prodiguer.app import App, Context, Draft, Effect
from prodiguer.domain.message import Message, MessageType
from prodiguer.domain.messages import (
    AccountingReported,
    CheckerCommandFailed,
    CheckerEnded,
    CheckerFailed,
    CheckerStarted,
    CommandFailed,
    CoresReported,
    FileTransferred,
    JobEnded,
    JobFailed,
    JobStarted,
    LegacyTrace,
    ModelMetricsReported,
    PeriodStarted,
    PostProcessingCommandFailed,
    PostProcessingEnded,
    PostProcessingFailed,
    PostProcessingStarted,
    SimulationDeleted,
    SimulationEnded,
    SimulationStarted,
    UnknownMessage,
)
from prodiguer.errors import Drop, Halt, ProdiguerError, Refused, Retry, Unavailable

__all__ = [
    "AccountingReported",
    "App",
    "CheckerCommandFailed",
    "CheckerEnded",
    "CheckerFailed",
    "CheckerStarted",
    "CommandFailed",
    "Context",
    "CoresReported",
    "Draft",
    "Drop",
    "Effect",
    "FileTransferred",
    "Halt",
    "JobEnded",
    "JobFailed",
    "JobStarted",
    "LegacyTrace",
    "Message",
    "MessageType",
    "ModelMetricsReported",
    "PeriodStarted",
    "PostProcessingCommandFailed",
    "PostProcessingEnded",
    "PostProcessingFailed",
    "PostProcessingStarted",
    "ProdiguerError",
    "Refused",
    "Retry",
    "SimulationDeleted",
    "SimulationEnded",
    "SimulationStarted",
    "Unavailable",
    "UnknownMessage",
]

__version__ = "0.1.0"
