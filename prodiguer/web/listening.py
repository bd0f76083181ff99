"""Sockets that listen."""

from __future__ import annotations

import socket
from typing import Any

from prodiguer.errors import NotAllowed

#: Clients that may wait to be accepted.
_BACKLOG = 256


def listen(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of a host, all on one port (0: any that is free).

    Raises:
        NotAllowed: the address is taken or is none of this machine.
    """
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in _addresses(host, port):
            each = socket.socket(family, kind, protocol)
            sockets.append(each)
            chosen = sockets[0].getsockname()[1] if len(sockets) > 1 else port
            _bind(each, (address[0], chosen, *address[2:]))
    except OSError as error:
        for each in sockets:
            each.close()
        raise NotAllowed(
            f"the web server cannot listen on {host}:{port} ({error.strerror or error}): "
            "end what listens there, or choose another `host` or `port` in [web] (--web HOST:PORT)"
        ) from error
    return sockets


def _addresses(host: str, port: int) -> list[tuple[int, int, int, str, Any]]:
    flags = socket.AI_PASSIVE
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=flags)
    return list(dict.fromkeys(found))


def _bind(each: socket.socket, address: tuple[Any, ...]) -> None:
    each.setblocking(False)
    each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if each.family == socket.AF_INET6:
        # IPv4 has a socket of its own.
        each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    each.bind(address)
    each.listen(_BACKLOG)
