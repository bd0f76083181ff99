"""Bodies of the intake that are no messages: B115."""

import json
from typing import Any

import pytest

from support.web import Client, Reply
from support.web_platform import Platform, element

PATH = "/api/v1/messages"
#: The dead letters of the story.
BEFORE = 2


def good(**fields: Any) -> bytes:
    return json.dumps({**element(), **fields}).encode()


def spliced(text: str) -> bytes:
    """A sound message with this text as the value of a field, or as a field of its own."""
    return good().removesuffix(b"}") + b", " + text.encode("utf-8", "surrogatepass") + b"}"


def post(client: Client, body: bytes) -> Reply:
    return client.post(PATH, body)


def stored(client: Client) -> tuple[int, int]:
    """Messages that wait for the archive, and dead letters that came by these bodies."""
    queues = {queue["name"]: queue["ready"] for queue in client.get("/api/v1/stats").json["queues"]}
    return queues["test.archive"], client.get("/api/v1/dead-letters").json["total"] - BEFORE


@pytest.mark.bad_input("B115")
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-json"),
        (b" \r\n\t ", "not-json"),
        (b"null", "not-object"),
        (b"true", "not-object"),
        (b"1", "not-object"),
        (b'"x"', "not-object"),
        (good()[:-1], "not-json"),
        (good() + b"x", "not-json"),
        (good() + good(), "not-json"),
        (good() + b"\n" + good(), "not-json"),
        (b"// a comment\n" + good(), "not-json"),
        (good().replace(b'"', b"'"), "not-json"),
        (b"[" + good() + b",]", "not-json"),
        (b"[" + good(), "not-json"),
        (b"[" + good() + b"]]", "not-json"),
        (b"msgCode=1100&msgUID=x", "not-json"),
        (b"<message/>", "not-json"),
        (b"\x80\x04\x95pickle.", "not-json"),
        (b"\x1f\x8b\x08\x00", "not-json"),
    ],
)
def test_a_body_that_is_no_object_and_no_array_is_400_and_nothing_of_it_is_stored(
    client: Client, body: bytes, reason: str
) -> None:
    reply = post(client, body)

    assert reply.status == 400
    assert reply.json["reason"].split(":")[0] == reason
    assert stored(client) == (0, 0)


@pytest.mark.bad_input("B115")
@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (b"{}", "missing-fields"),
        (b"null", "not-object"),
        (b"1", "not-object"),
        (b"[]", "not-object"),
        (spliced('"x": NaN'), "number"),
        (spliced('"x": Infinity'), "number"),
        (spliced('"x": -Infinity'), "number"),
        (spliced('"x": 1e400'), "number"),
        (spliced('"x": 18446744073709551616'), "number"),
        (spliced('"x": ' + "9" * 4300), "number"),
        (spliced('"x": ' + "9" * 5000), "number"),
        (spliced('"x": ' + "[" * 33 + "]" * 33), "depth"),
        (spliced('"x": ' + "[" * 1000 + "]" * 1000), "depth"),
        (spliced('"x": ' + '{"a":' * 1000 + "1" + "}" * 1000), "depth"),
        (spliced('"msgCode": "0000"'), "duplicate-key"),
        (spliced('"x": {"a": 1, "a": 2}'), "duplicate-key"),
        (spliced('"x": "\\u0000"'), "nul"),
        (spliced('"\\u0000": 1'), "nul"),
        (spliced('"x": "\\ud800"'), "encoding"),
        (spliced('"x": "\\udc00\\ud800"'), "encoding"),
        (spliced('"x": "' + "a" * 10_000_000 + '"'), "too-large"),
    ],
)
def test_a_bad_element_is_a_dead_letter_and_its_neighbours_act(
    client: Client, element: bytes, reason: str
) -> None:
    reply = post(client, b"[" + good() + b"," + element + b"]")

    assert reply.status == 202
    assert reply.json["accepted"] == 1
    (dead,) = reply.json["dead"]
    assert (dead["index"], dead["reason"].split(":")[0]) == (1, reason)
    assert stored(client) == (1, 1)


@pytest.mark.bad_input("B115")
@pytest.mark.parametrize("extra", ['"x": -0', '"x": 1e-400', '"x": "0.1"', '"__proto__": 1'])
def test_an_element_with_odd_but_sound_values_is_accepted(client: Client, extra: str) -> None:
    reply = post(client, spliced(extra))

    assert (reply.status, reply.json["dead"]) == (202, [])
    assert stored(client) == (1, 0)


@pytest.mark.bad_input("B115")
@pytest.mark.parametrize(
    "body",
    [
        good().decode().encode("utf-16"),
        good().decode().encode("utf-32"),
        good(note="?").replace(b"?", b"\xe9"),
        good(note="?").replace(b"?", b"\xc0\x80"),
        good(note="?").replace(b"?", b"\xed\xa0\x80"),
    ],
)
def test_a_body_that_is_no_utf_8_is_never_taken_for_what_it_is_not(
    client: Client, body: bytes
) -> None:
    reply = post(client, body)

    if reply.status == 202:
        assert [dead["reason"].split(":")[0] for dead in reply.json["dead"]] == ["encoding"]
        assert stored(client) == (0, 1)
    else:
        assert reply.status == 400
        assert stored(client) == (0, 0)


@pytest.mark.bad_input("B115")
def test_an_array_of_a_hundred_thousand_brackets_is_refused_in_no_time(client: Client) -> None:
    reply = post(client, b"[" * 100_000)

    assert reply.status == 400
    assert stored(client) == (0, 0)


@pytest.mark.bad_input("B115")
def test_a_million_keys_are_bounded(platform: Platform) -> None:
    keys = ",".join(f'"k{n}":1' for n in range(1_000_000))
    client = platform.serve()

    reply = post(client, b"[" + good() + b"," + spliced(keys) + b"]")

    assert reply.status == 202
    assert [dead["reason"].split(":")[0] for dead in reply.json["dead"]] == ["too-large"]


@pytest.mark.bad_input("B115")
def test_an_empty_array_is_nothing_to_do(client: Client) -> None:
    assert post(client, b"[]").json == {"accepted": 0, "duplicates": 0, "dead": []}
    assert stored(client) == (0, 0)
