"""The sentences of the message manual about time and jobs, one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from prodiguer.domain.world import JobState, World
from prodiguer_sim_mon import app
from support.memory import agreed
from support.monitoring import at, say

NOW = at(1000)


def told(*messages, now=NOW) -> World:
    return agreed(app, messages, now)


def job(*messages, now=NOW, uid="job") -> JobState:
    return told(*messages, now=now).jobs["run", uid]


def test_a_messages_time_is_its_timestamp():
    assert job(say("1000", 10, arrived=5_000)).started_at == at(10)


def test_if_it_is_more_than_an_hour_after_its_arrival_the_arrival_counts():
    assert job(say("1000", 4_000, arrived=400)).started_at == at(4_000)
    ahead = job(say("1000", 4_001, arrived=400))
    assert ahead.started_at == at(400)
    assert ahead.flags == ("inconsistent",)


def test_the_order_of_messages_is_time_then_message_id():
    first = say("1000", 10, uid="b", jobSchedulerID="b")
    second = say("1000", 10, uid="a", jobSchedulerID="a")

    assert job(first, second).scheduler_id == "a"


def test_descriptive_fields_take_the_first_value_present_in_that_order():
    state = job(
        say("1000", 30, jobSchedulerID="late", accountingProject="third"),
        say("1000", 20, jobSchedulerID="second", accountingProject="null"),
        say("1000", 10, jobSchedulerID="", accountingProject=""),
    )

    assert (state.scheduler_id, state.accounting_project) == ("second", "third")


def test_a_requeued_job_has_a_new_jobuid():
    world = told(say("1000", 1, job="first"), say("1999", 2, job="first"), say("1000", 3, job="b"))

    assert {uid: state.state for (_, uid), state in world.jobs.items()} == {
        "first": "error",
        "b": "running",
    }


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("0000", "compute"),
        ("1000", "compute"),
        ("2000", "post_processing"),
        ("3000", "checker"),
    ],
)
def test_it_starts_with_a_start_of_its_family(code, kind):
    state = job(say(code, 10))

    assert (state.kind, state.state, state.started_at) == (kind, "running", at(10))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("0100", "compute"),
        ("1001", "compute"),
        ("1100", "compute"),
        ("1900", "compute"),
        ("1999", "compute"),
        ("2100", "post_processing"),
        ("2900", "post_processing"),
        ("2999", "post_processing"),
        ("3100", "checker"),
        ("3900", "checker"),
        ("3999", "checker"),
    ],
)
def test_without_a_start_its_kind_comes_from_the_family_and_started_at_is_null(code, kind):
    state = job(say(code, 10))

    assert (state.kind, state.started_at) == (kind, None)


def test_a_start_decides_the_kind_over_an_earlier_message_of_another_family():
    assert job(say("2900", 1), say("1000", 2)).kind == "compute"


def test_without_a_start_its_earliest_message_is_its_anchor():
    run = told(
        say("1001", 10, job="anchored-first"),
        say("1100", 50, job="anchored-first"),
        say("1001", 20, job="anchored-last"),
    ).simulations["run"]

    assert run.state == "running"


@pytest.mark.parametrize("start", [11, 86_411])
def test_any_end_beats_any_start_whatever_their_times(start):
    state = job(say("1100", 10), say("1000", start, arrived=start), now=at(500_000))

    assert (state.state, state.started_at, state.ended_at) == ("complete", at(start), at(10))
    assert state.late_at is None


@pytest.mark.parametrize("ordinary", ["1100", "2100", "3100"])
@pytest.mark.parametrize("decisive", ["0100", "1999", "2999", "3999"])
@pytest.mark.parametrize("seconds", [1, 9])
def test_an_ordinary_end_counts_only_where_there_is_no_other(ordinary, decisive, seconds):
    state = job(say("1000", 0), say(decisive, 5), say(ordinary, seconds))

    assert state.state == ("complete" if decisive == "0100" else "error")
    assert state.ended_at == at(5)


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        (("0100", "1999"), "error"),
        (("1999", "0100"), "complete"),
        (("2999", "3999"), "error"),
        (("1999", "0100", "3999"), "error"),
    ],
)
def test_among_the_decisive_ends_the_last_wins_and_the_conflict_is_flagged(codes, state):
    ends = [say(code, 10 + i) for i, code in enumerate(codes)]
    ended = job(say("1000", 0), *reversed(ends))

    assert (ended.state, ended.ended_at) == (state, at(9 + len(codes)))
    assert ended.flags == ("end-conflict",)


def test_two_equal_ends_are_no_conflict():
    ended = job(say("1000", 0), say("0100", 10), say("0100", 20))

    assert (ended.ended_at, ended.flags) == (at(20), ())


def test_the_last_ordinary_end_wins_among_its_like():
    assert job(say("1000"), say("1100", 9), say("1100", 7)).ended_at == at(9)


def test_libigcm_writes_0100_and_then_1100_for_the_same_job_and_both_are_complete():
    world = told(say("0000", 0), say("0100", 10), say("1100", 10.4))

    assert world.jobs["run", "job"].state == "complete"
    assert world.simulations["run"].state == "complete"
    assert world.simulations["run"].ended_at == at(10)


@pytest.mark.parametrize("code", ["1999", "2999", "3999"])
def test_error_when_the_winning_end_is_fatal(code):
    assert job(say("1000"), say(code, 5)).state == "error"


@pytest.mark.parametrize("code", ["0100", "1100", "2100", "3100"])
def test_complete_when_the_winning_end_is_a_good_one(code):
    assert job(say("1000"), say(code, 5)).state == "complete"


def test_late_when_started_without_end_and_now_is_past_delay_and_grace():
    start = say("1000", 0, jobWarningDelay="600")

    assert job(start, now=at(900)).state == "running"
    assert job(start, now=at(900) + timedelta(microseconds=1)).state == "late"
    assert job(start).late_at == at(900)


@pytest.mark.parametrize("delay", ["", "0", "null"])
def test_the_default_delay_is_a_day_also_for_empty_zero_and_null(delay):
    assert job(say("2000", 0, jobWarningDelay=delay)).late_at == at(86_700)


def test_a_later_end_clears_the_lateness():
    late = [say("1000", 0, jobWarningDelay="1")]

    assert job(*late).state == "late"
    assert job(*late, say("1100", 950)).state == "complete"


@pytest.mark.parametrize("code", ["1000", "1001", "1900", "2900", "3900"])
def test_running_is_anything_else_that_shows_life(code):
    assert job(say(code)).state == "running"


def test_a_job_that_nobody_saw_start_is_never_late():
    assert job(say("1001"), now=at(10**9)).state == "running"


def test_a_failed_command_is_counted_and_the_job_goes_on():
    state = job(say("1000"), say("1900", 1, command="cp"), say("1900", 2, command="cp"))

    assert (state.state, state.failed_commands) == ("running", 2)


def test_a_1000_without_a_delay_takes_that_of_its_runs_0000():
    later = say("1000", 50, job="next")
    announced = say("0000", 0, jobWarningDelay="600")

    assert job(announced, later, uid="next").warning_delay == 600
    assert job(later, announced, uid="next").late_at == at(950)


def test_of_several_0000s_the_first_valid_delay_is_inherited():
    state = job(
        say("0000", 0, jobWarningDelay="0"),
        say("0000", 1, jobWarningDelay="700"),
        say("0000", 2, jobWarningDelay="800"),
        say("1000", 50, job="next"),
        uid="next",
    )

    assert (state.warning_delay, state.flags) == (700, ())


@pytest.mark.parametrize("code", ["2000", "3000"])
def test_only_a_1000_inherits_the_delay(code):
    state = job(say("0000", 0, jobWarningDelay="600"), say(code, 5, job="post"), uid="post")

    assert state.warning_delay == 86_400


def test_a_post_processing_job_says_what_it_works_on():
    state = job(
        say(
            "2000",
            postProcessingName="create_ts",
            postProcessingDate="18991231",
            postProcessingDimn="2D",
            postProcessingComp="ATM",
            postProcessingFile="histmth",
        )
    )

    assert (
        state.post_processing_name,
        state.post_processing_date,
        state.post_processing_dimension,
        state.post_processing_component,
        state.post_processing_file,
    ) == ("create_ts", "18991231", "2D", "ATM", "histmth")


def test_a_message_without_a_job_moves_its_run_alone():
    world = told(say("1000", 1, job=None))

    assert world.jobs == {}
    assert world.simulations["run"].started_at == at(1)


def test_shell_traces_of_2014_share_codes_with_jobs_and_move_nothing():
    from dataclasses import replace

    trace = replace(say("2000"), app="legacy", dialect="2014")

    assert told(trace) == World({}, {})
