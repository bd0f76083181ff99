"""The sentences of the message manual about the state of a run, one by one."""

from __future__ import annotations

import pytest

from prodiguer.domain.world import RunState
from prodiguer_sim_mon import app
from support.memory import agreed
from support.monitoring import at, say

NOW = at(1000)


def run(*messages, now=NOW) -> RunState:
    return agreed(app, messages, now).simulations["run"]


def outcome(*messages, now=NOW) -> tuple[str, object]:
    state = run(*messages, now=now)
    return state.state, state.ended_at


def test_complete_if_a_compute_job_ended_by_0100_and_none_starts_after():
    assert outcome(say("0000", 0, job="a"), say("0100", 10, job="a")) == ("complete", at(10))


def test_not_complete_while_another_compute_job_starts_after_that_0100():
    again = (say("0000", 0, job="a"), say("0100", 10, job="a"), say("1000", 11, job="b"))

    assert outcome(*again) == ("running", None)
    assert outcome(*again, say("0100", 20, job="b")) == ("complete", at(20))


def test_a_compute_job_that_nobody_saw_start_does_not_reopen_a_complete_run():
    done = (say("0000", 0, job="a"), say("0100", 10, job="a"))

    assert outcome(*done, say("1001", 20, job="b")) == ("complete", at(10))


def test_a_post_processing_job_after_the_end_leaves_the_run_complete():
    done = (say("0000", 0, job="a"), say("0100", 10, job="a"))

    assert outcome(*done, say("2000", 20, job="p"), say("2999", 30, job="p")) == (
        "complete",
        at(10),
    )


def test_an_0100_of_a_post_processing_job_does_not_complete_the_run():
    assert outcome(say("1000", 0), say("2000", 1, job="p"), say("0100", 2, job="p")) == (
        "running",
        None,
    )


def test_a_job_whose_0100_is_stamped_before_its_own_start_completes_its_run():
    assert outcome(say("1000", 10), say("0100", 5)) == ("complete", at(5))


def test_a_job_that_ended_by_0100_is_not_resumed_by_itself_but_by_another():
    itself = (say("1000", 10, job="a"), say("0100", 5, job="a"), say("1001", 20, job="c"))

    assert outcome(*itself) == ("complete", at(5))
    assert outcome(*itself, say("1000", 7, job="b")) == ("running", None)


@pytest.mark.parametrize(
    ("last", "state", "ended"),
    [
        ([("1000", 20)], "running", None),
        ([("1000", 20), ("1999", 30)], "error", 30),
        ([("1000", 20), ("1100", 30)], "queued", None),
        ([("1001", 20)], "running", None),
        ([("1100", 20)], "queued", None),
    ],
)
def test_else_its_last_compute_job_decides(last, state, ended):
    messages = [say(code, seconds, job="b") for code, seconds in last]
    earlier = (say("0000", 0, job="a"), say("1999", 40, job="a"))

    assert outcome(*earlier, *messages) == (state, ended and at(ended))


def test_the_last_is_the_last_by_its_start_and_not_by_its_end():
    messages = (
        say("1000", 5, job="b"),
        say("1000", 0, job="a"),
        say("1100", 10, job="b"),
        say("1999", 90, job="a"),
    )

    assert outcome(*messages) == ("queued", None)


def test_late_as_the_job_that_decides():
    state = run(say("0000", 0, jobWarningDelay="600"))

    assert (state.state, state.late_at) == ("late", at(900))


def test_a_late_job_that_does_not_decide_leaves_the_run_as_it_is():
    late = say("0000", 0, job="a", jobWarningDelay="1")

    assert run(late, say("1000", 900, job="b", jobWarningDelay="3600")).state == "running"


def test_queued_if_that_job_ended_with_1100():
    assert outcome(say("0000", 0), say("1100", 10)) == ("queued", None)


@pytest.mark.parametrize("messages", [[say("2000", 5)], [say("0100", 5, job=None)]])
def test_with_no_compute_job_it_is_queued_and_flagged_incomplete(messages):
    state = run(*messages)

    assert (state.state, state.flags) == ("queued", ("incomplete",))


def test_without_a_0000_it_is_flagged_incomplete():
    assert run(say("1000")).flags == ("incomplete",)
    assert run(say("1000"), say("0000", 1)).flags == ()


def test_a_new_1000_after_a_1999_continues_the_run():
    died = (say("0000", 0, job="a"), say("1999", 10, job="a"))

    assert outcome(*died) == ("error", at(10))
    assert outcome(*died, say("1000", 20, job="b")) == ("running", None)


def test_started_at_is_the_time_of_the_0000_else_of_the_first_1000():
    later = (say("1000", 30, job="b"), say("1000", 20, job="a"))

    assert run(*later).started_at == at(20)
    assert run(*later, say("0000", 25)).started_at == at(25)
    assert run(say("1001", 5)).started_at is None


def test_its_fields_take_the_first_value_present_of_its_0000s():
    state = run(
        say("0000", 10, experiment="second", activity="cmip6"),
        say("0000", 5, experiment="", activity="null", startDate="18500101"),
        say("1000", 1, accountingProject="of a job"),
    )

    assert (state.experiment, state.activity, state.output_start, state.accounting_project) == (
        "second",
        "cmip6",
        "18500101",
        None,
    )


def test_the_revision_counts_the_distinct_messages_of_the_run():
    messages = [say("0000"), say("1001", 1), say("8888", 2), say("2000", 3, job="p")]

    assert run(*messages, *messages).revision == 4


def test_the_state_is_a_function_of_the_set_of_stored_messages():
    messages = [say("0000"), say("1100", 5), say("1000", 6, job="b"), say("1999", 7, job="b")]

    assert run(*reversed(messages)) == run(*messages, *messages)
