"""Awkward but legal messages: what the fold makes of them."""

from __future__ import annotations

import pytest

from prodiguer.domain.world import JobState, RunState
from prodiguer_sim_mon import app
from support.memory import Desk, agreed
from support.monitoring import at, say

NOW = at(1000)


def run(*messages, uid="run") -> RunState:
    return agreed(app, messages, NOW).simulations[uid]


def job(*messages, uid="job") -> JobState:
    return agreed(app, messages, NOW).jobs["run", uid]


def names(*said: str) -> dict[str, int]:
    """How many tries each run has where these are their names."""
    told = [say("0000", i, run=str(i), job=str(i), name=name) for i, name in enumerate(said)]
    return {uid: r.of for uid, r in agreed(app, told, NOW).simulations.items()}


@pytest.mark.bad_input("B061")
def test_a_run_that_is_to_end_before_it_starts_is_kept_and_flagged():
    state = run(say("0000", startDate="18510101", endDate="18500101"))

    assert (state.output_start, state.output_end) == ("18510101", "18500101")
    assert (state.flags, state.progress) == (("inconsistent",), 0.0)


@pytest.mark.bad_input("B061")
@pytest.mark.parametrize(("end", "arrived"), [(-5, None), (1_000_000_000, None)])
def test_a_job_of_negative_or_endless_duration_is_kept_and_flagged(end, arrived):
    state = job(say("1000", 0), say("1100", end, arrived=arrived))

    assert (state.state, state.ended_at) == ("complete", at(end))
    assert state.flags == ("inconsistent",)


@pytest.mark.bad_input("B061")
def test_a_job_that_starts_in_2099_starts_when_its_message_arrives_and_is_flagged():
    state = job(say("1000", 73 * 365 * 86_400, arrived=7))

    assert (state.started_at, state.state, state.flags) == (at(7), "running", ("inconsistent",))


@pytest.mark.bad_input("B061")
def test_a_model_may_run_from_2099_on():
    state = run(say("0000", startDate="20990101", endDate="21000101"))

    assert (state.output_start, state.flags) == ("20990101", ())


@pytest.mark.bad_input("B062")
@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("18500106", "18500102", 0.1),  # swapped: PeriodDateEnd alone counts
        ("18500101", "1850-01-00", 0.0),
        ("1850-01-00", "18500106", 0.5),
        ("18500101", "200000101", 1.0),
        ("-00500101", "-00491231", 0.0),
    ],
)
def test_odd_periods_are_kept_and_placed_in_the_models_time(begin, end, expected):
    state = run(
        say("0000", startDate="18500101", endDate="18500111"),
        say("1001", 1, uid="p", PeriodDateBegin=begin, PeriodDateEnd=end),
    )

    assert state.progress == pytest.approx(expected)
    assert state.periods == ("p",)


@pytest.mark.bad_input("B062")
def test_a_30th_of_february_is_a_day_of_360_day_years():
    state = run(
        say("0000", startDate="20000101", endDate="20010101"),
        say("1001", 1, PeriodDateBegin="20000201", PeriodDateEnd="2000-02-30"),
    )

    assert state.progress == 59 / 360


@pytest.mark.bad_input("B064")
def test_names_that_only_look_alike_are_other_runs():
    said = ["a", "A", " a", "a ", "x" * 255, "x" * 256, "x" * 10_000, "   ", "ß", "ss", "SS"]
    said += ["i", "I", "İ", "\u0131", "a/b", ".", "..", "-rf", "é", "e\u0301"]

    assert set(names(*said).values()) == {1}


@pytest.mark.bad_input("B064")
def test_a_name_is_kept_as_it_is():
    assert run(say("0000", name=" ../-Ä ")).name == " ../-Ä "


@pytest.mark.bad_input("B065")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"centre": "ab", "login": "c"}, {"centre": "a", "login": "bc"}),
        ({"centre": "a;1:b", "login": "c"}, {"centre": "a", "login": "1:b;c"}),
        ({"experiment": "-", "space": "s"}, {"experiment": "", "space": "s"}),
        ({"model": "m,s", "space": "x"}, {"model": "m", "space": "s,x"}),
        ({"model": "a\0b", "space": "c"}, {"model": "a", "space": "b\0c"}),
    ],
)
def test_identities_whose_parts_run_together_are_other_runs(one, other):
    told = [say("0000", 0, run="a", **one), say("0000", 1, run="b", **other)]

    assert [r.of for r in agreed(app, told, NOW).simulations.values()] == [1, 1]


@pytest.mark.bad_input("B068")
def test_a_job_of_a_run_that_was_never_announced_makes_an_incomplete_run():
    state = run(say("1000", 5))

    assert (state.state, state.name, state.flags) == ("running", None, ("incomplete",))
    assert (state.number, state.of, state.active) == (1, 1, True)


@pytest.mark.bad_input("B068")
def test_of_two_0000s_with_different_fields_the_first_present_of_each_counts():
    state = run(say("0000", 2, name="later", activity="a"), say("0000", 1, name="earlier"))

    assert (state.name, state.activity, state.started_at) == ("earlier", "a", at(1))


@pytest.mark.bad_input("B068")
def test_a_run_that_is_deleted_before_it_is_announced_stays_hidden():
    assert run(say("8888", 1), say("0000", 2)).hidden


@pytest.mark.bad_input("B069")
def test_a_job_id_that_comes_again_in_another_run_is_another_job():
    year = 365 * 86_400
    world = agreed(
        app,
        [
            say("0000", 0, run="old"),
            say("0100", 9, run="old"),
            say("0000", year, run="new", name="new"),
        ],
        at(year + 1),
    )

    assert {run: state.state for (run, _), state in world.jobs.items()} == {
        "old": "complete",
        "new": "running",
    }


@pytest.mark.bad_input("B070")
@pytest.mark.parametrize("delay", ["0", "-1", "1000000000000", "1000000001", "an hour", "1e3", 0])
def test_a_delay_that_cannot_be_meant_is_the_default_with_a_flag(delay):
    state = job(say("1000", 0, jobWarningDelay=delay))

    assert (state.warning_delay, state.late_at) == (86_400, at(86_700))
    assert state.flags == ("delay-default",)


@pytest.mark.bad_input("B070")
@pytest.mark.parametrize("absent", ["", "null", None])
def test_a_delay_that_is_missing_is_the_default_without_a_flag(absent):
    state = job(say("1000", 0, jobWarningDelay=absent))

    assert (state.warning_delay, state.flags) == (86_400, ())


@pytest.mark.bad_input("B070")
@pytest.mark.parametrize(
    ("delay", "seconds"), [("1", 1), ("1000000000", 10**9), ("0600", 600), (600, 600), (60.0, 60)]
)
def test_a_delay_that_can_be_meant_is_taken(delay, seconds):
    state = job(say("1000", 0, jobWarningDelay=delay))

    assert (state.warning_delay, state.flags) == (seconds, ())


@pytest.mark.bad_input("B078")
def test_ten_thousand_messages_of_one_content_and_other_ids_change_nothing_but_the_count():
    messages = [say("1000", 5, uid=str(number)) for number in range(10_000)]

    desk = Desk(app)
    for begin in range(0, len(messages), 500):
        desk.handle(messages[begin : begin + 500], NOW)
    world = desk.world(NOW)

    assert len(world.jobs) == 1
    assert world.jobs["run", "job"].started_at == at(5)
    assert world.simulations["run"].revision == 10_000
