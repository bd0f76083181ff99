"""One file a code: what clients write, and what it becomes; every client is held against them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from prodiguer.wire import codec, intake
from prodiguer.wire.envelope import to_amqp
from prodiguer.wire.mail import read_line
from support.wire import CATALOG, HTTP, line, read

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = sorted(GOLDEN.glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_message_becomes_what_its_file_says(path: Path) -> None:
    golden = load(path)

    message = read(golden["wire"])
    key, properties, body = to_amqp(message)

    assert key == golden["routing_key"]
    assert codec.decode_object(body) == golden["body"]
    assert properties.type == path.stem
    assert properties.headers["timestamp"] == golden["timestamp"]
    assert message.flags == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_message_is_the_same_in_a_mail(path: Path) -> None:
    golden = load(path)["wire"]

    assert read_line(line(golden), HTTP, CATALOG) == intake.read_element(
        json.dumps(golden).encode(), HTTP, CATALOG
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_message_shows_each_field_of_its_type(path: Path) -> None:
    golden = load(path)
    type_ = CATALOG.find(path.stem)

    assert type_ is not None
    assert golden["name"] == type_.TYPE.name
    named = {*type_.TYPE.required, *type_.TYPE.optional}
    assert named <= golden["wire"].keys()
    assert golden["body"].keys() <= named


def test_each_code_that_clients_may_send_has_one() -> None:
    codes = {type_.TYPE.code for type_ in CATALOG if not type_.TYPE.internal}

    assert {path.stem for path in FILES} == codes
