"""The intake behind HTTP: elements are messages or dead letters, each kept before the answer."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from prodiguer.errors import Refused, Unavailable
from prodiguer.ingest.intake import HttpIntake
from prodiguer.ports.intake import DeadElement, Outcome
from prodiguer.ports.transport import Publication
from support.ingest import Works, message, uids_of

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def accept(works: Works, body: Any, *, lines: bool = False) -> Outcome:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return works.intake.accept(io.BytesIO(data), lines=lines, user="http", received_at=NOW)


def ndjson(*elements: Any) -> bytes:
    texts = [e if isinstance(e, bytes) else json.dumps(e).encode() for e in elements]
    return b"\n".join(texts)


def test_one_object_is_one_message(works: Works) -> None:
    sent = message()

    assert accept(works, sent) == Outcome(1, 0, ())
    [delivery] = works.published()
    assert delivery.routing_key == "prod.http.libigcm.monitoring.1100"
    assert delivery.properties.message_id == sent["msgUID"]
    assert delivery.properties.headers["door"] == "http"
    assert delivery.properties.headers["received_at"] == "2026-03-04T05:06:07.000000+00:00"


@pytest.mark.parametrize("lines", [False, True])
def test_a_bad_element_is_dead_and_its_neighbours_act(works: Works, lines: bool) -> None:
    good = [message(), message()]
    bad = {"msgCode": "1100", "simuid": "x"}
    no_code = {"simuid": "y"}
    elements = [good[0], bad, 7, good[1], no_code]

    outcome = accept(works, ndjson(*elements) if lines else elements, lines=lines)

    assert outcome.accepted == 2
    assert [dead.index for dead in outcome.dead] == [1, 2, 4]
    assert outcome.dead[1:] == (
        DeadElement(2, "not-object"),
        DeadElement(4, "missing-fields: msgCode"),
    )
    assert works.uids() == uids_of(good)
    letters = [works.store.dead_letters.get(shown["id"]) for shown in works.dead()]
    assert [
        (one.form, one.door, one.position, json.loads(one.bytes)) for one in letters if one
    ] == [
        ("element", "http", 1, bad),
        ("element", "http", 2, 7),
        ("element", "http", 4, no_code),
    ]


def test_a_line_that_is_no_json_is_dead_alone(works: Works) -> None:
    good = message()
    outcome = accept(works, ndjson(b"{", good, b"", b"\xff"), lines=True)

    assert (outcome.accepted, [dead.index for dead in outcome.dead]) == (1, [0, 2])
    assert works.uids() == uids_of([good])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"[{}", "not-json"),
        (b"[1 2]", "not-json"),
        (b'"text"', "not-object"),
        (b"7", "not-object"),
        (b"[" + b"1," * 200_000 + b"1]", "too-large"),
        (b"[" + b"," * 7_000_000 + b"]", "too-large"),
    ],
)
def test_a_body_that_is_refused_leaves_nothing(works: Works, body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        accept(works, body)

    assert refusal.value.code == code
    assert (works.published(), works.dead()) == ([], [])


def test_too_many_lines_are_refused_before_the_first_is_stored(works: Works) -> None:
    body = ndjson(message()) + b"\nx" * 200_001
    with pytest.raises(Refused, match="too-large"):
        accept(works, body, lines=True)

    assert (works.published(), works.dead()) == ([], [])


@pytest.mark.parametrize(("body", "lines"), [(b"[]", False), (b"", True), (b"\n \n", True)])
def test_nothing_is_nothing(works: Works, body: bytes, lines: bool) -> None:
    assert accept(works, body, lines=lines) == Outcome(0, 0, ())


def test_an_id_that_comes_twice_with_the_same_content_is_a_duplicate(works: Works) -> None:
    one = message()
    other = {**one, "command": "other"}

    assert accept(works, [one, one, other]) == Outcome(3, 1, ())


def test_ids_that_the_platform_has_seen_are_duplicates(works: Works) -> None:
    sent = [message(), message(), message()]
    asked: list[Sequence[str]] = []

    def known(uids: Sequence[str]) -> set[str]:
        asked.append(uids)
        return {uids[1]}

    intake = HttpIntake(works.broker.publisher, works.store, works.catalog, "prod", known)
    body = io.BytesIO(json.dumps(sent).encode())
    outcome = intake.accept(body, lines=False, user="http", received_at=NOW)
    intake.close()

    assert outcome == Outcome(3, 1, ())
    assert asked == [uids_of(sent)]


def test_the_same_bad_element_again_adds_no_dead_letter(works: Works) -> None:
    accept(works, [{"bad": 1}, {"bad": 1}, {"bad": 2}])
    outcome = accept(works, [{"bad": 1}])

    assert outcome.dead == (DeadElement(0, "missing-fields: msgCode"),)
    assert len(works.dead()) == 2


def test_elements_without_an_id_get_the_same_one_each_time(works: Works) -> None:
    one = message()
    del one["msgUID"]
    accept(works, one)
    accept(works, one)

    first, second = works.published()
    assert first.properties.message_id == second.properties.message_id
    assert "uid-derived" in first.properties.headers["flags"]


def test_a_broker_that_is_away_is_said_and_the_next_body_goes_through(works: Works) -> None:
    failing = [True]

    class Away:
        def __init__(self) -> None:
            self._publisher = works.broker.publisher()

        def publish(self, publications: Sequence[Publication]) -> None:
            if failing:
                failing.clear()
                raise Unavailable("the broker is away")
            self._publisher.publish(publications)

        def close(self) -> None:
            self._publisher.close()

    intake = HttpIntake(Away, works.store, works.catalog, "prod", lambda _: set())
    body = json.dumps([message()]).encode()
    with pytest.raises(Unavailable):
        intake.accept(io.BytesIO(body), lines=False, user="http", received_at=NOW)
    outcome = intake.accept(io.BytesIO(body), lines=False, user="http", received_at=NOW)
    intake.close()

    assert outcome.accepted == 1
    assert len(works.published()) == 1


def test_a_big_body_is_published_in_windows(works: Works) -> None:
    sizes: list[int] = []

    class Counting:
        def __init__(self) -> None:
            self._publisher = works.broker.publisher()

        def publish(self, publications: Sequence[Publication]) -> None:
            sizes.append(len(publications))
            self._publisher.publish(publications)

        def close(self) -> None:
            self._publisher.close()

    intake = HttpIntake(Counting, works.store, works.catalog, "prod", lambda _: set())
    sent = [message() for _ in range(1234)]
    body = io.BytesIO(ndjson(*sent))
    outcome = intake.accept(body, lines=True, user="http", received_at=NOW)
    intake.close()

    assert outcome.accepted == 1234
    assert sizes == [500, 500, 234]
    assert works.uids() == uids_of(sent)


def test_many_bodies_at_once_are_all_published(works: Works) -> None:
    bodies = [[message() for _ in range(50)] for _ in range(16)]
    outcomes: list[Outcome] = []
    threads = [
        threading.Thread(target=lambda b=body: outcomes.append(accept(works, b)))  # type: ignore[misc] # its own body
        for body in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [Outcome(50, 0, ())] * 16
    assert set(works.uids()) == {uid for body in bodies for uid in uids_of(body)}
