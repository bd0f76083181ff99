"""What one client may take of this process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times in seconds, sizes in bytes. Tests shorten them; production takes the defaults."""

    #: Connections at once; more are closed as they come.
    connections: int = 1000
    #: The request line and the headers together.
    head: int = 64 * 1024
    #: The request line's target.
    target: int = 16 * 1024
    #: Header lines of one request.
    header_lines: int = 100
    #: A body where a route needs none.
    small_body: int = 64 * 1024
    #: Bodies of the intake that come in at once; more are told to come again.
    uploads: int = 64
    #: Live connections at once, beside those of HTTP; more are told to come again.
    live: int = 2000
    #: A message of a live client; how many it may send a second, and at once.
    live_message: int = 64 * 1024
    live_rate: float = 20.0
    live_burst: float = 100.0
    #: Between two looks at the log while somebody is there, and where much happens.
    live_poll: float = 0.025
    live_busy_poll: float = 0.1
    #: Between two pings: a client that did not answer the last by then is cut off.
    live_ping: float = 20.0
    #: Between two looks whether a ping is due.
    live_tick: float = 1.0
    #: Until a live client has taken what it was sent.
    live_slow: float = 20.0
    #: From the close frame to the end of the connection.
    live_goodbye: float = 5.0
    #: Between two frames of figures for those that asked for them.
    live_stats: float = 2.0
    #: Between two looks whether the tokens of live clients are still good.
    live_tokens: float = 30.0
    #: Events that are kept in memory, and bytes of their JSON.
    live_events: int = 10_000
    live_room: int = 32 * 1024 * 1024
    #: Threads that read the log for clients that are far behind.
    live_readers: int = 3
    #: Between two requests of a connection, and from the first byte of a head to its last.
    idle: float = 75.0
    #: A small body from its head to its last byte.
    body: float = 30.0
    #: A body of the intake from its head to its last byte.
    upload: float = 600.0
    #: What a refused client may still send before the connection is cut, so that it reads why.
    drain: float = 2.0
    #: An answer until the client has taken all of it.
    send: float = 60.0
    #: A query of the database.
    query: float = 10.0
    #: All of a body's messages until they are durable.
    store: float = 600.0
    #: Each check of `/ready`.
    check: float = 5.0
    #: Threads that read the database, and calls that may wait for one.
    readers: int = 8
    waiting_reads: int = 64
    #: Threads that store what the intake brings, and bodies that may wait for one.
    writers: int = 4
    waiting_writes: int = 64
    #: Failed tokens of one address before they are no longer looked at, and how many more a second.
    failures: int = 100
    failures_rate: float = 1.0
