"""The gapless number that a client may give its messages: for gaps alone, never for order."""

from __future__ import annotations

from typing import Any

from prodiguer.wire.fields import is_absent

#: The flag of a message whose number or client start makes no sense.
INVALID = "seq-invalid"

BOOT_LIMIT = 64
SEQ_LIMIT = 2**53


def read(boot: Any, seq: Any) -> tuple[str | None, int | None, tuple[str, ...]]:
    """The client's start and the number since then; what makes no sense is None and flagged."""
    if boot is None and seq is None:
        return None, None, ()
    start, number = _boot(boot), _seq(seq)
    lost = (start is None and not is_absent(boot)) or (number is None and not is_absent(seq))
    return start, number, (INVALID,) if lost else ()


def _boot(value: Any) -> str | None:
    if is_absent(value) or type(value) is not str:
        return None
    return value if len(value) <= BOOT_LIMIT and value.isprintable() else None


def _seq(value: Any) -> int | None:
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= 16:
        value = int(value)
    return value if type(value) is int and 0 <= value <= SEQ_LIMIT else None
