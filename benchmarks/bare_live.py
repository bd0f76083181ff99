"""The limits of `fanout` and `latency`: Tornado's WebSockets with no platform around them.

An event is encoded and framed once; each client's stream is given the same bytes.

- A line on the control port asks for so many events, of objects that are read at the beginning.
- A message that is posted goes through the path of `bare_embedded` (queue, commit, consumer,
  commit) and then to every client.

Run as a program: `bare_live DIRECTORY [EVENTS-A-FRAME]`, with the objects in
`DIRECTORY/objects.json`; prints its ports, serves until its standard input ends.
"""

import asyncio
import itertools
import json
import struct
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web
import tornado.websocket

from benchmarks.bare_embedded import Intake, consume, prepare
from prodiguer.wire.codec import encode


class Live(tornado.websocket.WebSocketHandler):
    def initialize(self, clients: set["Live"]) -> None:
        self.clients = clients

    def open(self, *_args: str) -> None:
        self.set_nodelay(True)
        self.clients.add(self)

    def on_close(self) -> None:
        self.clients.discard(self)

    def on_message(self, message: str | bytes) -> None:
        """Clients have nothing to say."""


class Fan:
    """Tells every client; numbers the events."""

    def __init__(self, a_frame: int) -> None:
        self.clients: set[Live] = set()
        self._numbers = itertools.count(1)
        self.a_frame = a_frame

    def tell(self, objects: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(objects), self.a_frame):
            frame = self._frame(objects[start : start + self.a_frame])
            for client in self.clients:
                connection = client.ws_connection
                if isinstance(connection, tornado.websocket.WebSocketProtocol13):
                    connection.stream.write(frame)

    def _frame(self, objects: Sequence[dict[str, Any]]) -> bytes:
        events = [
            encode(
                {
                    "seq": next(self._numbers),
                    "type": "job",
                    "at": datetime.now(UTC).isoformat(),
                    "uid": data.get("msgUID") or data["uid"],
                    "data": data,
                }
            )
            for data in objects
        ]
        payload = events[0]
        if len(events) > 1:
            payload = b'{"type":"batch","events":[%b]}' % b",".join(events)
        if len(payload) < 126:
            return struct.pack("!BB", 0x81, len(payload)) + payload
        if len(payload) < 1 << 16:
            return struct.pack("!BBH", 0x81, 126, len(payload)) + payload
        return struct.pack("!BBQ", 0x81, 127, len(payload)) + payload


async def control(fan: Fan, objects: Sequence[dict[str, Any]]) -> asyncio.Server:
    """A port on which events are asked for."""
    turn = itertools.cycle(objects)

    async def obey(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            asked = [next(turn) for _ in range(int(line))]
            for start in range(0, len(asked), fan.a_frame):
                fan.tell(asked[start : start + fan.a_frame])
                await asyncio.sleep(0)
        writer.close()

    return await asyncio.start_server(obey, "127.0.0.1", 0)


async def main(directory: Path, a_frame: int) -> None:
    fan = Fan(a_frame)
    objects = json.loads((directory / "objects.json").read_bytes())
    queue, more, stop = prepare(directory), threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    consumer = threading.Thread(
        target=consume,
        args=(directory, more, stop, lambda said: loop.call_soon_threadsafe(fan.tell, said)),
    )
    consumer.start()
    routes = [
        ("/live", Live, {"clients": fan.clients}),
        ("/messages", Intake, {"queue": queue, "more": more}),
    ]
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1", backlog=2048)
    server = tornado.httpserver.HTTPServer(tornado.web.Application(routes))
    server.add_sockets(sockets)
    asking = await control(fan, objects)
    print(sockets[0].getsockname()[1], asking.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    stop.set()
    consumer.join()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int((sys.argv[2:] or ["1"])[0])))
