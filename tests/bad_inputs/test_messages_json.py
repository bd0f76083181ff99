"""What is no JSON, or not quite, at every door."""

from __future__ import annotations

import gzip
import json
import pickle

import pytest

from prodiguer.wire import codec, elements
from support.counting import calls
from support.doors import DOORS, HEAD, over_amqp, reason, with_field
from support.wire import items, line, mail, messages

every_door = pytest.mark.parametrize("door", DOORS)
#: A member `"a":` stands at this byte of a message made by `with_field`.
AT = len(HEAD)


@pytest.mark.bad_input("B039")
@every_door
@pytest.mark.parametrize("raw", [b"", b" \n", b"null", b"true", b"1", b'"x"', b"[]", b"[{}]"])
def test_what_is_no_object_is_refused(door: str, raw: bytes) -> None:
    assert reason(door, raw) == "not-object"


@pytest.mark.bad_input("B039")
@pytest.mark.parametrize("door", ["http", "mail"])
def test_an_empty_object_lacks_its_code(door: str) -> None:
    assert reason(door, b"{}") == "missing-fields: msgCode"


@pytest.mark.bad_input("B040")
@every_door
@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b'{"msgCode":"1100"', 17),
        (b'{"a":1} x', 8),
        (b'{"a":1}{"b":2}', 7),
        (b'{"a":1}\n{"b":2}\n', 8),
        (b'{"a":1 /* comment */}', 7),
        (b"{'a':1}", 1),
        (b'{"a":1,}', 7),
        (b'{"a":[1,]}', 8),
        (b'{"a":01}', 6),
        (b'{"a":"\t"}', 6),
        ('{"é":é}'.encode(), 6),
    ],
)
def test_broken_syntax_is_refused_with_its_place(door: str, raw: bytes, place: int) -> None:
    assert reason(door, raw) == f"not-json: byte {place}"


@pytest.mark.bad_input("B041")
@every_door
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999"])
def test_numbers_that_are_none_are_refused(door: str, number: str) -> None:
    assert reason(door, with_field(f'"a":[{number}]'.encode())) == f"number: {number}"


@pytest.mark.bad_input("B041")
@every_door
@pytest.mark.parametrize(
    ("number", "value"), [("-0", 0), ("1e-400", 0.0), ('"0.1"', "0.1"), ("0.1", 0.1)]
)
def test_small_numbers_and_texts_are_taken(door: str, number: str, value: object) -> None:
    assert DOORS[door](with_field(f'"a":{number}'.encode())).body["a"] == value


@pytest.mark.bad_input("B042")
@every_door
@pytest.mark.parametrize("number", [2**53, -(2**53), 0])
def test_integers_that_every_language_holds_are_taken(door: str, number: int) -> None:
    assert DOORS[door](with_field(f'"a":{number}'.encode())).body["a"] == number


@pytest.mark.bad_input("B042")
@every_door
@pytest.mark.parametrize(
    "digits", [str(2**53 + 1), str(2**63 - 1), str(2**63), str(2**64), "9" * 4300, "9" * 5000]
)
def test_greater_integers_are_refused(door: str, digits: str) -> None:
    shown = digits if len(digits) <= 60 else digits[:59] + "…"

    assert reason(door, with_field(f'"a":{digits}'.encode())) == f"number: {shown}"


def nested(levels: int, kind: str) -> bytes:
    """A value of so many levels."""
    opening, closing = {
        "arrays": (b"[", b"]"),
        "objects": (b'{"a":', b"}"),
        "mixed": (b'[{"a":', b"}]"),
    }[kind]
    count = levels // 2 if kind == "mixed" else levels
    rest = b"[]" if kind == "mixed" and levels % 2 else b"1"
    return opening * count + rest + closing * count


@pytest.mark.bad_input("B043")
@every_door
@pytest.mark.parametrize("kind", ["arrays", "objects", "mixed"])
def test_32_levels_are_taken_and_33_are_not(door: str, kind: str) -> None:
    assert reason(door, with_field(b'"a":' + nested(31, kind))) is None
    refused = reason(door, with_field(b'"a":' + nested(32, kind)))
    assert refused is not None
    assert refused.startswith("depth: byte ")


@pytest.mark.bad_input("B043")
@every_door
@pytest.mark.parametrize("levels", [1000, 100_000])
@pytest.mark.parametrize("kind", ["arrays", "objects", "mixed"])
def test_a_bomb_of_levels_is_refused_after_33_of_them(door: str, levels: int, kind: str) -> None:
    raw = with_field(b'"a":' + nested(levels, kind))
    found = []

    work = calls(lambda: found.append(reason(door, raw)))

    assert found[0] is not None
    assert found[0].startswith("depth: byte ")
    assert work < 300


@pytest.mark.bad_input("B043")
@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b'{"a":"[' + b"[" * 100_000])
def test_a_bomb_without_an_end_is_refused_as_quickly(raw: bytes) -> None:
    found = []

    work = calls(lambda: found.append(reason("http", raw)))

    assert str(found[0]).startswith(("depth: byte ", "not-json: byte 5"))
    assert work < 300


@pytest.mark.bad_input("B043")
@every_door
def test_a_bomb_behind_a_long_text_is_found_in_its_place(door: str) -> None:
    text = b'"data":"' + b"[" * 100_000 + b'","a":'

    assert reason(door, with_field(text + nested(31, "arrays"))) is None
    assert reason(door, with_field(text + nested(32, "arrays"))) == (
        f"depth: byte {AT + len(text) + 31}"
    )


@pytest.mark.bad_input("B043")
def test_brackets_in_texts_are_no_levels() -> None:
    assert reason("http", with_field(b'"a":"' + b"[" * 60_000 + b'\\"{"')) is None


@pytest.mark.bad_input("B043")
def test_a_bomb_among_the_elements_of_a_body_harms_no_neighbour() -> None:
    bomb = b"[" * 100_000 + b"]" * 100_000
    body = b"[" + with_field(b'"a":1') + b"," + bomb + b"," + with_field(b'"a":2') + b"]"

    found = [reason("http", element) for element in elements.split(body)]

    assert found == [None, "depth: byte 32", None]


@pytest.mark.bad_input("B044")
@every_door
def test_a_million_keys_or_a_key_of_a_million_characters_are_refused(door: str) -> None:
    keys = ",".join(f'"{number}":0' for number in range(90_000)).encode()
    million = ",".join(f'"{number}":0' for number in range(1_000_000)).encode()
    wide = b'"' + b"k" * 1_000_000 + b'":0'

    assert reason(door, with_field(keys)) == "too-large: keys"
    whole = "line" if door == "mail" else "message"
    assert reason(door, with_field(million)) == f"too-large: {whole}"
    assert reason(door, with_field(wide)) == "too-large: key"


@pytest.mark.bad_input("B044")
@every_door
@pytest.mark.parametrize("key", ["", "__proto__", "constructor", "$where", "__class__", "a.b"])
def test_strange_keys_are_plain_data(door: str, key: str) -> None:
    member = json.dumps({key: "value"}).encode()[1:-1]

    assert DOORS[door](with_field(member)).body[key] == "value"


@pytest.mark.bad_input("B045")
@every_door
@pytest.mark.parametrize(
    ("member", "key"),
    [
        (b'"msgCode":"0000"', "msgCode"),
        (b'"a":1,"a":1', "a"),
        (b'"a":{"b":1,"b":2}', "b"),
        (b'"a":1,"\\u0061":2', "a"),
    ],
)
def test_the_same_key_twice_is_refused(door: str, member: bytes, key: str) -> None:
    assert reason(door, with_field(member)) == f"duplicate-key: {key}"


@pytest.mark.bad_input("B046")
@every_door
@pytest.mark.parametrize(
    ("member", "where"),
    [
        (b'"a":"x\\u0000y"', "a"),
        (b'"a":["x",{"b":"\\u0000"}]', "a.1.b"),
        (b'"a\\u0000":1', "a\\x00"),
        (b'"a":"x\x00y"', f"byte {AT + 6}"),
        (b'"a":1\x00', f"byte {AT + 5}"),
    ],
)
def test_a_nul_is_refused_wherever_it_hides(door: str, member: bytes, where: str) -> None:
    assert reason(door, with_field(member)) == f"nul: {where}"


@pytest.mark.bad_input("B046")
@every_door
def test_a_backslash_before_such_an_escape_makes_it_plain_text(door: str) -> None:
    assert DOORS[door](with_field(rb'"a":"\\u0000"')).body["a"] == "\\u0000"


@pytest.mark.bad_input("B047")
@every_door
@pytest.mark.parametrize(
    ("member", "where"),
    [
        (b'"a":"\\ud800"', "a"),
        (b'"a":"\\udc00\\ud800"', "a"),
        (b'"a\\udfff":1', "a\\udfff"),
        (b'"a":"\xed\xa0\x80"', f"byte {AT + 5}"),
        (b'"a":"\xed\xa0\xbd\xed\xb8\x80"', f"byte {AT + 5}"),
        (b'"a":"\xc0\xaf"', f"byte {AT + 5}"),
        (b'"a":"\xe9"', f"byte {AT + 5}"),
    ],
)
def test_what_is_no_utf8_is_refused(door: str, member: bytes, where: str) -> None:
    assert reason(door, with_field(member)) == f"encoding: {where}"


@pytest.mark.bad_input("B047")
@every_door
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_and_byte_order_marks_are_refused(door: str, encoding: str) -> None:
    raw = with_field(b'"a":"x"').decode().encode(encoding)

    assert reason(door, raw) == "encoding: byte 0"


@pytest.mark.bad_input("B047")
@every_door
def test_utf7_is_plain_text(door: str) -> None:
    assert DOORS[door](with_field(b'"a":"+AOk-"')).body["a"] == "+AOk-"


@pytest.mark.bad_input("B049")
@every_door
@pytest.mark.parametrize(("size", "refused"), [(65_536, None), (65_537, "too-large: a")])
def test_a_text_has_65536_characters_at_most(door: str, size: int, refused: str | None) -> None:
    assert reason(door, with_field(b'"a":"' + b"x" * size + b'"')) == refused
    assert reason(door, with_field(b'"a":"\\n' + b"x" * (size - 1) + b'"')) == refused
    assert reason(door, with_field(b'"a":"' + "é".encode() * size + b'"')) == refused


@pytest.mark.bad_input("B049")
@every_door
@pytest.mark.parametrize("field", ["configuration", "data", "metrics"])
def test_fields_that_carry_files_may_be_longer(door: str, field: str) -> None:
    raw = with_field(b'"%s":"%s"' % (field.encode(), b"x" * 900_000))

    assert reason(door, raw) is None


@pytest.mark.bad_input("B049")
def test_a_text_of_ten_megabytes_is_refused_by_its_size_alone() -> None:
    raw = with_field(b'"a":"' + b"x" * 10_000_000 + b'"')

    assert reason("http", raw) == "too-large: message"
    assert reason("amqp", raw) == "too-large: message"
    assert reason("mail", raw) == "too-large: line"


@pytest.mark.bad_input("B055")
@pytest.mark.parametrize("door", ["http", "amqp"])
def test_backslashes_of_a_shell_are_refused_by_programs(door: str) -> None:
    assert reason(door, with_field(rb'"a":"C:\temp\x"')) == f"not-json: byte {AT + 12}"


@pytest.mark.bad_input("B055")
def test_backslashes_of_a_shell_are_removed_from_a_mail_and_marked() -> None:
    message = DOORS["mail"](with_field(rb'"a":"C:\temp\x"'))

    assert message.body["a"] == "C:tempx"
    assert message.flags == ("repaired-backslashes",)


@pytest.mark.bad_input("B055")
@pytest.mark.parametrize(
    ("member", "refused"),
    [
        (rb'"a":"\x","b":"\u0000"', "not-json"),
        (rb'"a":"\x","b":"\ud800"', "not-json"),
        (rb'"a":"\x","b":NaN', "number"),
        (rb'"a":"\x","a":"\x"', "duplicate-key"),
        (rb'"a":"\u0000"', "nul"),
        (rb'"a":"\ud800"', "encoding"),
    ],
)
def test_nothing_is_repaired_where_the_backslash_is_the_evidence(
    member: bytes, refused: str
) -> None:
    assert str(reason("mail", with_field(member))).startswith(refused)


@pytest.mark.bad_input("B073")
@pytest.mark.parametrize("door", ["http", "mail"])
def test_a_message_has_a_mebibyte_and_not_a_byte_more(door: str) -> None:
    frame = len(with_field(b'"data":""'))
    exact = with_field(b'"data":"' + b"x" * (2**20 - frame) + b'"')
    newline = b"" if door == "http" else b"\n"

    assert len(exact) == 2**20
    assert reason(door, exact) is None
    assert reason(door, exact.replace(b'"data":"', b'"data":"x') + newline) == "too-large: message"


@pytest.mark.bad_input("B073")
def test_a_body_from_a_broker_may_hold_an_attachment_besides() -> None:
    assert over_amqp(b'{"data":"' + b"x" * 2**21 + b'"}').body.keys() == {"data"}
    assert reason("amqp", b" " * (3 * 2**20 + 1)) == "too-large: message"


XML_BOMB = b'<!DOCTYPE a [<!ENTITY b "xxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.bad_input("B075")
@every_door
@pytest.mark.parametrize(
    ("raw", "refused"),
    [
        (pickle.dumps({"msgCode": "0000"}), "encoding: byte 0"),
        (b"msgCode: '0000'\n", "not-json: byte 0"),
        (b"!!python/object/apply:os.system ['true']", "not-json: byte 0"),
        (b"\x81\xa7msgCode\xa40000", "encoding: byte 0"),
        (XML_BOMB, "not-json: byte 0"),
    ],
    ids=["pickle", "yaml", "yaml-object", "msgpack", "xml"],
)
def test_other_formats_are_refused_and_never_loaded(door: str, raw: bytes, refused: str) -> None:
    assert reason(door, raw) == refused


@pytest.mark.bad_input("B076")
@every_door
def test_a_compressed_bomb_is_never_inflated(door: str) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)

    work = calls(lambda: reason(door, bomb))

    assert reason(door, bomb) == "encoding: byte 1"
    assert work < 100


@pytest.mark.bad_input("B077")
def test_the_same_message_a_hundred_times_has_one_id_and_one_content() -> None:
    raw = with_field(b'"a":1')

    found = messages(items(mail(*[line(raw)] * 100)))

    assert len(found) == 100
    assert {(message.uid, message.digest) for message in found} == {
        (found[0].uid, codec.digest(json.loads(raw)))
    }
