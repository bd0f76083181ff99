"""Facets: for each filter of the runs' list how many runs each of its values would leave."""

from __future__ import annotations

from typing import Any

from store_harness import SqliteHarness

from prodiguer.domain.simulation import Placing
from prodiguer.ports.queries import SIMULATION_FACETS, Queries, SimulationFilter
from support.monitoring import T0, at
from support.reading import a_run, save, uid


def counted(queries: Queries, facet: str, **which: Any) -> list[tuple[str | None, int]]:
    found = queries.facets(SimulationFilter(**which), T0)[facet]
    return [(entry["value"], entry["count"]) for entry in found]


def some(database: SqliteHarness) -> None:
    save(
        database.store,
        a_run(1, machine="curie", login="ann", state="complete"),
        a_run(2, machine="curie", login="bob", state="error"),
        a_run(3, machine="ada", login="ann", late_at=at(-1)),
        a_run(4, machine=None, login="ann", late_at=at(1)),
        a_run(5, machine="old", login="ann"),
        a_run(6, machine="gone", deleted_at=T0),
        placings=[Placing(uid(5), 1, 2, False, False)],
    )


def test_every_filter_has_its_facet_even_without_runs(queries: Queries) -> None:
    assert queries.facets(SimulationFilter(), T0) == {name: [] for name in SIMULATION_FACETS}


def test_values_are_counted_most_frequent_first(database: SqliteHarness, queries: Queries) -> None:
    some(database)

    assert counted(queries, "machine") == [("curie", 2), ("ada", 1), (None, 1)]
    assert counted(queries, "login") == [("ann", 3), ("bob", 1)]


def test_a_missing_value_has_a_label(database: SqliteHarness, queries: Queries) -> None:
    some(database)

    labels = {e["value"]: e["label"] for e in queries.facets(SimulationFilter(), T0)["machine"]}

    assert labels == {"curie": "curie", "ada": "ada", None: "(none)"}


def test_states_are_those_of_the_moment(database: SqliteHarness, queries: Queries) -> None:
    some(database)

    expected = [("complete", 1), ("error", 1), ("late", 1), ("running", 1)]
    assert counted(queries, "state") == expected


def test_a_facet_is_narrowed_by_the_other_filters_and_not_by_itself(
    database: SqliteHarness, queries: Queries
) -> None:
    some(database)
    words = {"machine": "curie"}

    assert counted(queries, "machine", words=words) == [("curie", 2), ("ada", 1), (None, 1)]
    assert counted(queries, "login", words=words) == [("ann", 1), ("bob", 1)]
    both = {"machine": "curie", "login": "ann"}
    assert counted(queries, "machine", words=both) == [("ada", 1), ("curie", 1), (None, 1)]
    assert counted(queries, "login", words=both) == [("ann", 1), ("bob", 1)]
    assert counted(queries, "state", words=both) == [("complete", 1)]


def test_facets_follow_all_filters_of_the_list(database: SqliteHarness, queries: Queries) -> None:
    some(database)
    save(database.store, a_run(7, name="special", machine="new", last_message_at=at(9)))

    assert counted(queries, "machine", q="spec*") == [("new", 1)]
    assert counted(queries, "machine", since=at(1)) == [("new", 1)]
    assert ("old", 1) in counted(queries, "machine", all_tries=True)
    assert counted(queries, "machine", words={"state": "late"}) == [("ada", 1)]


def test_values_may_hold_any_character(database: SqliteHarness, queries: Queries) -> None:
    odd = ['"', "\\", "a,b", "[]", "null", "é\u2028", "\x1f", "(none)"]
    save(database.store, *(a_run(n, space=text) for n, text in enumerate(odd, 1)))

    assert counted(queries, "space") == [(text, 1) for text in sorted(odd)]


def test_a_facet_gives_its_hundred_most_frequent_values(
    database: SqliteHarness, queries: Queries
) -> None:
    rare = [a_run(n, login=f"user{n:03}") for n in range(1, 151)]
    often = [a_run(n, login="zoe") for n in (201, 202)]
    save(database.store, *rare, *often)

    found = counted(queries, "login")

    assert found == [("zoe", 2), *((f"user{n:03}", 1) for n in range(1, 100))]


def test_values_that_are_too_long_to_be_asked_for_are_left_out(
    database: SqliteHarness, queries: Queries
) -> None:
    longest = "é" * 256
    runs = (a_run(1, login=longest), a_run(2, login=longest + "x"), a_run(3, login=None))
    save(database.store, *runs)

    assert counted(queries, "login") == [(longest, 1), (None, 1)]
    assert counted(queries, "login", words={"login": longest}) == [(longest, 1), (None, 1)]
    assert counted(queries, "state") == [("running", 3)]
