"""Lines of a text that comes bit by bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def lines(pieces: Iterable[bytes], first: int = 1) -> Iterator[tuple[int, bytes]]:
    """Each line with its number, without its newline; a line may be as long as the text."""
    number, held = first, list[bytes]()
    for piece in pieces:
        head, *rest = piece.split(b"\n")
        held.append(head)
        if not rest:
            continue
        yield number, b"".join(held)
        for number, line in enumerate(rest[:-1], number + 1):  # noqa: B020 - it counts on
            yield number, line
        number += 1
        held = [rest[-1]]
    last = b"".join(held)
    if last:
        yield number, last


class LineCount:
    """Counts the lines that are not blank, bit by bit: as many as `lines` gives, much quicker."""

    def __init__(self) -> None:
        self.total = 0
        self._is_open = False

    def add(self, piece: bytes) -> None:
        text = piece.translate(None, b" \t\r\x0b\x0c")
        if text:
            self.total += len(text.split()) - (self._is_open and text[:1] != b"\n")
            self._is_open = text[-1:] != b"\n"
