"""The laws of the fold, under invented stories: order, repeats and batches cannot matter."""

from __future__ import annotations

from functools import reduce
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prodiguer.domain import job_facts, progress, simulation_facts
from prodiguer.domain.fold import fold
from prodiguer.domain.message import Message
from prodiguer.domain.world import World
from prodiguer_sim_mon import app
from support.memory import Desk
from support.monitoring import at, say
from support.stories import CODES, DATES, RUNS, deliveries, stories

NOWS = st.sampled_from([at(0), at(500), at(86_700), at(86_701), at(200_000), at(3_000_000_000)])


def _live(batches: list[list[Message]], now) -> World:
    desk = Desk(app)
    for batch in batches:
        desk.handle(batch, now)
    return desk.world(now)


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=60, deadline=None)
@given(data=st.data(), now=NOWS)
def test_messages_of_one_code_give_one_state_in_any_order_and_batches(code, data, now):
    story = data.draw(stories([code], most=6))
    batches = data.draw(deliveries(story))

    assert _live(batches, now) == fold(story, now)


@settings(max_examples=800, deadline=None)
@given(data=st.data(), now=NOWS)
def test_messages_of_all_codes_give_one_state_in_any_order_and_batches(data, now):
    story = data.draw(stories())
    batches = data.draw(deliveries(story))

    assert _live(batches, now) == fold(story, now)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), now=NOWS)
def test_the_definition_itself_does_not_look_at_the_order_or_at_repeats(data, now):
    story = data.draw(stories())
    heard = [message for batch in data.draw(deliveries(story)) for message in batch]

    assert fold(heard, now) == fold(story, now)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_joining_facts_is_commutative_associative_and_idempotent(data):
    story = data.draw(stories(most=8))
    for of, join, key in (
        (simulation_facts.of, simulation_facts.join, lambda facts: facts.uid),
        (job_facts.of, job_facts.join, lambda facts: (facts.simulation_uid, facts.uid)),
    ):
        said = sorted(filter(None, map(of, story)), key=key)
        for _, group in groupby(said, key):
            facts = list(group)
            once = reduce(join, facts)
            shuffled = data.draw(st.permutations(facts))
            cut = data.draw(st.integers(1, len(facts)))
            halves = [reduce(join, part) for part in (shuffled[:cut], shuffled[cut:]) if part]
            assert reduce(join, halves) == once
            assert join(once, once) == once
            assert all(join(one, once) == once == join(once, one) for one in facts)


@settings(max_examples=400, deadline=None)
@given(data=st.data(), now=NOWS)
def test_every_prefix_of_every_story_is_a_legal_state(data, now):
    story = data.draw(stories())
    for length in range(len(story) + 1):
        _check_legal(fold(story[:length], now))


def _check_legal(world: World) -> None:
    for job in world.jobs.values():
        assert job.state in {"running", "late", "complete", "error"}
        assert (job.ended_at is not None) == (job.state in {"complete", "error"})
        assert job.state != "late" or (job.started_at and job.late_at)
        assert job.late_at is None or job.ended_at is None
        assert 1 <= job.warning_delay <= 1_000_000_000
        assert job.simulation_uid in world.simulations
    for run in world.simulations.values():
        assert run.state in {"queued", "running", "late", "complete", "error"}
        assert (run.ended_at is not None) == (run.state in {"complete", "error"})
        assert run.late_at is None or run.state in {"running", "late"}
        assert 0 <= run.progress <= 1
        assert run.progress == 1 or run.state != "complete"
        assert 1 <= run.number <= run.of <= len(RUNS)
        assert not (run.active and run.hidden)
        assert run.revision >= 1
        assert run.started_at is None or run.started_at <= run.last_message_at


@settings(max_examples=600, deadline=None)
@given(data=st.data(), begin=DATES, end=DATES)
def test_adding_a_period_never_lowers_the_progress(data, begin, end):
    story = data.draw(stories(["0000", "1001"]))
    facts = [f for f in map(simulation_facts.of, story) if f.uid == RUNS[0]]
    if not facts:
        return
    reached = reduce(simulation_facts.join, facts)
    period = simulation_facts.of(_period(begin, end))

    assert progress.progress(simulation_facts.join(reached, period)) >= progress.progress(reached)


def _period(begin: str, end: str) -> Message:
    return say("1001", 5, run=RUNS[0], PeriodDateBegin=begin, PeriodDateEnd=end, CumulPeriod="1")


@settings(max_examples=200, deadline=None)
@given(data=st.data(), now=NOWS)
def test_only_lateness_depends_on_when_it_is_read(data, now):
    story = data.draw(stories())
    early, late = fold(story, at(0)), fold(story, now)

    for before, after in zip(early.jobs.values(), late.jobs.values(), strict=True):
        assert before == after or {before.state, after.state} == {"running", "late"}
    for before, after in zip(early.simulations.values(), late.simulations.values(), strict=True):
        assert before == after or {before.state, after.state} == {"running", "late"}
