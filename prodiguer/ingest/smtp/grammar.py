"""What MAIL and RCPT may say. Pure functions: text in, a value or a `Refusal` out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[A-Za-z0-9.:-]+\])"
# `%` and `!` are routes in disguise; a quoted local part hides anything.
_LOCAL = r"[A-Za-z0-9#$&'*+/=?^_`{|}~.-]{1,64}"
_RECIPIENT = re.compile(rf"{_LOCAL}@{_DOMAIN}|postmaster", re.IGNORECASE)
# The sender is free text and no key to anything: printable is enough.
_SENDER = re.compile(r"(?!@|.*@$)[!-;=?-~]{1,254}|")
_PATH = re.compile(r"\s*(?:<(?P<path>[^<>]*)>|(?P<bare>[^<>\s]+))(?P<rest>(?:\s.*)?)", re.DOTALL)
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~]+))?")
_SIZE = re.compile(r"[0-9]{1,20}", re.ASCII)

BAD_SENDER = "501 5.1.7 Syntax: MAIL FROM:<address> [parameters]"
BAD_PARAMETER = "501 5.5.4 Bad parameter"
BAD_RECIPIENT = "553 5.1.3 Not an address that this server takes mail for"
UNKNOWN_PARAMETER = "555 5.5.4 Parameter not known"
TOO_BIG = "552 5.3.4 The mail is larger than this server accepts"


class Refusal(Exception):
    """What the peer says is refused; the text is the whole reply."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What MAIL said: ``""`` is the null sender."""

    address: str
    #: Bytes; None where nothing was announced.
    announced: int | None


def sender(argument: str | None, max_size: int, *, extended: bool) -> Sender:
    """The argument of MAIL, such as ``FROM:<a@b> SIZE=100``.

    Raises:
        Refusal: 501, 552 or 555.
    """
    address, rest = _path(argument, "FROM:", BAD_SENDER)
    if not _SENDER.fullmatch(address):
        raise Refusal(BAD_SENDER)
    parameters = _parameters(rest)
    if parameters and not extended:
        raise Refusal(UNKNOWN_PARAMETER)
    if parameters.pop("BODY", "7BIT").upper() not in {"7BIT", "8BITMIME"}:
        raise Refusal(BAD_PARAMETER)
    announced = _size(parameters, max_size)
    # RFC 4954: whom the relay vouches for; it is no proof of anything and is not kept.
    parameters.pop("AUTH", None)
    if parameters:
        raise Refusal(UNKNOWN_PARAMETER)
    return Sender(address, announced)


def recipient(argument: str | None) -> str:
    """The argument of RCPT, such as ``TO:<a@b>``.

    Raises:
        Refusal: 501, 553 or 555.
    """
    address, rest = _path(argument, "TO:", "501 5.5.4 Syntax: RCPT TO:<address>")
    if not _RECIPIENT.fullmatch(address) or len(address) > 254:
        raise Refusal(BAD_RECIPIENT)
    if _parameters(rest):
        raise Refusal(UNKNOWN_PARAMETER)
    return address


def allowed(address: str, entries: Collection[str]) -> bool:
    """Whether an address is in a list of addresses and @domains; an empty list takes all."""
    if not entries:
        return True
    wanted = address.casefold()
    domain = "@" + wanted.rpartition("@")[2]
    return any(entry.casefold() in {wanted, domain} for entry in entries)


def _path(argument: str | None, keyword: str, complaint: str) -> tuple[str, str]:
    text = argument or ""
    if text[: len(keyword)].upper() != keyword:
        raise Refusal(complaint)
    match = _PATH.fullmatch(text[len(keyword) :])
    if match is None:
        raise Refusal(complaint)
    path = match["path"] if match["path"] is not None else match["bare"]
    return path, match["rest"].strip(" ")


def _parameters(text: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for word in text.split(" "):
        if not word:
            continue
        match = _PARAMETER.fullmatch(word)
        if match is None or match[1].upper() in parameters:
            raise Refusal(BAD_PARAMETER)
        parameters[match[1].upper()] = match[2] or ""
    return parameters


def _size(parameters: dict[str, str], max_size: int) -> int | None:
    if "SIZE" not in parameters:
        return None
    text = parameters.pop("SIZE")
    if not _SIZE.fullmatch(text):
        raise Refusal(BAD_PARAMETER)
    if int(text) > max_size:
        raise Refusal(TOO_BIG)
    return int(text)
