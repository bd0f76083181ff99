"""Every failure that this platform names.

A class's docstring is its default text: it says what happened and what to do about it.
"""

from __future__ import annotations

import traceback
from typing import Self

#: A traceback longer than this loses its middle.
_TRACEBACK = 16_000


class ProdiguerError(Exception):
    """Something went wrong in the platform; the log of this process has the details."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class ConfigurationError(ProdiguerError):
    """The configuration cannot be used: correct the setting that is named and start again."""


class NotAllowed(ProdiguerError):
    """This is not allowed here: the account or the token lacks the right, or the place is taken."""


class NotFound(ProdiguerError):
    """There is no such object: check its identifier."""


class Unavailable(ProdiguerError):
    """The broker or the database does not answer for now: wait and try the same thing again."""


class SchemaMismatch(ConfigurationError):
    """The database has another schema than this version: run `prodiguer db upgrade`."""


class Refused(ProdiguerError):
    """An input that can never be accepted as it stands; it is kept as a dead letter.

    Args:
        code: the short word of the reason, such as ``not-base64`` or ``missing-fields``.
        where: the field, the byte or the place that is meant; ``""`` where the code says it all.
        detail: a sentence for a reader, with the remedy where there is one.
    """

    def __init__(self, code: str, where: str = "", detail: str = "") -> None:
        self.code = code
        self.where = where
        self.detail = detail
        #: The code of the message that was refused, where it could be read.
        self.message_code: str | None = None
        super().__init__(self.reason if not detail else f"{self.reason} ({detail})")

    @classmethod
    def crash(cls, error: BaseException) -> Self:
        """An input on which our own code fails; the detail is the traceback, for who repairs it."""
        text = "".join(traceback.format_exception(error))
        if len(text) > _TRACEBACK:
            text = f"{text[: _TRACEBACK // 2]}\n…\n{text[-_TRACEBACK // 2 :]}"
        detail = text.encode("utf-8", "backslashreplace").decode()
        return cls("crash", type(error).__name__, detail)

    @property
    def reason(self) -> str:
        """What a dead letter shows: ``code`` or ``code: where``."""
        return f"{self.code}: {self.where}" if self.where else self.code


class Verdict(Exception):
    """What a handler may raise to decide the fate of its message."""


class Retry(Verdict):
    """Not now: undo this message alone and give it back to me after a while.

    Args:
        after: seconds to wait at the least.
    """

    def __init__(self, after: float = 1.0) -> None:
        super().__init__(f"retry after {after} s")
        self.after = after


class Drop(Verdict):
    """This message means nothing to this app: take it as done, with no effect, and count it."""


class Halt(Verdict):
    """Stop this app now: undo the batch, leave it in the queue, and end with an error."""
