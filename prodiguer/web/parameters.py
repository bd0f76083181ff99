"""Parameters of the path and of the query: each is read, bounded and described in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_to_bytes

from prodiguer.ports.queries import (
    JOB_KINDS,
    JOB_SORTS,
    JOB_STATES,
    SIMULATION_FACETS,
    SIMULATION_SORTS,
    STATES,
)
from prodiguer.web import since
from prodiguer.web.problems import Problem, bad_parameter

Schema = Mapping[str, Any]
#: Of the text and the time now; raises ValueError with a sentence.
Reader = Callable[[str, datetime], Any]

#: Pairs of one query; there are fewer parameters than that anywhere.
MOST_PAIRS = 64
LONGEST_TEXT = 256
LONGEST_PATTERN = 200
MOST_WILDCARDS = 16
LONGEST_CURSOR = 8000

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ID = re.compile(r"[0-9A-Za-z_.@:-]{1,200}")
_CURSOR = re.compile(r"[0-9A-Za-z_=.~-]+")
_WHOLE = re.compile(r"[0-9]{1,9}")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name, how its text is read, and what the documentation says of it."""

    name: str
    read: Reader
    schema: Schema
    summary: str


def _text(name: str, summary: str, longest: int = LONGEST_TEXT) -> Parameter:
    def read(text: str, _: datetime) -> str:
        if len(text) > longest:
            raise ValueError(f"at most {longest} characters")
        return text

    schema = {"type": "string", "minLength": 1, "maxLength": longest}
    return Parameter(name, read, schema, summary)


def _choice(name: str, summary: str, words: Sequence[str], default: str | None = None) -> Parameter:
    def read(text: str, _: datetime) -> str:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text

    schema = {"type": "string", "enum": list(words)}
    return Parameter(name, read, schema | ({"default": default} if default else {}), summary)


def _matching(name: str, summary: str, pattern: re.Pattern[str], what: str) -> Parameter:
    def read(text: str, _: datetime) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(what)
        return text

    return Parameter(name, read, {"type": "string", "pattern": f"^{pattern.pattern}$"}, summary)


def _uuid(name: str, summary: str) -> Parameter:
    return _matching(name, summary, _UUID, "a UUID in lower case")


def _sort(fields: Sequence[str]) -> Parameter:
    words = [sign + field for field in fields for sign in ("", "-")]
    summary = "the field to sort by; `-` before it: the greatest first"
    return _choice("sort", summary, words, "-started_at")


def _limit(text: str, _: datetime) -> int:
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= 1000:
        raise ValueError("a whole number from 1 to 1000")
    return int(text)


def _pattern(text: str, _: datetime) -> str:
    if len(text) > LONGEST_PATTERN:
        raise ValueError(f"at most {LONGEST_PATTERN} characters")
    if text.count("*") > MOST_WILDCARDS:
        raise ValueError(f"at most {MOST_WILDCARDS} wildcards")
    return text


def _boolean(text: str, _: datetime) -> bool:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return text == "true"


LIMIT = Parameter(
    "limit",
    _limit,
    {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50},
    "how many items at most",
)
CURSOR = Parameter(
    "cursor",
    _matching("cursor", "", _CURSOR, "no cursor of a list").read,
    {"type": "string", "maxLength": LONGEST_CURSOR},
    "where to go on: `next` of the page before",
)
SINCE = Parameter(
    "since",
    since.read,
    {"type": "string", "default": "*"},
    "not older than: an RFC 3339 time, one of 1W 2W 1M 2M 3M 6M 12M, or `*` for all",
)
PAGING = (LIMIT, CURSOR)

UID = _uuid("uid", "a UUID in lower case")
ID = _matching("id", "an identifier", _ID, "an identifier of letters, digits and -_.@:")
#: Of a file of the pages; the names are our own build's.
NAME = _matching("name", "the name of a file", _ID, "a name of letters, digits and -_.")
PATH_PARAMETERS: Mapping[str, Parameter] = {"uid": UID, "id": ID, "name": NAME}

STATE = _choice("state", "the state of a run", STATES)
#: Of simulations: a word for each facet.
WORDS = (STATE, *(_text(name, f"the {name}") for name in SIMULATION_FACETS if name != "state"))
Q = Parameter(
    "q",
    _pattern,
    {"type": "string", "minLength": 1, "maxLength": LONGEST_PATTERN},
    "text in the name; `*` stands for any text",
)
TRIES = _choice("tries", "the active try of each run, or all", ("active", "all"), "active")
TRIES_OR_ALL = _choice("tries", "active tries alone, or all", ("active", "all"), "all")
SIMULATION_SORT = _sort(SIMULATION_SORTS)

SIMULATION = _uuid("simulation", "of this simulation")
JOB = _uuid("job", "of this job")
JOB_STATE = _choice("state", "the state of a job", JOB_STATES)
KIND = _choice("kind", "the kind of a job", JOB_KINDS)
JOB_SORT = _sort(JOB_SORTS)

CODE = _text("code", "the code, as received or as routed", 32)
PRODUCER = _text("producer", "the program that sent it")
MAIL = _matching("mail", "of this mail", _ID, "the id of a mail")

REASON = _text("reason", "the word of the reason before the colon")
STAGE = _choice("stage", "where it failed", ("door", "decode", "handle", "route"))
DOOR = _text("door", "the door that it came by", 32)
APP = _text("app", "the app that could not handle it")
RESENT = Parameter("resent", _boolean, {"type": "boolean"}, "sent again already, or not")
ACTION = _text("action", "the name of the transfer's action")


def read_path(values: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The parameters of a path.

    Raises:
        Problem: 400, naming the parameter.
    """
    return {name: _read(PATH_PARAMETERS[name], text, now) for name, text in values.items()}


def read_query(query: str, known: Sequence[Parameter], now: datetime) -> dict[str, Any]:
    """The parameters that a query gives.

    Raises:
        Problem: 400, naming the parameter that is unknown, repeated or bad.
    """
    by_name = {parameter.name: parameter for parameter in known}
    given: dict[str, Any] = {}
    for name, text in _pairs(query):
        if name not in by_name:
            raise bad_parameter(name, f"unknown parameter; known here: {', '.join(by_name)}")
        if name in given:
            raise bad_parameter(name, "given twice")
        given[name] = _read(by_name[name], text, now)
    return given


def _read(parameter: Parameter, text: str, now: datetime) -> Any:
    name = parameter.name
    if not text:
        raise bad_parameter(name, f"{name} is empty")
    longest = parameter.schema.get("maxLength")
    if longest and len(text) > longest:
        raise bad_parameter(name, f"{name} has more than {longest} characters")
    try:
        return parameter.read(text, now)
    except ValueError as error:
        raise bad_parameter(name, f"{name} must be {error}") from None


def _pairs(query: str) -> list[tuple[str, str]]:
    parts = [part for part in query.split("&", MOST_PAIRS) if part]
    if len(parts) > MOST_PAIRS:
        raise Problem(400, f"there are more than {MOST_PAIRS} parameters", parameter="")
    pairs = (part.partition("=") for part in parts)
    return [(_decode(name, name), _decode(text, name)) for name, _, text in pairs]


def _decode(text: str, name: str) -> str:
    if _BAD_ESCAPE.search(text):
        raise bad_parameter(name, "a % must be followed by two hexadecimal digits")
    try:
        decoded = unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeDecodeError:
        raise bad_parameter(name, "the text is not UTF-8") from None
    if _CONTROL.search(decoded):
        raise bad_parameter(name, "the text has control characters")
    return decoded
