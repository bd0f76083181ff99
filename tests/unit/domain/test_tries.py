"""The sentences of the message manual about tries and deletion, one by one."""

from __future__ import annotations

import pytest

from prodiguer.domain.identity import WORDS, identity
from prodiguer.domain.job import Told
from prodiguer_sim_mon import app
from support.memory import agreed
from support.monitoring import at, say


def placed(*messages) -> dict[str, tuple[int, int, bool, bool]]:
    """Run → number, of, active, hidden."""
    runs = agreed(app, messages, at(10_000)).simulations
    return {uid: (r.number, r.of, r.active, r.hidden) for uid, r in runs.items()}


def test_simulations_of_one_identity_are_tries_by_time_of_the_0000_then_simuid():
    assert placed(
        say("0000", 20, run="b"), say("0000", 10, run="c"), say("0000", 20, run="a", uid="z")
    ) == {
        "c": (1, 3, False, False),
        "a": (2, 3, False, False),
        "b": (3, 3, True, False),
    }


def test_identity_comes_from_the_0000_alone():
    assert placed(
        say("0000", 0, run="a"),
        say("0000", 10, run="b"),
        say("1000", 11, run="b", accountingProject="other"),
    )["b"] == (2, 2, True, False)


@pytest.mark.parametrize("field", WORDS)
def test_each_word_of_the_identity_tells_runs_apart(field):
    assert placed(say("0000", 0, run="a"), say("0000", 10, run="b", **{field: "other"})) == {
        "a": (1, 1, True, False),
        "b": (1, 1, True, False),
    }


@pytest.mark.parametrize("field", ["startDate", "activity", "archivePath", "jobSchedulerID"])
def test_other_fields_do_not_tell_runs_apart(field):
    assert placed(say("0000", 0, run="a"), say("0000", 10, run="b", **{field: "other"}))["b"] == (
        2,
        2,
        True,
        False,
    )


@pytest.mark.parametrize("absent", ["", "null", None])
def test_null_is_equal_to_null(absent):
    assert placed(
        say("0000", 0, run="a"),
        say("0000", 10, run="b", experiment=absent, accountingProject=absent),
    )["b"] == (2, 2, True, False)


def test_the_name_is_exact():
    assert placed(say("0000", 0, run="a", name="CO2"), say("0000", 9, run="b", name="co2")) == {
        "a": (1, 1, True, False),
        "b": (1, 1, True, False),
    }


def test_the_other_words_count_by_their_canonical_value_and_the_name_does_not():
    def lower(_field: str, value: str) -> str:
        return value.lower()

    def words(**said: str) -> dict[str, Told]:
        return {field: Told(at(0), "m", value) for field, value in said.items()}

    plain = words(name="CO2", machine="curie")
    assert identity(words(name="CO2", machine="Curie"), lower) == identity(plain, lower)
    assert identity(words(name="co2", machine="curie"), lower) != identity(plain, lower)
    assert identity(words(name="CO2", machine="Curie")) != identity(plain)


def test_without_a_0000_it_is_try_1_of_1_and_active():
    assert placed(say("1000", run="a"), say("1000", run="b")) == {
        "a": (1, 1, True, False),
        "b": (1, 1, True, False),
    }


def test_an_earlier_0000_with_another_name_moves_the_run_to_another_identity():
    assert placed(
        say("0000", 5, run="a"), say("0000", 9, run="b"), say("0000", 7, run="b", name="other")
    ) == {"a": (1, 1, True, False), "b": (1, 1, True, False)}


def test_deletion_hides_that_simulation_for_ever():
    assert placed(say("8888", 5, run="a"), say("0000", 9, run="a"))["a"] == (1, 1, False, True)
    assert placed(say("8888", 5, run="a"), say("1000", 9, run="a"))["a"] == (1, 1, False, True)


def test_deletion_hides_every_try_that_started_at_or_before_it_and_later_ones_are_numbered_on():
    assert placed(
        say("0000", 1, run="a"),
        say("0000", 2, run="b"),
        say("8888", 3, run="a"),
        say("0000", 3, run="c"),
        say("0000", 4, run="d"),
    ) == {
        "a": (1, 4, False, True),
        "b": (2, 4, False, True),
        "c": (3, 4, False, True),
        "d": (4, 4, True, False),
    }


def test_a_deletion_of_a_later_run_at_an_earlier_time_hides_it_all_the_same():
    assert placed(say("0000", 1, run="a"), say("0000", 9, run="b"), say("8888", 5, run="b")) == {
        "a": (1, 2, False, True),
        "b": (2, 2, False, True),
    }


def test_the_last_of_several_deletions_counts():
    assert placed(
        say("8888", 1, run="a"),
        say("8888", 5, run="a"),
        say("0000", 0, run="a"),
        say("0000", 4, run="b"),
    )["b"] == (2, 2, False, True)


def test_a_deleted_run_does_not_hide_runs_of_other_identities():
    assert placed(
        say("0000", 1, run="a"), say("8888", 9, run="a"), say("0000", 2, run="b", name="other")
    )["b"] == (1, 1, True, False)
