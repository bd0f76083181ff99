"""Mails about failures and ends, through a real mail server."""

from __future__ import annotations

import asyncio
import email
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from live import Up, wait_for
from prodiguer import ProdiguerError
from prodiguer.testing import Harness
from prodiguer_smtp_notify import app
from prodiguer_smtp_notify.letter import clean, compose, subject
from prodiguer_smtp_notify.settings import mail_settings

SIMULATION = "5d1f3c7e-9a64-4a0e-8f0b-2c6f0f6f9a11"
JOB = "0b7d0c1e-53a3-4d0a-9c59-6b0c6b0a7e21"
RUN = {"simuid": SIMULATION, "jobuid": JOB}


class Post:
    """What a mail server got."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.recipients: list[list[str]] = []
        #: Answered instead of the ordinary yes, as often as there are answers.
        self.refusals: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's word
        if self.refusals:
            return self.refusals.pop(0)
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]  # the default policy makes EmailMessages
        self.senders.append(envelope.mail_from)
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def post_office() -> Iterator[tuple[Post, dict[str, Any]]]:
    """A mail server on a free port, and the settings that lead there."""
    post = Post()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def open_door() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(post, loop=loop), "127.0.0.1", 0)

    async def close_door(server: asyncio.Server) -> None:
        server.close()
        await server.wait_closed()

    server = asyncio.run_coroutine_threadsafe(open_door(), loop).result(30)
    port = server.sockets[0].getsockname()[1]
    try:
        yield post, {"to": ["ops@example.org"], "from": "p@example.org", "port": port}
    finally:
        asyncio.run_coroutine_threadsafe(close_door(server), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


def test_a_failure_is_one_mail_with_name_machine_login_time_and_uid() -> None:
    with post_office() as (post, settings), Harness(app, settings=settings) as harness:
        harness.send("0000", **RUN, name="CM6-DEMO-01", machine="curie", login="u0001")
        failed = harness.send("1999", **RUN)
        harness.publish(failed)
        harness.send("1999", **RUN)
        harness.run_until_idle()
        (mail,) = post.mails
        assert mail["Subject"] == "[prodiguer] CM6-DEMO-01 FAILED on curie"
        assert (mail["From"], mail["To"]) == ("p@example.org", "ops@example.org")
        assert post.recipients == [["ops@example.org"]]
        text = mail.get_content()
        for word in ("CM6-DEMO-01", "curie", "u0001", "2026-01-01T12:00:00", SIMULATION, JOB):
            assert word in text
        assert "http" not in text


def test_the_end_of_a_run_is_a_mail_of_its_own() -> None:
    with post_office() as (post, settings), Harness(app, settings=settings) as harness:
        harness.send("0000", **RUN)
        harness.send("1999", **RUN)
        harness.send("0100", **RUN)
        harness.run_until_idle()
        assert {mail["Subject"] for mail in post.mails} == {
            "[prodiguer] CM6-DEMO-01 FAILED on curie",
            "[prodiguer] CM6-DEMO-01 completed on curie",
        }
        assert len({mail["Message-ID"] for mail in post.mails}) == 2


def test_a_run_that_is_not_announced_yet_is_named_by_its_uid() -> None:
    with post_office() as (post, settings), Harness(app, settings=settings) as harness:
        harness.send("1999", **RUN)
        harness.run_until_idle()
        harness.send("0000", **RUN)
        harness.run_until_idle()
        (mail,) = post.mails
        assert mail["Subject"] == f"[prodiguer] {SIMULATION} FAILED"


def test_of_two_announcements_the_earlier_names_the_run_whichever_comes_first() -> None:
    with post_office() as (post, settings), Harness(app, settings=settings) as harness:
        harness.send("0000", **RUN, name="second", msgTimestamp="2025-12-02T00:00:00Z")
        harness.send("0000", **RUN, name="first", msgTimestamp="2025-12-01T00:00:00Z")
        harness.send("1999", **RUN)
        harness.run_until_idle()
        assert "first FAILED" in post.mails[0]["Subject"]


def test_a_mail_that_the_relay_refuses_is_sent_later_under_the_same_id() -> None:
    with post_office() as (post, settings), Harness(app, settings=settings) as harness:
        post.refusals.append("451 come again")
        harness.send("1999", **RUN)
        harness.run_until_idle()
        assert post.mails == []
        assert harness.runner.statistics.failed_effects == 1
        harness.clock.tick(10)
        harness.run_until_idle()
        (mail,) = post.mails
        again = compose(harness.effects[0].key, harness.effects[0].payload, mail_settings(settings))
        assert mail["Message-ID"] == again["Message-ID"]


def test_a_relay_that_is_down_loses_no_mail() -> None:
    with post_office() as (_, settings):
        pass  # the port is closed again
    with Harness(app, settings=settings) as harness:
        harness.send("1999", **RUN)
        harness.run_until_idle()
        assert harness.runner.statistics.failed_effects == 1
        assert harness.dead_letters() == []


def test_without_an_address_nothing_is_asked_for() -> None:
    with Harness(app) as harness:
        harness.send("0000", **RUN)
        harness.send("1999", **RUN)
        assert harness.run_until_idle().handled == 2
        assert harness.effects == []


def test_mails_provoke_no_answers() -> None:
    with post_office() as (post, settings), Harness(app, settings=settings) as harness:
        harness.send("1999", **RUN)
        harness.run_until_idle()
        (mail,) = post.mails
        assert mail["Auto-Submitted"] == "auto-generated"
        assert post.senders in ([""], ["<>"], [None])


def test_words_of_a_producer_cannot_become_headers_or_lines() -> None:
    evil = "a\r\nBcc: victim@example.org\r\n\r\nhello\x1b[2J\u202e\u2028x"
    with post_office() as (post, settings), Harness(app, settings=settings) as harness:
        harness.send("0000", **RUN, name=evil, machine=evil, login=evil)
        harness.send("1999", **RUN)
        harness.run_until_idle()
        (mail,) = post.mails
        assert mail["Bcc"] is None
        assert post.recipients == [["ops@example.org"]]
        assert mail["Subject"].startswith(
            "[prodiguer] a Bcc: victim@example.org hello [2J x FAILED"
        )
        lines = mail.get_content().splitlines()
        assert not any(line.startswith("Bcc") for line in lines)
        assert not any("\x1b" in line or "\u202e" in line for line in lines)


def test_a_subject_is_cut_and_a_name_of_any_script_is_kept() -> None:
    facts = {"code": "1999", "simulation": SIMULATION, "name": "é" * 500}
    assert len(subject(facts)) == 120
    assert subject(facts).endswith("…")
    with post_office() as (post, settings), Harness(app, settings=settings) as harness:
        harness.send("0000", **RUN, name="Expérience 東京")
        harness.send("1999", **RUN)
        harness.run_until_idle()
        assert "Expérience 東京" in post.mails[0]["Subject"]
        assert "Expérience 東京" in post.mails[0].get_content()


@pytest.mark.bad_input("B132")
@pytest.mark.parametrize(
    "address",
    [
        "a@b\r\nBcc: c@d",
        "a@b, c@d",
        '"a"@b',
        "Ops <a@b>",
        "nobody",
        "@b",
        "é@b",
        "",
        ",".join(["a@b"] * 10_000) + "x" * 255,
    ],
)
def test_an_address_that_is_none_is_refused_with_the_setting_named(address: str) -> None:
    with pytest.raises(ProdiguerError, match=r"apps\.smtp-notify\.to"):
        mail_settings({"to": [address]})


@pytest.mark.bad_input("B132")
def test_ten_thousand_addresses_are_refused() -> None:
    with pytest.raises(ProdiguerError, match=r"apps\.smtp-notify\.to: 10000 addresses"):
        mail_settings({"to": [f"a{number}@example.org" for number in range(10_000)]})


@pytest.mark.bad_input("B132")
def test_a_mail_that_comes_back_to_the_platform_starts_no_loop(
    tmp_path: Path, free_ports: tuple[int, int]
) -> None:
    smtp, web = free_ports
    config = tmp_path / "prodiguer.toml"
    config.write_text(
        f'[apps.smtp-notify]\nto = "prodiguer@platform.example"\nport = {smtp}\n', "utf-8"
    )
    up = Up(tmp_path / "data", "--config", str(config), smtp=smtp, web=web)
    try:
        up.post(
            [{"msgCode": "1999", "msgUID": str(uuid.uuid4()), "msgProducerVersion": "1", **RUN}]
        )
        wait_for(lambda: up.items("/api/v1/mails"), "the platform's own mail")
        up.settle()
        before = len(up.items("/api/v1/dead-letters"))
        # Another failure passes behind it: what the first one provoked has come by then.
        again = {**RUN, "jobuid": str(uuid.uuid4())}
        up.post(
            [{"msgCode": "1999", "msgUID": str(uuid.uuid4()), "msgProducerVersion": "1", **again}]
        )
        wait_for(lambda: len(up.items("/api/v1/mails")) == 2, "the second mail")
        up.settle()

        assert len(up.items("/api/v1/mails")) == 2
        assert len(up.items("/api/v1/dead-letters")) == 2 * before > 0
        assert len(up.items("/api/v1/messages")) == 2
    finally:
        up.stop()


def test_several_addresses_may_stand_in_a_list_or_in_one_text() -> None:
    listed = mail_settings({"to": ["a@example.org", "b@example.org"]})
    assert mail_settings({"to": "a@example.org, b@example.org"}) == listed


def test_a_login_uses_the_first_line_of_the_password_file(tmp_path: Any) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n")
    file.chmod(0o600)
    settings = mail_settings({"to": "a@b.org", "username": "u", "password_file": str(file)})
    assert settings.password == "secret"
    assert "secret" not in repr(settings)


def test_a_password_file_that_others_can_read_is_refused(tmp_path: Any) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n")
    file.chmod(0o640)
    settings = mail_settings({"to": "a@b.org", "username": "u", "password_file": str(file)})
    with pytest.raises(ProdiguerError, match="chmod 600"):
        _ = settings.password


def test_clean_texts_are_left_alone() -> None:
    assert clean("CM6-DEMO-01 é") == "CM6-DEMO-01 é"
