"""Entity tags: what a client says of what it has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
#: Tags of one header that are looked at.
_MOST = 100

_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """JSON in UTF-8, times as RFC 3339 in UTC."""
    return _encoder.encode(value)


def etag_of(content: bytes) -> str:
    """The tag of an answer's bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def etag(value: Any) -> str:
    """The tag that the answer with this value has."""
    return etag_of(encode(value))


def page_etag(value: Mapping[str, Any]) -> str:
    """The tag of a page, a weak one: two cursors to one place differ in when they were made."""
    return f"W/{etag({**value, 'next': value['next'] is not None})}"


def matches(header: str, tag: str) -> bool:
    """Whether If-None-Match or If-Match means this tag."""
    if header.strip() == "*":
        return True
    tag = tag.removeprefix("W/")
    return tag in [match[1] for match, _ in zip(_TAG.finditer(header), range(_MOST), strict=False)]
