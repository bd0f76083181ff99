"""The text after DATA: where it ends, and the dots that the sender doubled.

Only ``CRLF . CRLF`` ends a mail. Every look-alike with a bare CR or LF is text, or two servers
would disagree about where a mail ends and a second mail could be smuggled inside the first.
"""

from __future__ import annotations

_LINE = b"\r\n."


class Unstuffer:
    """Takes the text in pieces of any size; what it holds back is four bytes at the most."""

    def __init__(self) -> None:
        # The CRLF of the DATA line itself counts: a dot alone on the first line ends the mail.
        self._held = b"\r\n"
        self._virtual = 2
        self.ended = False
        #: What came behind the end: it belongs to the commands that follow.
        self.rest = b""

    @property
    def held(self) -> int:
        """Bytes that are held back until the next piece tells what they mean."""
        return len(self._held)

    def feed(self, piece: bytes) -> bytes:
        """The text that this piece completes, its doubled dots made single."""
        text = self._held + piece
        found: list[bytes] = []
        at = 0
        while (dot := text.find(_LINE, at)) >= 0 and not self.ended:
            behind = text[dot + 3 : dot + 5]
            if behind in {b"", b"\r"}:
                break
            found.append(text[at : dot + 2])
            at = dot + 3
            self.ended = behind == b"\r\n"
        if self.ended:
            self._held, self.rest = b"", text[at + 2 :]
        else:
            keep = dot if dot >= 0 else _undecided(text, at)
            found.append(text[at:keep])
            self._held = text[keep:]
        return self._without_virtual(b"".join(found))

    def _without_virtual(self, text: bytes) -> bytes:
        skip = min(self._virtual, len(text))
        self._virtual -= skip
        return text[skip:]


def _undecided(text: bytes, at: int) -> int:
    """Where the end of ``text`` may be the beginning of a line that begins with a dot."""
    for tail in (b"\r\n", b"\r"):
        if text.endswith(tail):
            return max(at, len(text) - len(tail))
    return len(text)
