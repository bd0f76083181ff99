"""kill -9 of everything, at random, while messages come in by both doors."""

from __future__ import annotations

import http.client
import random
import smtplib
import threading
import time
import urllib.error
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from generate import batches, mail, messages
from ledger import Ledger, tables
from live import Up, prodiguer, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MESSAGES = 50_000
KILLS = 20
LOST = (OSError, smtplib.SMTPException, http.client.HTTPException, urllib.error.URLError)


class Sender(threading.Thread):
    """Sends batches until each has its yes, as a relay or a client with a spool does."""

    def __init__(
        self,
        ledger: Ledger,
        work: Sequence[Sequence[dict[str, Any]]],
        send: Callable[[Sequence[dict[str, Any]]], None],
    ) -> None:
        # A test that fails leaves nobody to say the yes that this one waits for.
        super().__init__(daemon=True)
        self.ledger, self.work, self.send = ledger, work, send
        self.sent = 0

    def run(self) -> None:
        for batch in self.work:
            uids = [message["msgUID"] for message in batch]
            self.ledger.attempt(uids)
            while True:
                try:
                    self.send(batch)
                except LOST:
                    time.sleep(0.05)
                    continue
                break
            self.ledger.accept(uids)
            self.sent += len(batch)


def test_nothing_is_lost_and_nothing_doubled_by_twenty_kills(
    tmp_path: Path, free_ports: tuple[int, int]
) -> None:
    data, chance = tmp_path / "data", random.Random(3)
    smtp, web = free_ports
    ledger = Ledger(tmp_path / "ledger")
    said = list(messages(MESSAGES, seed=11, runs=200))
    up = Up(data, smtp=smtp, web=web)
    senders = [
        Sender(ledger, list(batches(said[0::2], 250)), lambda batch: up.post(batch) and None),
        Sender(ledger, list(batches(said[1::2], 100)), lambda batch: up.send_mail(mail(batch))),
    ]
    for sender in senders:
        sender.start()
    try:
        for kill in range(KILLS):
            share = MESSAGES * (kill + 1) // (KILLS + 2)
            wait_for(lambda share=share: sum(s.sent for s in senders) >= share, "messages", 300)
            time.sleep(chance.uniform(0.0, 0.3))
            up.kill()
            up = Up(data, smtp=smtp, web=web)
        for sender in senders:
            sender.join(300)
            assert not sender.is_alive()
        up.settle(patience=300)
    finally:
        code = up.stop()
    assert code == 0

    ledger.check(data)
    before = tables(data)
    rebuilt = prodiguer("--data", str(data), "db", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert tables(data) == before
