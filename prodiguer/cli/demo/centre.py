"""What the simulated centres calculate: which runs there are, and how each of them goes.

Everything follows from the seed, so that a demonstration can be repeated message by message.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from prodiguer.cli.demo.places import HOOKED, Identity, Machine, somebody
from prodiguer.cli.demo.story import COMPLETE, DIES, HOUR, SILENT, Run, Shape, tell

DAY = 24 * HOUR
#: Periods of a job, and months of a period.
RHYTHMS = ((4, 3), (2, 12), (1, 12), (6, 1), (5, 12), (3, 12))
#: Of a live run: the least and the most seconds that a period lasts, and that it all takes.
PACES = (0.8, 12.0)
LIVE = (150.0, 1200.0)
#: Compute jobs of a run: few have the most. With their side jobs that is 10 to 200.
FEWEST, MOST = 12, 124
#: Jobs that a run has behind it when it dies.
BEHIND = 9
#: The most of runs that begin while one looks on: they are to end, too.
SOON = 24


class Frame(NamedTuple):
    """How a run is cut: every try of it is cut the same way."""

    jobs: int
    periods: int
    months: int


Role = Callable[[random.Random, Identity, Frame], list[Run]]


def plan(simulations: int, seed: int, mark: str = "") -> Iterator[Run]:
    """The runs of a demonstration.

    Args:
        simulations: how many, those that are tried again counted again.
        seed: decides what happens.
        mark: keeps it apart from another demonstration with the same seed on the same data: it
            changes every id and every name.
    """
    chance = random.Random(f"{seed}{mark}")  # noqa: S311 - a simulation, no secret
    left, number = simulations, 0
    while left:
        role = _role(number)
        who = somebody(chance, number, mark, _machine(role))
        frame = Frame(_jobs(chance), *chance.choice(RHYTHMS))
        for run in role(chance, who, frame)[:left]:
            yield run
            left -= 1
        number += 1


def _role(number: int) -> Role:
    return FIRST[number] if number < len(FIRST) else THEN[(number - len(FIRST)) % len(THEN)]


def _machine(role: Role) -> Machine | None:
    """Runs of job scripts that source the hook begin while one looks on."""
    return HOOKED if role is _hooked else None


def _jobs(chance: random.Random) -> int:
    return int(FEWEST * (MOST / FEWEST) ** (chance.random() ** 1.8))


def _under_way(chance: random.Random, who: Identity, frame: Frame) -> list[Run]:
    """A run that has done a part of its way and goes on."""
    past = int(frame.jobs * frame.periods * chance.uniform(0.15, 0.8))
    return [_told(chance, who, frame, past=past, begins=chance.uniform(60, 900))]


def _over(chance: random.Random, who: Identity, frame: Frame) -> list[Run]:
    """A run that was complete some days ago."""
    ago = chance.uniform(0.1, 20) * DAY
    return [_told(chance, who, frame, past=frame.jobs * frame.periods, begins=ago)]


def _silent(chance: random.Random, who: Identity, frame: Frame) -> list[Run]:
    """A run whose job was killed with nobody left to say so: late while one looks on."""
    at = frame.periods * chance.randint(BEHIND, frame.jobs - 2)
    return [_told(chance, who, frame, past=at + 1, begins=0, end=SILENT, at=at)]


def _failed(chance: random.Random, who: Identity, frame: Frame) -> list[Run]:
    """A run that died some days ago, and the same tried again, under way."""
    (second,) = _under_way(chance, who, frame)
    ago = chance.uniform(2, 40) * HOUR - second.steps[0].at
    at = chance.randrange(BEHIND, frame.jobs) * frame.periods
    return [_told(chance, who, frame, past=at + 1, begins=ago, end=DIES, at=at), second]


def _dies(chance: random.Random, who: Identity, frame: Frame) -> list[Run]:
    """A run that dies while one looks on, and is tried again a moment later."""
    frame = frame._replace(jobs=min(frame.jobs, SOON))
    past = chance.randrange(BEHIND, frame.jobs - 1) * frame.periods
    at = past + chance.randint(1, frame.periods)
    first = _told(chance, who, frame, past=past, begins=120, end=DIES, at=at)
    again = first.steps[-1].at + chance.uniform(10, 25)
    return [first, _told(chance, who, frame, past=0, begins=again)]


def _hooked(chance: random.Random, who: Identity, frame: Frame) -> list[Run]:
    """A run that begins at once; its jobs source the hook."""
    return [_begun(chance, who, frame, chance.uniform(1, 20))]


def _begins(chance: random.Random, who: Identity, frame: Frame) -> list[Run]:
    """A run that begins in some minutes."""
    return [_begun(chance, who, frame, chance.uniform(20, 600))]


def _begun(chance: random.Random, who: Identity, frame: Frame, begins: float) -> Run:
    return _told(chance, who, frame._replace(jobs=min(frame.jobs, SOON)), past=0, begins=begins)


def _told(
    chance: random.Random,
    who: Identity,
    frame: Frame,
    *,
    past: int,
    begins: float,
    end: str = COMPLETE,
    at: int = -1,
) -> Run:
    left = max(1, frame.jobs * frame.periods - past)
    pace = min(max(chance.uniform(*LIVE) / left, PACES[0]), PACES[1])
    return tell(chance, who, Shape(*frame, past, end, at, begins, pace))


#: What the first runs do, so that a short demonstration shows something of everything.
FIRST: tuple[Role, ...] = (
    _under_way, _hooked, _over, _dies, _failed, _silent, _under_way, _over, _begins, _under_way,
)  # fmt: skip
#: What the others do, again and again.
THEN: tuple[Role, ...] = (
    _over, _under_way, _begins, _failed, _hooked, _over, _under_way, _dies, _begins,
)  # fmt: skip
