"""kill -9 at every named point: what got 250 is stored, sent again it changes nothing."""

from __future__ import annotations

import smtplib
from pathlib import Path

import pytest

from prodiguer.ingest.inbox import Inbox
from support.ingest import (
    RECIPIENT,
    SENDER,
    Child,
    Client,
    Works,
    batch,
    leftovers,
    send,
    stored,
    wait_for,
    working,
)

DOOR = ["inbox.written", "inbox.synced", "inbox.renamed"]
PUMP = ["pump.read", "pump.published", "pump.recorded", "pump.removed"]


@pytest.mark.parametrize("passage", [1, 3])
@pytest.mark.parametrize("point", DOOR)
def test_a_door_that_is_killed_keeps_what_got_250(tmp_path: Path, point: str, passage: int) -> None:
    batches = [batch(2) for _ in range(4)]
    accepted = []
    with Child(tmp_path, "door", fault=f"{point}:kill@{passage}") as child:
        for _, content in batches:
            try:
                send(child.address, content)
            except (smtplib.SMTPException, OSError):
                break
            accepted.append(content)
        assert child.ended() == -9
    assert len(accepted) == passage - 1

    kept = stored(Inbox(tmp_path / "inbox"))
    assert kept[: len(accepted)] == accepted
    assert kept in (accepted, [content for _, content in batches[:passage]])

    with Child(tmp_path, "both") as child:
        for _, content in batches:
            send(child.address, content)
        inbox = Inbox(tmp_path / "inbox")
        wait_for(lambda: inbox.count() == 0, "an empty inbox")
        assert child.stop() == 0
    assert leftovers(inbox) == []
    with working(tmp_path) as works:
        assert set(works.uids()) == {uid for uids, _ in batches for uid in uids}
        assert len(works.mails()) == 4


@pytest.mark.parametrize("size", [5, 2000], ids=["small mails", "big mails"])
@pytest.mark.parametrize("point", PUMP)
def test_a_pump_that_is_killed_repeats_and_ids_absorb_it(
    works: Works, tmp_path: Path, point: str, size: int
) -> None:
    batches = [batch(size) for _ in range(2)]
    for _, content in batches:
        works.put(content + b"@@@ no message\r\n")
    for _ in range(3):
        with Child(tmp_path, "pump", fault=f"{point}:kill@1") as child:
            if child.ended() == 0:
                break
    with Child(tmp_path, "pump") as child:
        assert child.ended() == 0

    assert set(works.uids()) == {uid for uids, _ in batches for uid in uids}
    assert len(works.mails()) == 2
    assert len(works.dead()) == 2
    assert works.inbox.count() == 0


def test_a_pump_that_is_killed_in_the_middle_of_a_big_mail_again_and_again(
    works: Works, tmp_path: Path
) -> None:
    sent, content = batch(10_000)
    works.put(content)
    for passage in (2, 6, 12, 18):
        with Child(tmp_path, "pump", fault=f"pump.read:kill@{passage}") as child:
            assert child.ended() == -9
    works.pumped()

    assert set(works.uids()) == set(sent)
    assert len(works.mails()) == 1


def test_a_250_that_is_lost_leads_to_one_mail(works: Works, tmp_path: Path) -> None:
    sent, content = batch(3)
    with Child(tmp_path, "door") as child:
        for _ in range(20):
            with Client(child.address) as client:
                client.greet().envelope().write(content + b".\r\n")
        with smtplib.SMTP(*child.address) as session:
            session.sendmail(SENDER, [RECIPIENT], content)
        assert child.stop() == 0
    assert works.inbox.count() > 0
    works.pumped()

    assert set(works.uids()) == set(sent)
    assert len(works.mails()) == 1
