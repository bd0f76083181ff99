"""A dead letter is sent again through the door that it came by."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prodiguer.domain.message import Message
from prodiguer.domain.messages import BUILT_IN
from prodiguer.errors import Refused
from prodiguer.ingest.intake import HttpIntake
from prodiguer.ports.store import DeadLetter
from prodiguer.ports.transport import Binding, Queue
from prodiguer.wire.catalog import Catalog
from support.ingest import Works, batch, line, mail, message

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def only(works: Works) -> DeadLetter:
    [shown] = works.dead()
    letter = works.store.dead_letters.get(shown["id"])
    assert letter is not None
    return letter


@pytest.fixture
def lenient(works: Works) -> Iterator[HttpIntake]:
    """The intake of a platform that was repaired: 1100 needs no field any more."""

    class Relaxed(Message, code="1100", app="monitoring", name="anything"):
        """A message that may lack everything."""

    types = [type_ for type_ in BUILT_IN if type_.TYPE.code != "1100"]
    catalog = Catalog([*types, Relaxed])
    intake = HttpIntake(works.broker.publisher, works.store, catalog, "prod", lambda _: set())
    yield intake
    intake.close()


def lacking() -> dict[str, object]:
    sent = message()
    del sent["jobuid"]
    del sent["msgUID"]
    return sent


def test_a_line_is_refused_again_and_published_after_the_repair(
    works: Works, lenient: HttpIntake
) -> None:
    works.put(mail(line(lacking()), date="Mon, 05 Mar 2018 08:00:05 +0100"))
    works.pumped()
    letter = only(works)
    with pytest.raises(Refused, match="missing-fields: jobuid"):
        works.intake.resend(letter)
    assert works.published() == []

    lenient.resend(letter)
    lenient.resend(letter)

    first, second = works.published()
    assert first.routing_key == "prod.smtp.libigcm.monitoring.1100"
    assert first.properties.message_id == second.properties.message_id
    assert first.properties.headers["mail_id"] == letter.mail
    assert first.properties.headers["received_at"] == datetime.fromisoformat(
        letter.context["received_at"]
    ).isoformat(timespec="microseconds")


def test_an_element_is_published_after_the_repair(works: Works, lenient: HttpIntake) -> None:
    body = json.dumps([lacking()]).encode()
    works.intake.accept(io.BytesIO(body), lines=False, user="http", received_at=NOW)
    letter = only(works)
    with pytest.raises(Refused):
        works.intake.resend(letter)

    lenient.resend(letter)

    [delivery] = works.published()
    assert delivery.routing_key == "prod.http.libigcm.monitoring.1100"
    assert delivery.properties.headers["door"] == "http"


def test_a_whole_mail_is_read_again(works: Works) -> None:
    sent, content = batch(1200)
    letter = DeadLetter(
        id="1",
        at=NOW,
        reason="crash: ZeroDivisionError",
        stage="decode",
        door="smtp",
        mail="m",
        bytes=content + b"@@@ no message\r\n",
        form="mail",
        context={"user": "tgcc", "received_at": NOW.isoformat()},
    )
    works.intake.resend(letter)

    deliveries = works.published()
    assert [one.properties.message_id for one in deliveries] == sent
    assert {one.routing_key for one in deliveries} == {"prod.tgcc.libigcm.monitoring.1100"}
    assert [dead["position"] for dead in works.dead()] == [1201]


def test_a_mail_that_is_none_is_refused_again(works: Works) -> None:
    works.put(b"Content-Type: text/plain\r\n\r\nDear all, bye.\r\n")
    works.pumped()

    with pytest.raises(Refused, match="not-a-batch"):
        works.intake.resend(only(works))


def test_an_attachment_alone_is_refused_with_the_remedy(works: Works) -> None:
    letter = DeadLetter(
        id="1",
        at=NOW,
        reason="orphan-attachment: x",
        stage="decode",
        door="smtp",
        position=2,
        bytes=b"report",
        form="part",
    )
    with pytest.raises(Refused, match="send the mail again"):
        works.intake.resend(letter)


def test_a_form_that_nobody_knows_is_refused(works: Works) -> None:
    letter = DeadLetter(
        id="1", at=NOW, reason="x", stage="decode", door="smtp", bytes=b"", form="parcel"
    )
    with pytest.raises(Refused, match="parcel"):
        works.intake.resend(letter)


def delivery(app: str | None) -> DeadLetter:
    return DeadLetter(
        id="1",
        at=NOW,
        reason="crash: ValueError",
        stage="handle",
        door="smtp",
        bytes=b'{"simuid": "x"}',
        form="delivery",
        context={
            "exchange": "x-primary",
            "routing_key": "prod.smtp.libigcm.monitoring.1100",
            "message_id": "5d1f3c7e-9a64-4a0e-8f0b-2c6f0f6f9a11",
            "type": "1100",
            "app_id": "monitoring",
            "user_id": None,
            "timestamp": 1520233220,
            "content_type": "application/json",
            "content_encoding": "utf-8",
            "headers": {"producer_id": "libigcm", "producer_version": "2.8.4"},
        },
        app=app,
    )


def test_a_delivery_that_no_app_could_read_goes_where_it_was_published(works: Works) -> None:
    works.intake.resend(delivery(None))

    [again] = works.published()
    assert (again.exchange, again.routing_key) == (
        "x-primary",
        "prod.smtp.libigcm.monitoring.1100",
    )
    assert again.body == b'{"simuid": "x"}'
    assert again.properties.message_id == "5d1f3c7e-9a64-4a0e-8f0b-2c6f0f6f9a11"
    assert again.properties.timestamp == 1520233220
    assert again.properties.headers == {"producer_id": "libigcm", "producer_version": "2.8.4"}


def test_a_delivery_that_one_app_could_not_handle_goes_to_that_app_alone(
    works: Works, tmp_path: Path
) -> None:
    works.broker.declare([Queue("prod.chat", (Binding("x-primary", "nothing"),))])
    works.intake.resend(delivery("chat"))

    assert works.published() == []
    consumer = works.broker.consumer("prod.chat")
    [again] = consumer.take(10, 5)
    consumer.acknowledge([again])
    consumer.close()
    assert (again.exchange, again.routing_key) == ("", "prod.chat")
    assert again.properties.headers["routing_key"] == "prod.smtp.libigcm.monitoring.1100"
    assert again.properties.headers["exchange"] == "x-primary"
