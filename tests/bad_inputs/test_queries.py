"""What readers may type into filters, sorts and cursors."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prodiguer.errors import Refused
from prodiguer.ports.queries import (
    SIMULATION_FACETS,
    DeadLetterFilter,
    JobFilter,
    MessageFilter,
    Paging,
    SimulationFilter,
    TransferFilter,
)
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.queries import SqlQueries, open_queries
from prodiguer.storage.store import open_store
from support.monitoring import T0
from support.reading import a_run, save

NASTY = [
    "'; DROP TABLE simulations; --",
    "' OR '1'='1",
    "%s",
    "%(x)s",
    ":name",
    "?1",
    "\\",
    "_",
    "%",
    '"',
    "{}",
    "\u202e",
    "",
]


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlQueries]:
    """Two runs: one whose every word is ``a``, and one of each nasty text; no test writes."""
    url = f"sqlite:///{_directory(tmp_path_factory) / 'prodiguer.db'}"
    upgrade(url)
    store = open_store(url)
    plain = dict.fromkeys(("name", *SIMULATION_FACETS), "a") | {"state": "queued"}
    save(store, a_run(1, **plain))
    for number, text in enumerate(NASTY, 2):
        words = dict.fromkeys(("name", *SIMULATION_FACETS), text) | {"state": "complete"}
        save(store, a_run(number, **words))
    store.close()
    reader = open_queries(url)
    yield reader
    reader.close()


def _directory(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("queries")


def names(queries: SqlQueries, **which: Any) -> list[str | None]:
    items = queries.simulations(SimulationFilter(**which), Paging(), T0).items
    return [item["name"] for item in items]


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("word", [word for word in SIMULATION_FACETS if word != "state"])
def test_a_nasty_word_finds_itself_and_nothing_else(
    word: str, text: str, queries: SqlQueries
) -> None:
    assert names(queries, words={word: text}) == [text]


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_state_finds_nothing(text: str, queries: SqlQueries) -> None:
    assert names(queries, words={"state": text}) == []
    assert queries.jobs(JobFilter(state=text), Paging(), T0).total == 0


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("text", [text for text in NASTY if text])
def test_a_nasty_text_finds_the_names_that_contain_it(text: str, queries: SqlQueries) -> None:
    expected = {name for name in NASTY if text in name}

    assert set(names(queries, q=text)) == expected
    assert set(names(queries, q=f"*{text}*")) == expected


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize("text", [*NASTY, "x" * 100_000])
def test_every_other_filter_takes_any_text_as_text(text: str, queries: SqlQueries) -> None:
    page, nothing = Paging(), ([], None, 0)
    answers = [
        queries.jobs(JobFilter(simulation=text, kind=text), page, T0),
        queries.messages(MessageFilter(code=text, producer=text), page),
        queries.messages(MessageFilter(simulation=text, job=text, mail=text), page),
        queries.dead_letters(DeadLetterFilter(reason=text, stage=text, app=text), page),
        queries.transfers(TransferFilter(simulation=text, job=text, action=text), page),
        queries.periods(text, page),
        queries.timeline(text, page),
    ]

    assert [(list(a.items), a.next, a.total) for a in answers] == [nothing] * len(answers)
    assert queries.simulation(text, T0) is None
    assert queries.job(text, T0) is None
    assert (queries.message(text), queries.mail(text), queries.dead_letter(text)) == (None,) * 3
    assert queries.known_messages([text]) == set()


@pytest.mark.bad_input("B051")
@pytest.mark.parametrize(("text", "code"), [("a\0b", "nul"), ("\ud800", "encoding")])
def test_text_that_no_database_can_keep_is_refused(
    text: str, code: str, queries: SqlQueries
) -> None:
    for which in (SimulationFilter(q=text), SimulationFilter(words={"machine": text})):
        with pytest.raises(Refused) as refused:
            queries.simulations(which, Paging(), T0)
        assert refused.value.code == code


@pytest.mark.bad_input("B112")
@pytest.mark.parametrize(
    "sort", ["password", "", "-", "--name", "name,uid", "name desc", "Name", " name", "1", "*"]
)
def test_an_unknown_sort_is_refused_by_name(sort: str, queries: SqlQueries) -> None:
    for ask in (
        lambda: queries.simulations(SimulationFilter(sort=sort), Paging(), T0),
        lambda: queries.jobs(JobFilter(sort=sort), Paging(), T0),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.code == "sort"
        assert "started_at" in refused.value.detail


@pytest.mark.bad_input("B112")
@pytest.mark.parametrize("limit", [0, -1, 1_001, 10**9, 2**63, -(2**70)])
def test_a_limit_out_of_bounds_is_refused_by_name(limit: int, queries: SqlQueries) -> None:
    for ask in (
        lambda: queries.simulations(SimulationFilter(), Paging(limit=limit), T0),
        lambda: queries.mails(Paging(limit=limit)),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert (refused.value.code, "1,000" in refused.value.detail) == ("limit", True)


def _cursor(queries: SqlQueries) -> str:
    return queries.simulations(SimulationFilter(), Paging(limit=1), T0).next or ""


def _changed(cursor: str, **fields: Any) -> str:
    data = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))) | fields
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def _refuses_cursor(queries: SqlQueries, cursor: str) -> bool:
    with pytest.raises(Refused) as refused:
        queries.simulations(SimulationFilter(), Paging(limit=1, cursor=cursor), T0)
    return refused.value.code == "cursor" and "start without" in refused.value.detail


@pytest.mark.bad_input("B112")
def test_a_cursor_with_any_character_changed_is_refused(queries: SqlQueries) -> None:
    cursor = _cursor(queries)

    for place in range(len(cursor) - 1):
        other = "A" if cursor[place] != "A" else "B"
        assert _refuses_cursor(queries, cursor[:place] + other + cursor[place + 1 :])


@pytest.mark.bad_input("B112")
@pytest.mark.parametrize(
    "change",
    [
        {"s": 1},
        {"s": 2},
        {"s": -1},
        {"s": True},
        {"s": "0"},
        {"s": None},
        {"v": []},
        {"v": [1, "x", 2]},
        {"v": ["x", 1]},
        {"v": [None, None]},
        {"v": [2**64, "x"]},
        {"v": [[[[]]], {}]},
        {"v": None},
        {"n": 0},
        {"n": "now"},
        {"n": 2**70},
        {"h": ""},
        {"h": None},
    ],
)
def test_a_cursor_with_a_changed_field_is_refused(
    change: dict[str, Any], queries: SqlQueries
) -> None:
    assert _refuses_cursor(queries, _changed(_cursor(queries), **change))


@pytest.mark.bad_input("B112")
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "====",
        "é",
        "\ud800",
        "\0",
        "null",
        "W10",
        "e30",
        "bnVsbA",
        "MQ",
        "-" * 100_000,
        "A" * 2_000_000,
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b'{"s": ' + b"9" * 10_000 + b"}").decode(),
        base64.urlsafe_b64encode(b'{"s": NaN, "v": [], "n": Infinity, "h": ""}').decode(),
        "' OR 1=1 --",
    ],
)
def test_a_text_that_is_no_cursor_is_refused(cursor: str, queries: SqlQueries) -> None:
    assert _refuses_cursor(queries, cursor)


@pytest.mark.bad_input("B114")
@pytest.mark.parametrize("text", ["*" * 10_000, "x" * 201, "(" * 1_000 + ")" * 1_000])
def test_a_glob_that_is_too_long_is_refused(text: str, queries: SqlQueries) -> None:
    for ask in (queries.facets, lambda w, now: queries.simulations(w, Paging(), now)):
        with pytest.raises(Refused) as refused:
            ask(SimulationFilter(q=text), T0)
        assert (refused.value.code, "200" in refused.value.detail) == ("q", True)


@pytest.mark.bad_input("B114")
@pytest.mark.parametrize(
    "text", ["(a+)+$", "[", "[a-", "(?:", ".*", "^a", "a$", "a?", "{1,", "\\", "\\%", "%", "_"]
)
def test_a_glob_knows_no_wildcard_but_the_star(text: str, queries: SqlQueries) -> None:
    assert "a" not in names(queries, q=text)


@pytest.mark.bad_input("B114")
def test_a_glob_of_stars_does_not_try_every_way_to_match(tmp_path: Path) -> None:
    """Naive matching takes longer than the age of the universe; the bound is a hang, not speed."""
    url = f"sqlite:///{tmp_path / 'prodiguer.db'}"
    upgrade(url)
    store = open_store(url)
    save(store, a_run(1, name="a" * 60_000))
    store.close()
    reader = open_queries(url)
    began = time.monotonic()

    found = names(reader, q="*a" * 99 + "*b")

    reader.close()
    assert found == []
    assert time.monotonic() - began < 60


@pytest.mark.bad_input("B114")
@pytest.mark.parametrize("word", ["password", "facts", "uid", "name", "", "state; --"])
def test_an_unknown_filter_is_refused_by_name(word: str, queries: SqlQueries) -> None:
    with pytest.raises(Refused) as refused:
        queries.simulations(SimulationFilter(words={word: "x"}), Paging(), T0)

    assert refused.value.code == word
    assert "accounting_project" in refused.value.detail
