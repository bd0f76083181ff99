"""What the simulated computing centres do: it is to look like real ones."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from prodiguer.cli.demo.centre import plan
from prodiguer.cli.demo.places import HOOK, HTTP, MAIL
from prodiguer.cli.demo.replay import Replay
from prodiguer.cli.demo.story import COMPLETE, DIES, SILENT, Run
from prodiguer.domain.fold import fold
from prodiguer.domain.world import World
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.intake import read_element
from prodiguer.wire.origin import Origin

SEEDS = pytest.mark.parametrize("seed", range(1, 6))


class Heard:
    """A way that keeps what is said on it."""

    def __init__(self) -> None:
        self.mails: list[list[Mapping[str, Any]]] = []

    def send(self, messages: Sequence[Mapping[str, Any]]) -> bool:
        self.mails.append(list(messages))
        return True

    def flush(self) -> bool:
        return True


def said(runs: list[Run]) -> list[list[Mapping[str, Any]]]:
    """Every mail of a demonstration that says all at once."""
    heard = Heard()
    Replay(runs, dict.fromkeys((MAIL, HTTP, HOOK), heard), 0, 1).send(threading.Event())
    return heard.mails


def folded(mails: list[list[Mapping[str, Any]]]) -> World:
    now = datetime.now(UTC)
    origin = Origin(door="smtp", mode="prod", user="x", received_at=now)
    catalog = Catalog.installed()
    messages = {m["msgUID"]: msgspec.json.encode(m) for mail in mails for m in mail}
    return fold([read_element(raw, origin, catalog) for raw in messages.values()], now)


def jobs(run: Run) -> int:
    return len({message["jobuid"] for step in run.steps for message in step.messages})


@SEEDS
def test_what_the_runs_say_tells_the_end_that_was_meant(seed: int) -> None:
    runs = list(plan(40, seed))
    world = folded(said(runs))

    ends = {run.uid: world.simulations[run.uid].state for run in runs}
    assert ends == {run.uid: run.end for run in runs}
    assert all(world.simulations[run.uid].progress == 1 for run in runs if run.end == COMPLETE)
    assert not [run.flags for run in world.simulations.values() if run.flags]


@SEEDS
def test_a_run_is_tried_again_once_it_has_failed(seed: int) -> None:
    tries: dict[str, list[Run]] = {}
    for run in plan(40, seed):
        tries.setdefault(run.name, []).append(run)

    again = [runs for runs in tries.values() if len(runs) > 1]
    assert again
    for first, second in again:
        assert (first.end, first.who) == (DIES, second.who)
        assert second.steps[0].at > first.steps[-1].at


@SEEDS
def test_it_is_a_small_world_of_its_own(seed: int) -> None:
    runs = list(plan(40, seed))

    assert {run.end for run in runs} == {COMPLETE, DIES, SILENT}
    assert {run.who.machine.way for run in runs} == {MAIL, HTTP, HOOK}
    assert len({run.who.machine.name for run in runs}) >= 4
    assert len({run.who.model.name for run in runs}) >= 4
    assert all(10 <= jobs(run) <= 200 for run in runs), [jobs(run) for run in runs]
    codes = Counter(m["msgCode"] for run in runs for step in run.steps for m in step.messages)
    known = "0000 0100 1000 1001 1100 1900 1999 2000 2100 2900 2999 3000 3100 7000"
    assert set(known.split()) <= set(codes) <= {*known.split(), "3900", "3999"}


@SEEDS
def test_there_is_something_to_see_at_once_and_for_ten_minutes(seed: int) -> None:
    runs = list(plan(40, seed))
    live = sorted(step.at for run in runs for step in run.steps if step.at >= 0)

    shown = [run for run in runs if run.steps[0].at < 0]
    assert len(shown) > 20
    assert any(run.steps[-1].at < 0 for run in shown)
    gaps = [b - a for a, b in pairwise(live) if a < 600]
    assert max(gaps) < 10
    assert sum(gaps) / len(gaps) < 1
    assert live[-1] > 600


def test_the_same_seed_is_the_same_demonstration_and_a_mark_another() -> None:
    assert list(plan(12, 7)) == list(plan(12, 7))
    one, other = list(plan(12, 7)), list(plan(12, 7, "-kept"))
    assert not {run.uid for run in one} & {run.uid for run in other}
    assert not {run.name for run in one} & {run.name for run in other}


def test_a_short_demonstration_is_as_long_as_was_asked() -> None:
    assert [len(list(plan(number, 1))) for number in (1, 2, 5, 11)] == [1, 2, 5, 11]


def test_mails_come_late_and_twice_and_nothing_comes_from_the_future() -> None:
    runs = list(plan(20, 1))
    mails = said(runs)

    times = Counter(message["msgUID"] for mail in mails for message in mail)
    assert max(times.values()) == 2
    assert set(times) == {m["msgUID"] for run in runs for s in run.steps for m in s.messages}
    stamps = [m["msgTimestamp"] for mail in mails for m in mail]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", each) for each in stamps)
    assert max(stamps) < (datetime.now(UTC) - timedelta(seconds=10)).isoformat()
    first_run = [m["msgTimestamp"] for mail in mails for m in mail if m["simuid"] == runs[0].uid]
    assert first_run != sorted(first_run), "nothing was out of order"


def test_pages_have_something_to_show_before_the_past_is_told_in_full() -> None:
    runs = list(plan(40, 1))
    mails = said(runs)
    shown = [run for run in runs if run.steps[0].at < 0]

    opening = mails[: len(shown)]
    assert [mail[0]["msgCode"] for mail in opening] == ["0000"] * len(shown)
    assert sum(map(len, opening)) < 1200
