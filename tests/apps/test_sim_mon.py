"""sim-mon at work: what it tells readers, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from prodiguer.domain.fold import fold
from prodiguer.runner import queue_of
from prodiguer_sim_mon import app
from support.memory import Desk
from support.monitoring import BY_CODE, at, say

NOW = at(1000)


@pytest.fixture
def desk() -> Desk:
    return Desk(app)


def test_it_listens_to_every_monitoring_type_of_its_own_mode():
    bindings = queue_of(app, "test").bindings
    assert {one.pattern for one in bindings} == {f"test.*.*.monitoring.{code}" for code in BY_CODE}


def test_its_tables_are_functions_of_the_archive():
    assert app.projection


def test_a_batch_tells_each_changed_object_once(desk):
    told = desk.handle(
        [say("0000"), say("1001", 1, uid="p1"), say("1001", 2, uid="p2"), say("1100", 3)], NOW
    )

    assert told == [("period", "p1"), ("period", "p2"), ("job", "job"), ("simulation", "run")]


def test_a_message_that_changes_nothing_of_its_job_tells_of_the_run_alone(desk):
    desk.handle([say("1000", 1), say("1100", 9)], NOW)

    assert desk.handle([say("1100", 5)], NOW) == [("simulation", "run")]


def test_a_failed_command_tells_of_its_job_though_its_state_stays(desk):
    desk.handle([say("1000", 1), say("1100", 9)], NOW)

    assert desk.handle([say("1900", 5, command="cp")], NOW) == [
        ("job", "job"),
        ("simulation", "run"),
    ]


def test_a_repeated_message_tells_nothing(desk):
    desk.handle([say("1000", 1)], NOW)

    assert desk.handle([say("1000", 1)], NOW) == []


def test_a_new_try_tells_of_the_one_that_it_makes_obsolete(desk):
    desk.handle([say("0000", 1, run="a", job="j1"), say("0000", 1, run="x", name="other")], NOW)

    told = desk.handle([say("0000", 2, run="b", job="j2")], NOW)

    assert told == [("job", "j2"), ("simulation", "a"), ("simulation", "b")]


def test_a_deletion_tells_of_the_tries_that_it_hides(desk):
    desk.handle([say("0000", 1, run="a"), say("0000", 2, run="b"), say("0000", 9, run="c")], NOW)

    assert desk.handle([say("8888", 5, run="b")], NOW) == [
        ("simulation", "a"),
        ("simulation", "b"),
    ]


def test_a_0000_that_comes_late_gives_its_delay_to_the_jobs_that_wait_for_it(desk):
    desk.handle([say("1000", 10, job="second"), say("1000", 20, job="third")], NOW)

    told = desk.handle([say("0000", 0, job="first", jobWarningDelay="600")], NOW)

    assert ("job", "second") in told
    assert ("job", "third") in told
    assert desk.world(NOW).jobs["run", "second"].late_at == at(910)
    assert desk.world(NOW).simulations["run"].late_at == at(920)


def test_what_a_waiting_job_says_itself_is_not_lost_when_its_delay_comes(desk):
    desk.handle([say("1000", 10, job="second")], NOW)

    batch = [say("0000", 0, job="first", jobWarningDelay="600"), say("1999", 20, job="second")]
    desk.handle(batch, NOW)

    job = desk.world(NOW).jobs["run", "second"]
    assert (job.state, job.ended_at, job.warning_delay) == ("error", at(20), 600)


def test_a_late_job_and_its_run_are_told_once(desk):
    desk.handle([say("1000", 0, jobWarningDelay="600")], at(1))

    assert desk.tick(at(900)) == []
    overdue = at(900) + timedelta(microseconds=1)
    assert desk.tick(overdue) == [("job", "job"), ("simulation", "run")]
    assert desk.tick(NOW) == []


def test_a_job_that_ended_in_time_is_never_told_late(desk):
    desk.handle([say("1000", 0, jobWarningDelay="600"), say("1100", 500)], at(1))

    assert desk.tick(NOW) == []


def test_obsolete_tries_raise_no_late_event(desk):
    first = say("0000", 0, run="a", jobWarningDelay="1")
    desk.handle([first, say("0000", 1, run="b", job="other", jobWarningDelay="99999")], at(1))

    assert desk.tick(NOW) == []
    assert desk.world(NOW).simulations["a"].state == "late"


def test_a_run_that_is_late_again_after_its_deadline_moved_is_told_again(desk):
    desk.handle([say("1000", 50)], at(60))
    assert desk.tick(at(90_000)) == [("job", "job"), ("simulation", "run")]

    desk.handle([say("0000", 0, job="first", jobWarningDelay="600")], at(90_001))

    assert ("job", "job") in desk.tick(at(90_002))


def test_a_batch_of_many_runs_is_the_same_as_its_messages_one_by_one(desk):
    batch = [
        message
        for number in range(60)
        for message in (
            say("0000", number, run=f"run-{number}", job=f"{number}-a", name=f"n{number % 7}"),
            say("1001", number + 1, run=f"run-{number}", job=f"{number}-a", PeriodDateEnd="x"),
            say("1100", number + 2, run=f"run-{number}", job=f"{number}-a"),
            say("1000", number + 3, run=f"run-{number}", job=f"{number}-b"),
        )
    ]
    desk.handle(batch, NOW)

    assert desk.world(NOW) == fold(batch, NOW)
