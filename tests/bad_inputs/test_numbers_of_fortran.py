"""Numbers as Fortran and shells print them, in the transfers of jobs: B146.

What can be read is a number, what cannot is none; the message itself is archived as it came, the
transfer is counted, and its neighbours act.
"""

from __future__ import annotations

import base64
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from live import Up
from prodiguer.ports.queries import Paging, TransferFilter
from prodiguer.testing import Harness
from prodiguer_metrics import app

#: What a unit may print, and the number that is read.
PRINTED = [
    ("NaN", None),
    ("-NaN", None),
    ("Infinity", None),
    ("+Inf", None),
    ("*****", None),
    ("1.0D+03", None),
    ("1.0d3", None),
    ("1.0-103", None),
    ("1.0E+400", None),
    (".5", 0.5),
    ("5.", 5.0),
    ("+.5E+01", 5.0),
    ("1.0E+03", 1000.0),
    ("1.0E-400", 0.0),
    ("\t512.25", 512.25),
    ("512.25\t", 512.25),
    ("   512.25", 512.25),
    ("512.25\r", 512.25),
    ("512,25", None),
    ("512.\t25", None),
    ("512.25 Mo", None),
    ("0x1p3", None),
    ("1" * 131, None),
    ("(1.0,2.0)", None),
]
FIELDS = ("size_Mo", "duration_ms", "throughput_Mo_s")


@pytest.mark.bad_input("B146")
@pytest.mark.parametrize("field", FIELDS)
def test_a_printed_number_is_read_or_none_and_its_neighbours_act(field: str) -> None:
    with Harness(app) as harness:
        before = harness.send("7000")
        strange = [harness.send("7000", **{field: text}) for text, _ in PRINTED]
        after = harness.send("7000")
        statistics = harness.run_until_idle()

        page = harness.queries.transfers(TransferFilter(), Paging(limit=1000))
        assert harness.dead_letters() == []
    kept: dict[str, Any] = {row["message_uid"]: row for row in page.items}
    assert statistics.handled == page.total == len(PRINTED) + 2
    assert [kept[one.uid][field.lower()] for one in strange] == [value for _, value in PRINTED]
    assert [kept[one.uid]["size_mo"] for one in (before, after)] == [512.25, 512.25]


@pytest.mark.bad_input("B146")
@pytest.mark.parametrize("number", [0.5, 5, 0, -1, True])
def test_a_number_that_is_no_text_is_read_like_its_text(number: float) -> None:
    with Harness(app) as harness:
        harness.send("7000", size_Mo=number)
        harness.run_until_idle()

        (row,) = harness.queries.transfers(TransferFilter(), Paging()).items
    assert row["size_mo"] == (None if number is True or number < 0 else number)


@pytest.mark.bad_input("B146")
def test_at_the_doors_each_is_archived_as_it_came(tmp_path: Path) -> None:
    run = str(uuid.uuid4())
    words = {"actionName": "Put", "dirFrom": "/a", "dirTo": "/b", "simuid": run, "jobuid": run}
    said = [
        {"msgCode": "7000", "msgUID": str(uuid.uuid4()), **words, **dict.fromkeys(FIELDS, text)}
        for text, _ in PRINTED
    ]
    by_mail, by_http = said[::2], said[1::2]
    lines = [base64.b64encode(json.dumps(one).encode() + b"\n") for one in by_mail]
    # A unit that was cut off, and one without quotes: JSON has no such numbers.
    broken = json.dumps({**said[0], "size_Mo": 0}).replace('"size_Mo": 0', '"size_Mo": NaN')
    lines += [lines[0][:40], base64.b64encode(broken.encode())]

    up = Up(tmp_path)
    try:
        up.send_mail(b"Subject: batch\r\n\r\n" + b"\r\n".join(lines) + b"\r\n")
        up.post(by_http)
        up.settle()
        archived = {m["uid"]: m["body"] for m in up.items("/api/v1/messages?code=7000")}
        rows = {row["message_uid"]: row for row in up.items("/api/v1/environment")}
        dead = [letter["reason"] for letter in up.items("/api/v1/dead-letters")]
    finally:
        assert up.stop() == 0

    assert archived == {
        str(one["msgUID"]): {name: v for name, v in one.items() if not name.startswith("msg")}
        for one in said
    }
    read = [rows[str(one["msgUID"])]["size_mo"] for one in said]
    assert read == [value for _, value in PRINTED]
    assert sorted(reason.partition(":")[0] for reason in dead) == ["not-json", "number"]
