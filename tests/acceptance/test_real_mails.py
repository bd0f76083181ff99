"""Mails that supercomputers really sent, by SMTP, to the state of their runs."""

from __future__ import annotations

import random
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from live import Up

RUN_2014 = "b3d64c0e-3b2a-4bf1-8a7f-276e99e45896"
FAILED_2015 = "71105649-17e8-491a-8f8f-4ee26a22524d"
FIRST_TRY_2015 = "6d773248-70eb-4a49-8ede-2590b18b68f3"

pytestmark = pytest.mark.slow


def mails(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.eml"))]


def trace(folder: Path) -> dict[str, str]:
    """Of each message id its code."""
    lines = (folder / "trace.txt").read_text().splitlines()[1:]
    rows = [[word.strip().strip("'") for word in line.split(",")] for line in lines if line]
    return {row[2]: row[1] for row in rows}


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Iterator[Up]:
    process = Up(tmp_path_factory.mktemp("data"))
    for mail in [
        *mails(real_data / "mail" / "run-2014"),
        *mails(real_data / "mail" / "run-2015"),
    ]:
        process.send_mail(mail)
    process.settle()
    yield process
    assert process.stop() == 0


def test_each_message_of_2014_is_stored_exactly_once(up: Up, real_data: Path) -> None:
    expected = trace(real_data / "mail" / "run-2014")

    stored = up.items(f"/api/v1/messages?simulation={RUN_2014}")

    assert len(expected) == 6045
    assert Counter((m["uid"], m["code"]) for m in stored) == Counter(expected.items())


def test_no_real_mail_leaves_a_dead_letter(up: Up) -> None:
    assert up.get("/api/v1/dead-letters")["total"] == 0


def test_the_run_of_2014_is_complete_with_its_card_and_two_jobs(up: Up) -> None:
    run = up.get(f"/api/v1/simulations/{RUN_2014}")
    jobs = up.get(f"/api/v1/simulations/{RUN_2014}/jobs")["items"]

    assert run["state"] == "complete"
    assert run["progress"] == 1.0
    assert "[UserChoices]" in run["config_card"]
    assert [job["state"] for job in jobs] == ["complete", "complete"]
    assert run["jobs"]["compute"]["complete"] == 2


def test_the_run_of_the_9999_is_in_error_and_its_tries_are_numbered(up: Up) -> None:
    failed = up.get(f"/api/v1/simulations/{FAILED_2015}")
    first = up.get(f"/api/v1/simulations/{FIRST_TRY_2015}")

    assert failed["state"] == "error"
    assert (failed["try"], failed["tries"], failed["active"]) == (2, 2, True)
    assert (first["try"], first["tries"], first["active"]) == (1, 2, False)


def test_a_mail_of_many_codes_keeps_all_its_messages_and_its_card(up: Up) -> None:
    mixed = [m for m in up.items("/api/v1/mails") if sum(m["messages"].values()) == 146]

    assert [m["messages"] for m in mixed] == [{"0000": 1, "7000": 145}]
    assert up.get(f"/api/v1/simulations/{FAILED_2015}")["config_card"]


def state_of(up: Up) -> tuple[object, ...]:
    """All that a user can see."""
    runs = {run["uid"]: run for run in up.items("/api/v1/simulations?tries=all")}
    jobs = {(job["simulation_uid"], job["uid"]): job for job in up.items("/api/v1/jobs")}
    messages = {message["uid"]: message for message in up.items("/api/v1/messages")}
    return runs, jobs, messages, up.get("/api/v1/dead-letters")["total"]


def test_sent_again_shuffled_and_cut_nothing_changes(up: Up, real_data: Path) -> None:
    before = state_of(up)
    again = [*mails(real_data / "mail" / "run-2014"), *mails(real_data / "mail" / "run-2015")]
    random.Random(7).shuffle(again)

    for mail in again:
        cut_before_the_end(up, mail)
        up.send_mail(mail)
    up.settle()

    assert state_of(up) == before


def cut_before_the_end(up: Up, mail: bytes) -> None:
    """The connection is lost in the middle of DATA: there was no 250."""
    with socket.create_connection(("127.0.0.1", up.smtp), timeout=30) as line:
        answers = line.makefile("rb")
        answers.readline()
        for command in (b"HELO x", b"MAIL FROM:<a@b.example>", b"RCPT TO:<c@d.example>", b"DATA"):
            line.sendall(command + b"\r\n")
            answers.readline()
        line.sendall(mail[: len(mail) // 2])
        answers.close()


def test_good_lines_act_and_bad_ones_say_which_and_why(up: Up, real_data: Path) -> None:
    up.send_mail((real_data / "mail" / "modern" / "batch-with-bad-lines.eml").read_bytes())
    up.settle()

    dead = up.get("/api/v1/dead-letters")["items"]

    assert {(letter["position"], letter["reason"].partition(":")[0]) for letter in dead} == {
        (2, "not-base64"),
        (3, "not-json"),
        (5, "bad-field"),
        (7, "id-conflict"),
    }
    assert {"bad-field: simuid"} < {letter["reason"] for letter in dead}
    stored = {m["uid"]: m["code"] for m in up.items("/api/v1/messages?since=*")}
    assert stored["11111111-0000-4000-8000-000000000002"] == "1001"
    assert stored["11111111-0000-4000-8000-000000000003"] == "1100"
    assert stored["11111111-0000-4000-8000-0000000000ff"] == "4242"
