"""What a client may say in JSON, and the answers."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from prodiguer.web.etags import encode

_decoder = msgspec.json.Decoder()


def answer(text: str, position: int) -> tuple[str, bytes]:
    """The kind of an answer, and the answer.

    Args:
        text: of the client.
        position: what it has been told so far.
    """
    try:
        said = _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return _error("this is not JSON")
    if not isinstance(said, dict) or not isinstance(said.get("type"), str):
        return _error("a message is an object with a `type`")
    if said["type"] != "ping":
        return _error('there is only `{"type": "ping"}`: filters are parameters of the address')
    return "pong", encode({"type": "pong", "seq": position, "at": datetime.now(UTC)})


def _error(detail: str) -> tuple[str, bytes]:
    return "error", encode({"type": "error", "title": "Bad Request", "detail": detail})
