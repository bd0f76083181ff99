"""What each monitoring code means for a job and for its run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from prodiguer.domain.message import Message
from prodiguer.domain.messages import (
    CheckerCommandFailed,
    CheckerEnded,
    CheckerFailed,
    CheckerStarted,
    CommandFailed,
    JobEnded,
    JobFailed,
    JobStarted,
    PeriodStarted,
    PostProcessingCommandFailed,
    PostProcessingEnded,
    PostProcessingFailed,
    PostProcessingStarted,
    SimulationDeleted,
    SimulationEnded,
    SimulationStarted,
)

COMPUTE: Final = "compute"
POST_PROCESSING: Final = "post_processing"
CHECKER: Final = "checker"

_FAMILIES: Mapping[str, tuple[type[Message], ...]] = {
    COMPUTE: (
        SimulationStarted,
        SimulationEnded,
        JobStarted,
        PeriodStarted,
        JobEnded,
        CommandFailed,
        JobFailed,
    ),
    POST_PROCESSING: (
        PostProcessingStarted,
        PostProcessingEnded,
        PostProcessingCommandFailed,
        PostProcessingFailed,
    ),
    CHECKER: (CheckerStarted, CheckerEnded, CheckerCommandFailed, CheckerFailed),
}


def _codes(*types: type[Message]) -> frozenset[str]:
    return frozenset(type_.TYPE.code for type_ in types)


#: The kind of job that a code speaks of.
KINDS: Mapping[str, str] = {
    type_.TYPE.code: kind for kind, types in _FAMILIES.items() for type_ in types
}

#: Every type that moves the state of runs and jobs.
TYPES: tuple[type[Message], ...] = (
    *(type_ for types in _FAMILIES.values() for type_ in types),
    SimulationDeleted,
)

RUN_START: Final = SimulationStarted.TYPE.code
RUN_END: Final = SimulationEnded.TYPE.code
RUN_DELETION: Final = SimulationDeleted.TYPE.code
COMPUTE_START: Final = JobStarted.TYPE.code
PERIOD: Final = PeriodStarted.TYPE.code

STARTS = _codes(SimulationStarted, JobStarted, PostProcessingStarted, CheckerStarted)
#: They count only where no decisive end is known.
ORDINARY_ENDS = _codes(JobEnded, PostProcessingEnded, CheckerEnded)
FATAL_ENDS = _codes(JobFailed, PostProcessingFailed, CheckerFailed)
DECISIVE_ENDS = _codes(SimulationEnded) | FATAL_ENDS
COMMAND_FAILURES = _codes(CommandFailed, PostProcessingCommandFailed, CheckerCommandFailed)

_CODES = _codes(*TYPES)
_APP: Final = SimulationStarted.TYPE.app


def concerns_run(message: Message) -> bool:
    """The message moves the state of a run: legacy shell traces share codes but not the app."""
    return message.code in _CODES and message.app == _APP and message.simulation_uid is not None
