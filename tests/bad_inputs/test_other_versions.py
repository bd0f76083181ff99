"""What waits in queue, inbox and spool while the package is replaced: B152.

The bytes below are written out, not made by the code under test: a version that no longer reads
them would lose what an older one took in.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import prodiguer_archive
import prodiguer_sim_mon
from live import Process, Up, prodiguer
from prodiguer.ports.queries import MessageFilter, MessageView, Paging
from prodiguer.ports.transport import PRIMARY, Publication
from prodiguer.storage.rebuild import messages
from prodiguer.testing import BEGINNING, Harness, message
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.properties import Properties
from support.ingest import line, mail, uids_of, working
from support.ingest import message as said
from support.wire import JOB, RUN, UID

KEY = "prod.tgcc.libigcm.monitoring.1900"
BODY = json.dumps({"simuid": RUN, "jobuid": JOB, "command": "cp a b"}).encode()
OLDEST = {"producer_id": "libigcm", "producer_version": "2.8.4"}


@pytest.fixture
def archive() -> Iterator[Harness]:
    with Harness(prodiguer_archive.app) as harness:
        yield harness


def publish(harness: Harness, headers: dict[str, Any], **properties: Any) -> None:
    given = Properties(message_id=UID, headers=headers, **{"timestamp": 1520233201, **properties})
    with closing(harness.transport.publisher()) as publisher:
        publisher.publish([Publication(PRIMARY, KEY, BODY, given)])


def archived(harness: Harness) -> list[MessageView]:
    harness.run_until_idle()
    assert harness.dead_letters() == []
    return list(harness.queries.messages(MessageFilter(), Paging()).items)


@pytest.mark.bad_input("B152")
def test_a_publication_without_our_own_headers_is_accepted(archive: Harness) -> None:
    publish(archive, OLDEST)

    (kept,) = archived(archive)
    assert (kept["door"], kept["received_at"], kept["flags"]) == ("amqp", BEGINNING, [])
    assert kept["timestamp"].isoformat() == "2018-03-05T07:00:01+00:00"
    assert (kept["uid"], kept["simulation_uid"], kept["job_uid"]) == (UID, RUN, JOB)


@pytest.mark.bad_input("B152")
@pytest.mark.parametrize(
    "headers",
    [
        {"invented_later": "x", "count": 1, "share": 0.5, "on": True},
        {"received_at": "2018-03-05T07:00:02.000000Z", "door": "smtp"},
        {"digest": "0" * 64},
        {"flags": "a-flag-of-another-version"},
        {"boot": "b1"},
    ],
    ids=["invented later", "door", "digest", "flags", "boot"],
)
def test_a_publication_with_some_headers_or_with_unknown_ones_is_accepted(
    archive: Harness, headers: dict[str, Any]
) -> None:
    publish(archive, {**OLDEST, **headers})

    (kept,) = archived(archive)
    assert kept["body"] == json.loads(BODY)


@pytest.mark.bad_input("B152")
def test_the_same_without_our_headers_again_is_absorbed(archive: Harness) -> None:
    for _ in range(3):
        publish(archive, OLDEST)

    assert len(archived(archive)) == 1
    assert archive.runner.statistics.duplicates == 2


@pytest.mark.bad_input("B152")
def test_what_waits_in_a_queue_is_handled_after_a_restart(archive: Harness) -> None:
    waiting = [archive.send("1900") for _ in range(3)]

    archive.restart()

    assert {view["uid"] for view in archived(archive)} == {one.uid for one in waiting}


#: Properties of the embedded broker, as version 0.1.0 wrote them: an array in MessagePack.
PROPERTIES = (
    b"\x9a\xd9\x24" + UID.encode() + b"\xa4" + b"1900" + b"\xaamonitoring"
    b"\xc0" + b"\xce\x5a\x9c\xea\xb1" + b"\xb0application/json" + b"\xc0" + b"\x02" + b"\xc0"
    b"\x82\xabproducer_id\xa7libigcm\xb0producer_version\xa52.8.4"
)  # fmt: skip


@pytest.mark.bad_input("B152")
def test_a_row_of_the_broker_is_read_as_it_was_written(archive: Harness) -> None:
    archive.send("1900", msgUID=UID)
    with closing(sqlite3.connect(archive.data / "broker.db")) as broker, broker:
        changed = broker.execute(
            "update message set properties = ?, body = ?, routing_key = ?", (PROPERTIES, BODY, KEY)
        )
        assert changed.rowcount == 1

    (kept,) = archived(archive)
    assert (kept["uid"], kept["door"], kept["body"]) == (UID, "amqp", json.loads(BODY))


@pytest.mark.bad_input("B152")
def test_a_mail_in_the_inbox_from_before_is_processed(tmp_path: Path) -> None:
    good = [said(), said()]
    content = mail(*map(line, good))
    header = {
        "received_at": "2018-03-05T07:00:02.000003+00:00",
        "door": "smtp",
        "sender": "jobs@centre.example",
        "recipients": ["prodiguer@platform.example"],
        "peer": "127.0.0.1",
    }
    end = b"\nEND %020d %08x %020d\n" % (len(content), zlib.crc32(content), 1520233202000004)
    new = tmp_path / "inbox" / "new"
    new.mkdir(parents=True)
    file = new / "01520233202000000000-0000004242-00000001.mail"
    file.write_bytes(json.dumps(header).encode() + b"\n" + content + end)

    with working(tmp_path) as works:
        works.pumped()

        deliveries = works.published()
        (record,) = works.mails()
        assert [delivery.properties.message_id for delivery in deliveries] == uids_of(good)
        received = {delivery.properties.headers["received_at"] for delivery in deliveries}
        assert received == {"2018-03-05T07:00:02.000004+00:00"}
        assert record["sender"] == "jobs@centre.example"
    assert not file.exists()


@pytest.mark.bad_input("B152")
def test_a_row_of_the_archive_with_nothing_optional_is_read_and_folded(tmp_path: Path) -> None:
    """As a version wrote it that knew no mails, no sequence and no dialect's own code."""
    run = message("0000", simuid=RUN, jobuid=JOB, name="older")
    with Harness(prodiguer_archive.app) as harness:
        harness.publish(run)
        harness.run_until_idle()
        with closing(sqlite3.connect(harness.data / "prodiguer.db")) as database, database:
            database.execute(
                "update messages set received_code = null, timestamp_raw = null, mail = null,"
                " flags = '[]', boot = null, seq = null"
            )
        (view,) = harness.queries.messages(MessageFilter(), Paging()).items
        ((again,),) = messages(harness.store, Catalog().types)  # type: ignore[arg-type]
    assert (view["timestamp_raw"], view["mail"], view["flags"]) == (None, None, [])
    with Harness(prodiguer_sim_mon.app) as harness:
        harness.publish(again)
        harness.run_until_idle()
        state = harness.queries.simulation(RUN, BEGINNING)
    assert state is not None
    assert (state["name"], state["state"]) == ("older", "running")


@pytest.mark.bad_input("B152")
def test_a_batch_in_the_spool_and_messages_in_the_queues_outlive_an_upgrade(
    tmp_path: Path,
) -> None:
    data, spool = tmp_path / "data", tmp_path / "spool"
    spool.mkdir()
    kept = [{"msgCode": "4242", "msgUID": str(uuid.uuid4())} for _ in range(4)]
    (spool / "01520233202000000000-0b7d0c1e53a34d0a9c596b0c6b0a7e21.jsonl").write_text(
        "".join(json.dumps(one) + "\n" for one in kept[:2])
    )
    before = Process("--data", str(data), "web", environ={"PRODIGUER_WEB__PORT": "0"})
    url = before.heard(r"HTTP: (http://\S+)")[1]
    for one in kept[2:]:
        file = tmp_path / "one.jsonl"
        file.write_text(json.dumps(one) + "\n")
        assert prodiguer("send", "--jsonl", str(file), "--url", url).returncode == 0
    assert before.stop() == 0

    up = Up(data)
    try:
        environ = {"PRODIGUER_SPOOL": str(spool)}
        assert prodiguer("spool", "flush", "--url", up.url, environ=environ).returncode == 0
        up.settle()
        uids = {one["uid"] for one in up.items("/api/v1/messages")}
    finally:
        assert up.stop() == 0
    assert uids == {one["msgUID"] for one in kept}
    assert list(spool.iterdir()) == []
