"""The rules of a message's own fields, the same at every door."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from prodiguer.domain.message import ABSENT, MessageType
from prodiguer.errors import Refused
from prodiguer.wire import uids

#: Seconds that a jobWarningDelay may say.
DELAYS = range(1, 1_000_000_001)

#: The flags that these rules set.
DELAY_DEFAULT = "delay-default"
CARD_MISSING = "card-missing"

_DIGITS = re.compile(r"[0-9]{1,10}")
_NO_JOB = "N/A"


class Checked(NamedTuple):
    """What the rules found."""

    simulation_uid: str | None
    job_uid: str | None
    flags: tuple[str, ...]


def check(declared: MessageType, body: Mapping[str, Any], *, awaits: bool = False) -> Checked:
    """Check a body against its type.

    Args:
        declared: what the catalog says of the type.
        body: the fields of the message.
        awaits: its attachment is still to come, and counts as present.

    Raises:
        Refused: ``missing-fields`` with all that are missing, or ``bad-field``.
    """
    missing = [name for name in declared.required if _lacks(declared, body, name)]
    if awaits and declared.attachment in missing:
        missing.remove(declared.attachment)
    if declared.code == _ACCOUNTING and _lacks_project(body):
        missing.append("accountingProject")
    if missing:
        raise Refused("missing-fields", ", ".join(missing))
    return Checked(_uid(body, "simuid"), _uid(body, "jobuid"), _flags(declared, body, awaits))


def is_absent(value: Any) -> bool:
    """Missing, null, the empty text, or the text ``null``."""
    return value is None or (type(value) is str and value in ABSENT)


def _lacks(declared: MessageType, body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name)
    if type(value) is str:
        if value in ABSENT:
            return name not in declared.may_be_empty
        return value == _NO_JOB and name == "jobuid"
    if isinstance(value, (list, dict)):
        raise Refused("bad-field", name, "one value is expected, not several")
    return value is None and not (name in body and name in declared.may_be_empty)


_ACCOUNTING = "7010"
_PROJECT_IS_REQUIRED = "idris"


def _lacks_project(body: Mapping[str, Any]) -> bool:
    """The reports of one centre do not name the project inside."""
    centre = str(body.get("centre")).lower()
    return centre == _PROJECT_IS_REQUIRED and is_absent(body.get("accountingProject"))


def _uid(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if is_absent(value) or (name == "jobuid" and value == _NO_JOB):
        return None
    found = uids.normalise_known(value) if type(value) is str and len(value) < 64 else None
    if found is None:
        raise Refused("bad-field", name, "not a UUID")
    return found


def _flags(declared: MessageType, body: Mapping[str, Any], awaits: bool) -> tuple[str, ...]:
    flags: tuple[str, ...] = ()
    if "jobWarningDelay" in body and not _is_delay(body["jobWarningDelay"]):
        flags = (DELAY_DEFAULT,)
    if declared.attachment is None or awaits or declared.attachment in declared.required:
        return flags
    return (*flags, CARD_MISSING) if is_absent(body.get(declared.attachment)) else flags


def _is_delay(value: Any) -> bool:
    """Whether it can be used, or is simply not there."""
    if is_absent(value):
        return True
    text = value if type(value) is str else str(value)
    return _DIGITS.fullmatch(text) is not None and int(text) in DELAYS
