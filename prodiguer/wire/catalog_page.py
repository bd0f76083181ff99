"""The page of the manual that shows every message type, made from their class lines."""

from __future__ import annotations

from collections.abc import Iterable

from prodiguer.domain.message import MessageType
from prodiguer.wire import base64_text, fields, intake, repair, sequence
from prodiguer.wire.catalog import Catalog

_HEAD = """# Messages

Made from the message types themselves: `scripts/docs` writes this page.

A message is one JSON object. In a mail and over HTTP it carries its envelope in fields that begin
with `msg`: `msgCode` is required; `msgUID`, `msgTimestamp`, `msgProducer`, `msgProducerVersion`,
`msgSeq` and `msgBoot` are optional. Fields that are not named here are kept. The empty text and the
text `null` mean that there is no value.
"""

_INTERNAL = """
## Internal messages

Only the platform itself may say these codes; at every door they become dead letters.
"""

_FLAGS = {
    intake.UID_DERIVED: "it came without `msgUID`: its id is made of its bytes and its mail's Date",
    intake.TIMESTAMP_MISSING: "it came without a time: that of its mail, or of its arrival, counts",
    intake.TIMESTAMP_FUTURE: "its time is more than an hour after its arrival, which counts",
    intake.PRODUCER_INVALID: "its producer is no word of `a-z`, `0-9`, `_`, `-`: it is `unknown`",
    fields.DELAY_DEFAULT: "its jobWarningDelay is not 1 to 1,000,000,000 s: the default counts",
    fields.CARD_MISSING: "a simulation started without its config card",
    sequence.INVALID: "its `msgSeq` or `msgBoot` makes no sense and is left out",
    base64_text.REPAIRED: "its base64 lacked its padding",
    repair.REPAIRED: "its JSON could be read only without its backslashes",
}

_FLAGS_HEAD = """
## Flags

A message that is taken although something had to be guessed or repaired says so.

| flag | meaning |
|---|---|"""


def messages_page(catalog: Catalog) -> str:
    """Markdown: a table of all types, then each type with its fields."""
    types = [type_.TYPE for type_ in catalog]
    public = [declared for declared in types if not declared.internal]
    internal = [declared for declared in types if declared.internal]
    lines = [_HEAD, *_table(public)]
    for declared in public:
        lines += _section(declared)
    lines += [_INTERNAL, *_table(internal), _FLAGS_HEAD]
    lines += [f"| `{flag}` | {meaning} |" for flag, meaning in _FLAGS.items()]
    return "\n".join(lines) + "\n"


def _table(types: Iterable[MessageType]) -> list[str]:
    rows = [f"| `{t.code}` | {t.name} | {t.app} | {t.summary} |" for t in types]
    return ["| code | name | app | meaning |", "|---|---|---|---|", *rows]


def _section(declared: MessageType) -> list[str]:
    required = ", ".join(_required(declared, name) for name in declared.required) or "none"
    optional = ", ".join(f"`{name}`" for name in declared.optional) or "none"
    lines = [
        "",
        f"## {declared.code}: {declared.name}",
        "",
        declared.summary,
        "",
        f"- routing: `{declared.binding()}`",
        f"- required: {required}",
        f"- optional: {optional}",
    ]
    return [*lines, *_attachment(declared)]


def _required(declared: MessageType, name: str) -> str:
    return f"`{name}` (may be empty)" if name in declared.may_be_empty else f"`{name}`"


def _attachment(declared: MessageType) -> list[str]:
    if declared.attachment is None:
        return []
    if declared.attachment_each:
        return [
            f"- in a mail: each attachment makes one message and becomes its `{_field(declared)}"
        ]
    return [f"- in a mail: its attachment becomes `{_field(declared)}"]


def _field(declared: MessageType) -> str:
    required = declared.attachment in declared.required
    return f"{declared.attachment}`" + (", without one it is a dead letter" if required else "")
