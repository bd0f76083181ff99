"""The doors at work on real files: an inbox, the embedded broker, a database, the pump."""

from __future__ import annotations

import base64
import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

from live import PATIENCE, wait_for
from prodiguer.config import SmtpSettings
from prodiguer.ingest.inbox import Inbox
from prodiguer.ingest.intake import HttpIntake
from prodiguer.ingest.pump import Pump
from prodiguer.ingest.smtp import SmtpDoor
from prodiguer.ports.clock import SystemClock
from prodiguer.ports.queries import DeadLetterFilter, DeadLetterView, MailView, Paging
from prodiguer.ports.transport import DEAD, PRIMARY, Binding, Delivery, Queue
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.queries import open_queries
from prodiguer.storage.store import open_store
from prodiguer.transport import connect
from prodiguer.wire.catalog import Catalog

SENDER, RECIPIENT = "jobs@centre.example", "prodiguer@platform.example"
SIMULATION, JOB = "5d1f3c7e-9a64-4a0e-8f0b-2c6f0f6f9a11", "0b7d0c1e-53a3-4d0a-9c59-6b0c6b0a7e21"

# -- what is sent


def message(code: str = "1100", uid: str | None = None, **fields: Any) -> dict[str, Any]:
    """One that is right, with an id of its own."""
    given = {
        "msgCode": code,
        "msgUID": uid or str(uuid.uuid4()),
        "msgProducer": "libigcm",
        "msgProducerVersion": "2.8.4",
        "msgTimestamp": "2018-03-05T08:00:20.000000001+0100",
        "simuid": SIMULATION,
        "jobuid": JOB,
    }
    return {**given, **fields}


def line(given: Any) -> bytes:
    """A message as a line of a mail."""
    return base64.b64encode(json.dumps(given).encode() + b"\n")


def mail(
    *lines: bytes, date: str | None = "Mon, 05 Mar 2018 08:00:05 +0100", headers: bytes = b""
) -> bytes:
    """A mail with these lines."""
    dated = f"Date: {date}\r\n".encode() if date else b""
    head = (
        b'Content-Type: text/plain; charset="us-ascii"\r\nContent-Transfer-Encoding: 7bit\r\n'
        b"From: jobs@centre.example\r\nTo: prodiguer@platform.example\r\nSubject: batch\r\n"
    )
    return head + dated + headers + b"\r\n" + b"".join(one + b"\r\n" for one in lines)


def batch(count: int) -> tuple[list[str], bytes]:
    """The ids of so many messages, and their mail."""
    messages = [message() for _ in range(count)]
    return [str(m["msgUID"]) for m in messages], mail(*map(line, messages))


# -- who sends


def send(address: tuple[str, int], content: bytes) -> None:
    """Like a relay."""
    with smtplib.SMTP(*address, timeout=PATIENCE) as session:
        session.sendmail(SENDER, [RECIPIENT], content)


class Client:
    """A raw connection: what is sent is sent as it is."""

    def __init__(
        self, address: tuple[str, int], *, source: str | None = None, timeout: float = PATIENCE
    ) -> None:
        origin = (source, 0) if source else None
        self.socket = socket.create_connection(address, timeout, source_address=origin)
        self._received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.socket.close()

    def write(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reply(self) -> str:
        """One whole reply, all its lines; the empty text where the connection is closed."""
        while True:
            lines = self._received.split(b"\r\n")
            for number, one in enumerate(lines[:-1], 1):
                if one[3:4] != b"-":
                    self._received = b"\r\n".join(lines[number:])
                    return b"\n".join(lines[:number]).decode("latin-1")
            try:
                piece = self.socket.recv(65_536)
            except ConnectionResetError:
                piece = b""
            if not piece:
                return ""
            self._received += piece

    def ask(self, command: bytes) -> str:
        """The reply to one command."""
        try:
            self.write(command + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            return ""
        return self.reply()

    def codes(self, *commands: bytes) -> list[str]:
        return [self.ask(command)[:3] for command in commands]

    def greet(self) -> Self:
        assert self.reply()[:3] == "220"
        assert self.ask(b"EHLO node1")[:3] == "250"
        return self

    def envelope(self) -> Self:
        """Up to the text of a mail."""
        assert self.codes(
            f"MAIL FROM:<{SENDER}>".encode(), f"RCPT TO:<{RECIPIENT}>".encode(), b"DATA"
        ) == ["250", "250", "354"]
        return self

    @property
    def closed(self) -> bool:
        """Whether the other side has ended; what it still says is thrown away."""
        try:
            while self.socket.recv(65_536):
                pass
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
        return True


# -- the doors


@contextmanager
def opened(inbox: Inbox, **settings: Any) -> Iterator[SmtpDoor]:
    """A door on a free port."""
    door = SmtpDoor(SmtpSettings(**{"port": 0, **settings}), inbox)
    door.start()
    try:
        yield door
    finally:
        door.stop()


def stored(inbox: Inbox) -> list[bytes]:
    """The mails in an inbox, in their order."""
    found = []
    for name in inbox.pending():
        with inbox.read(name) as letter:
            found.append(letter.body.read())
    return found


def leftovers(inbox: Inbox) -> list[str]:
    """Mails that are being written, or were when their writer died."""
    return [path.name for path in (inbox.directory / "tmp").iterdir()]


def flooded(client: Client, piece: bytes, limit: int, pause: float = 0.0) -> int:
    """Write until the other side cuts the line, or the limit is reached; how many bytes."""
    sent = 0
    while sent < limit:
        try:
            client.write(piece)
        except (BrokenPipeError, ConnectionResetError):
            break
        sent += len(piece)
        time.sleep(pause)
    return sent


class Works:
    """An inbox, a broker with one queue for everything, a database, the pump when asked for."""

    def __init__(self, data: Path) -> None:
        self.data = data
        url = f"sqlite:///{data / 'prodiguer.db'}"
        upgrade(url)
        self.inbox = Inbox(data / "inbox")
        self.broker = connect("embedded:", data=data)
        self.broker.declare(
            [
                Queue("prod.everything", (Binding(PRIMARY, "#"),)),
                Queue("prod.dead", (Binding(DEAD, "#"),)),
            ]
        )
        self.store = open_store(url)
        self.queries = open_queries(url)
        self.catalog = Catalog()
        self.intake = HttpIntake(
            self.broker.publisher, self.store, self.catalog, "prod", self.queries.known_messages
        )

    def close(self) -> None:
        self.intake.close()
        self.queries.close()
        self.store.close()
        self.broker.close()

    @contextmanager
    def pumping(self, **replaced: Any) -> Iterator[Pump]:
        """The pump at work."""
        arguments = {
            "inbox": self.inbox,
            "publishers": self.broker.publisher,
            "store": self.store,
            "catalog": self.catalog,
            "clock": SystemClock(),
            "mode": "prod",
            "account": "smtp",
        }
        pump = Pump(**{**arguments, **replaced})
        pump.start()
        try:
            yield pump
        finally:
            pump.stop()

    def pumped(self, patience: float = PATIENCE) -> None:
        """Pump until the inbox is empty."""
        with self.pumping():
            wait_for(lambda: self.inbox.count() == 0, "an empty inbox", patience)

    def put(self, content: bytes) -> None:
        """A mail into the inbox, past the door."""
        from prodiguer.ingest.inbox import Arrival

        arrival = Arrival(
            began_at=SystemClock().now(),
            door="smtp",
            sender=SENDER,
            recipients=(RECIPIENT,),
            peer="127.0.0.1",
        )
        incoming = self.inbox.begin(arrival)
        incoming.write(content)
        self.inbox.store(incoming)

    def published(self) -> list[Delivery]:
        """Take everything out of the queue."""
        taken: list[Delivery] = []
        with closing(self.broker.consumer("prod.everything")) as consumer:
            while got := consumer.take(1000, 0.05):
                taken += got
                consumer.acknowledge(got)
        return taken

    def uids(self) -> list[str]:
        """The ids of what was published, in order."""
        return [str(delivery.properties.message_id) for delivery in self.published()]

    def mails(self) -> list[MailView]:
        return list(self.queries.mails(Paging(limit=1000)).items)

    def dead(self) -> list[DeadLetterView]:
        """Dead letters, the oldest first."""
        return list(
            reversed(self.queries.dead_letters(DeadLetterFilter(), Paging(limit=1000)).items)
        )


@contextmanager
def working(data: Path) -> Iterator[Works]:
    works = Works(data)
    try:
        yield works
    finally:
        works.close()


# -- a door and a pump that may be killed


class Child:
    """`ingest_child.py` in a process of its own."""

    def __init__(self, data: Path, *parts: str, fault: str = "", limit: int = 0) -> None:
        script = Path(__file__).with_name("ingest_child.py")
        environ = {**os.environ, "PRODIGUER_FAULT": fault}
        self._process = subprocess.Popen(
            [sys.executable, str(script), str(data), *parts, str(limit)],
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )
        assert self._process.stdout is not None
        words = self._process.stdout.readline().split()
        self.address = ("127.0.0.1", int(words[1])) if len(words) > 1 else ("", 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self.ended()

    def resident(self) -> int:
        """Bytes of memory."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def peak(self) -> int:
        """Bytes of memory at the most until now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; its exit code, -9 where it was killed."""
        code = self._process.wait(PATIENCE)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code


def uids_of(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [str(one["msgUID"]) for one in messages]
