"""A process that uses a broker, to be killed: ``broker_worker.py URL DATA COMMAND ARGUMENT…``.

What it has done stands on standard output, written line by line without any buffer, so that a
kill loses nothing that was said.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from broker_kit import QUEUES, gather, numbered

from prodiguer.ports.transport import Transport
from prodiguer.transport import connect


def publish(transport: Transport, first: str, count: str, window: str) -> None:
    publisher = transport.publisher()
    for start in range(int(first), int(first) + int(count), int(window)):
        say(f"sending {start} {window}")
        publisher.publish(numbered(start, int(window)))
        say(f"confirmed {start} {window}")


def declare(transport: Transport) -> None:
    transport.declare(QUEUES)


def hold(transport: Transport, queue: str, count: str) -> None:
    consumer = transport.consumer(queue)
    say(f"held {len(gather(consumer, int(count)))}")
    time.sleep(3600)


def consume(transport: Transport, queue: str, limit: str, work: str = "0") -> None:
    """Spend ``work`` seconds on each batch."""
    consumer = transport.consumer(queue, prefetch=int(limit))
    say("ready")
    while True:
        taken = consumer.take(int(limit), 1.0)
        say("\n".join(f"took {d.body.decode()} {int(d.redelivered)}" for d in taken))
        time.sleep(float(work))
        consumer.acknowledge(taken)


def say(text: str) -> None:
    if text:
        os.write(1, text.encode() + b"\n")


COMMANDS = {"publish": publish, "declare": declare, "hold": hold, "consume": consume}


def main(url: str, data: str, command: str, *arguments: str) -> None:
    transport = connect(url, data=Path(data))
    COMMANDS[command](transport, *arguments)
    transport.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
