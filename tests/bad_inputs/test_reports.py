"""Model metrics and accounting reports: kept byte for byte, within limits (B071, B072).

Nothing takes them apart in this release: the archive is what later readers will read.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

import prodiguer_archive
from prodiguer.domain.message import Message
from prodiguer.ports.queries import MessageFilter, Paging
from prodiguer.testing import Harness
from support.counting import peak
from support.wire import batch, dead, items, messages, multipart, part, said

MIB = 1024 * 1024


def archived(message: Message) -> Any:
    """The body that the archive shows of it."""
    with Harness(prodiguer_archive.app) as harness:
        harness.publish(message)
        harness.run_until_idle()
        assert harness.dead_letters() == []
        (view,) = harness.queries.messages(MessageFilter(), Paging()).items
    return view["body"]


def table(columns: list[str], rows: list[list[Any]]) -> bytes:
    return json.dumps({"metrics": rows, "columns": columns}).encode()


TABLES = {
    "no rows": table(["a"], []),
    "ragged rows": table(["a", "b"], [[1], [1, 2, 3], []]),
    "NaN cells": table(["a"], [[float("nan")], [float("inf")]]),
    "columns of a database": table(["_id", "$set", "__proto__", "a.b"], [[1, 2, 3, 4]]),
    "duplicate columns": table(["a", "a"], [[1, 2]]),
    "10,000 columns": table([f"c{n}" for n in range(10_000)], [list(range(10_000))]),
    "no JSON": b"a b c\n1 2 3\n",
    "deep": b"[" * 100_000,
    "binary": bytes(range(256)),
}


@pytest.mark.bad_input("B071")
@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
def test_a_table_of_metrics_is_kept_as_it_is(content: bytes) -> None:
    kind = "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    attached = part(base64.encodebytes(content), name="metrics.json", headers=kind)

    found = items(multipart(batch(said("7100", metrics=None)), attached))

    assert dead(found) == []
    (message,) = messages(found)
    assert base64.b64decode(archived(message)["metrics"]) == content


@pytest.mark.bad_input("B071")
@pytest.mark.parametrize("group", ["../../etc", "_id", "$where", "a\nb", "<script>", "x" * 65_536])
def test_the_name_of_a_group_is_plain_text(group: str) -> None:
    (message,) = messages(items(multipart(batch(said("7100", metricsGroupName=group)))))

    assert archived(message)["metricsGroupName"] == group


@pytest.mark.bad_input("B071")
def test_a_million_rows_are_too_large_and_kept_whole_beside_their_neighbours() -> None:
    content = table(["a"], [[n] for n in range(1_000_000)])
    lines = batch(said("7100", metrics=None), said("1100"))

    found = items(multipart(lines, part(content, name="metrics.json")))

    assert [message.code for message in messages(found)] == ["1100"]
    assert [letter.reason for letter in dead(found)] == [
        "too-large: attachment",
        "missing-attachment: metrics",
    ]
    assert dead(found)[0].bytes == content


REPORTS = {
    "another footer": b"Project gen7806\n u1 100.00\n-- end of the report, version 9 --\n",
    "another language": "Проект gen7806: 100,00 heures consommées\n".encode(),
    "latin-1": "Comptabilité\n".encode("latin-1"),
    "the year before": b"Accounting for project gen7806 on Curie at 1970-12-31\n",
    "no report at all": b"bash: ccc_myproject: command not found\n",
    "a page": b"<html><script>alert(1)</script></html>\n",
}


@pytest.mark.bad_input("B072")
@pytest.mark.parametrize("content", REPORTS.values(), ids=REPORTS)
def test_a_report_that_nobody_recognises_is_kept_as_it_is(content: bytes) -> None:
    found = items(multipart(batch(said("7010", data=None)), part(content, name="cpt.dat")))

    assert dead(found) == []
    (message,) = messages(found)
    assert base64.b64decode(archived(message)["data"]) == content


@pytest.mark.bad_input("B072")
@pytest.mark.parametrize("content", [b"", b"\r\n \r\n"])
def test_an_empty_report_is_none_and_its_neighbours_act(content: bytes) -> None:
    lines = batch(said("7010", data=None), said("1100"))

    found = items(multipart(lines, part(content, name="cpt.dat")))

    assert [message.code for message in messages(found)] == ["1100"]
    assert [(one.reason, one.position) for one in dead(found)] == [("missing-attachment: data", 1)]


@pytest.mark.bad_input("B072")
def test_a_report_of_50_megabytes_is_too_large_and_kept_whole() -> None:
    content = b"Project gen7806 u1 100.00\n" * (50 * MIB // 26)
    raw = multipart(batch(said("7010", data=None), said("1100")), part(content, name="cpt.dat"))
    found: list[Any] = []

    used = peak(lambda: found.extend(items(raw)))

    assert [message.code for message in messages(found)] == ["1100"]
    assert [letter.reason for letter in dead(found)] == [
        "too-large: attachment",
        "missing-attachment: data",
    ]
    assert dead(found)[0].bytes == content
    # The mail itself is in memory here; the letter is one more copy, and joining it another.
    assert used < 4 * len(raw)
