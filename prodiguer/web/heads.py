"""The head of a request as bytes: whatever two servers could read in two ways is refused.

The HTTP library is lenient in places (bare line feeds, repeated Content-Length, absolute URIs)
and answers some faults by closing without a word. This check comes before it, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from prodiguer.web.limits import Limits
from prodiguer.web.problems import Problem

_REQUEST = re.compile(rb"([A-Z]{1,20}) ([\x21-\x7e]+) HTTP/1\.([01])")
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\x20-\x7e\t\x80-\xff]*)")
_LENGTH = re.compile(rb"[0-9]{1,18}")
#: Fields that must not come twice: proxies differ in which one they believe.
_ONCE = (b"host", b"content-length", b"transfer-encoding")


def terminator(limits: Limits) -> bytes:
    """A regular expression for the end of a head, or for more bytes than a head may have."""
    return rb"\r?\n\r?\n|\A(?:(?!\r?\n\r?\n)[\s\S]){%d}" % limits.head


def check(head: bytes, limits: Limits) -> None:
    """Refuse a head that is malformed, ambiguous or too large.

    Args:
        head: all bytes up to and with the empty line.
        limits: on its size.

    Raises:
        Problem: 400 or 431.
    """
    if len(head) >= limits.head or not head.endswith(b"\n"):
        if b"\n" not in head[: limits.target]:
            raise _long_target(limits)
        raise Problem(431, f"the headers are larger than {limits.head} bytes")
    # One empty line before a request is what some clients leave behind a body.
    lines = head.removeprefix(b"\r\n").split(b"\r\n")
    if any(b"\n" in line or b"\r" in line or b"\0" in line for line in lines):
        raise Problem(400, "lines of the head must end in CR LF and hold no other control bytes")
    if len(lines) > limits.header_lines + 3:
        raise Problem(431, f"there are more than {limits.header_lines} header lines")
    version = _check_request_line(lines[0], limits)
    _check_fields(_fields(lines[1:-2]), version)


def _check_request_line(line: bytes, limits: Limits) -> bytes:
    match = _REQUEST.fullmatch(line)
    if not match:
        raise Problem(400, "the request line must be METHOD /path HTTP/1.1")
    if len(match[2]) > limits.target:
        raise _long_target(limits)
    if not match[2].startswith(b"/"):
        raise Problem(400, "the request line must have a path alone: this is no proxy")
    return match[3]


def _long_target(limits: Limits) -> Problem:
    return Problem(400, f"the path and the query are longer than {limits.target} bytes")


def _fields(lines: list[bytes]) -> Mapping[bytes, list[bytes]]:
    fields: dict[bytes, list[bytes]] = {}
    for line in lines:
        match = _FIELD.fullmatch(line)
        if not match:
            raise Problem(400, "a header line is malformed")
        fields.setdefault(match[1].lower(), []).append(match[2].strip(b" \t"))
    return fields


def _check_fields(fields: Mapping[bytes, list[bytes]], version: bytes) -> None:
    for name in _ONCE:
        if len(fields.get(name, ())) > 1:
            raise Problem(400, f"the header {name.decode()} is there twice")
    if not fields.get(b"host", [b""])[0]:
        raise Problem(400, "the header host is missing")
    lengths, encodings = fields.get(b"content-length"), fields.get(b"transfer-encoding")
    if lengths and not _LENGTH.fullmatch(lengths[0]):
        raise Problem(400, "the header content-length must be a number of bytes")
    if encodings and (lengths or version == b"0" or encodings[0].lower() != b"chunked"):
        raise Problem(400, "a body has either a content-length or transfer-encoding: chunked")
