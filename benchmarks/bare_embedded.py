"""The limit of `embedded`: the same path on the same libraries, with no platform around it.

A Tornado handler decodes the array strictly and stores each message in a SQLite queue (WAL,
synchronous=FULL) before it answers; a thread takes batches of 500, decodes them again, stores an
event a message and counts per simulation in one transaction, then deletes them from the queue.
Run as a program: prints its port, serves until its standard input ends.
"""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web

from prodiguer.wire.codec import decode_object, encode
from prodiguer.wire.elements import split

BATCH = 500


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    return connection


class Intake(tornado.web.RequestHandler):
    def initialize(self, queue: sqlite3.Connection, more: threading.Event) -> None:
        self.queue, self.more = queue, more

    def post(self) -> None:
        rows = [(encode(decode_object(bytes(raw))),) for raw in split(self.request.body)]
        self.queue.execute("begin immediate")
        self.queue.executemany("insert into queue (body) values (?)", rows)
        self.queue.execute("commit")
        self.more.set()
        self.set_status(202)
        self.finish({"accepted": len(rows)})


class Depth(tornado.web.RequestHandler):
    def initialize(self, queue: sqlite3.Connection) -> None:
        self.queue = queue

    def get(self) -> None:
        (depth,) = self.queue.execute("select count(*) from queue").fetchone()
        self.finish({"depth": depth})


def consume(
    directory: Path,
    more: threading.Event,
    stop: threading.Event,
    told: Callable[[Sequence[dict[str, Any]]], object] = lambda _: None,
) -> None:
    """Fold what is in the queue until it is to stop; ``told`` gets each batch once it is kept."""
    queue, database = connect(directory / "queue.db"), connect(directory / "state.db")
    while not stop.is_set():
        rows = queue.execute("select id, body from queue order by id limit ?", (BATCH,)).fetchall()
        if not rows:
            more.wait(0.02)
            more.clear()
            continue
        messages = [decode_object(body) for _, body in rows]
        database.execute("begin immediate")
        database.executemany(
            "insert into events values (?, ?, ?, ?) on conflict do nothing",
            [(m["msgUID"], m["simuid"], m["msgCode"], m["msgTimestamp"]) for m in messages],
        )
        database.executemany(
            "insert into runs values (?, 1) on conflict do update set events = events + 1",
            sorted((m["simuid"],) for m in messages),
        )
        database.execute("commit")
        queue.execute("begin immediate")
        queue.execute("delete from queue where id <= ?", (rows[-1][0],))
        queue.execute("commit")
        told(messages)
    queue.close()
    database.close()


def prepare(directory: Path) -> sqlite3.Connection:
    """Make the tables; the queue."""
    queue, database = connect(directory / "queue.db"), connect(directory / "state.db")
    queue.execute("create table queue (id integer primary key, body blob)")
    database.execute("create table events (uid text primary key, run text, code text, at text)")
    database.execute("create table runs (uid text primary key, events integer)")
    database.close()
    return queue


async def main(directory: Path) -> None:
    queue = prepare(directory)
    more, stop = threading.Event(), threading.Event()
    consumer = threading.Thread(target=consume, args=(directory, more, stop))
    consumer.start()
    routes = [
        ("/messages", Intake, {"queue": queue, "more": more}),
        ("/depth", Depth, {"queue": queue}),
    ]
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    server = tornado.httpserver.HTTPServer(tornado.web.Application(routes))
    server.add_sockets(sockets)
    print(sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    stop.set()
    consumer.join()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
