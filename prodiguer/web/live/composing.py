"""Events become frames: those of one client or group, coalesced, several in one frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from prodiguer.web.etags import encode
from prodiguer.web.live import frames
from prodiguer.web.live.filters import Filter
from prodiguer.web.live.told import Told, newest

#: Of one frame, unless a single event is larger. Clients refuse messages above a megabyte.
ROOM = 256 * 1024
MOST = 500

#: A frame, and the position that a client has reached with it.
Step = tuple[bytes, int]


def compose(events: Sequence[Told], which: Filter, *, coalesce: bool) -> Iterator[Step]:
    """The frames of these events for one filter, in order.

    Where all is to be loaded again, that is all that is said of what came before.
    """
    last_reset = max((i for i, event in enumerate(events) if event.is_reset), default=-1)
    if last_reset >= 0:
        seq = events[last_reset].seq
        yield reset(seq), seq
        events = events[last_reset + 1 :]
    chosen: Iterable[Told] = [
        event
        for event in events
        if which.passes(event.change.type, event.change.simulation, event.run)
    ]
    yield from _packed(newest(list(chosen)) if coalesce else chosen)


def reset(seq: int) -> bytes:
    """What was missed cannot be told: load again, go on from here."""
    return frames.text(encode({"type": "reset", "seq": seq}))


def _packed(events: Iterable[Told]) -> Iterator[Step]:
    packed: list[bytes] = []
    size = seq = 0
    for event in events:
        json = event.json
        if packed and (size + len(json) > ROOM or len(packed) == MOST):
            yield _frame(packed, seq), seq
            packed, size = [], 0
        packed.append(json)
        size += len(json) + 1
        seq = event.seq
    if packed:
        yield _frame(packed, seq), seq


def _frame(packed: Sequence[bytes], seq: int) -> bytes:
    if len(packed) == 1:
        return frames.text(packed[0])
    return frames.text(b'{"type":"batch","seq":%d,"events":[%b]}' % (seq, b",".join(packed)))
