"""Shells, clocks, repeats, and the doctor."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from live import Up, prodiguer, wait_for
from support.needs import missing


@pytest.mark.bad_input("B145")
@pytest.mark.parametrize("name", ["sh", "bash", "dash", "ksh", "mksh"])
def test_send_works_in_careful_and_careless_shells(tmp_path: Path, name: str) -> None:
    program = shutil.which(name)
    if program is None:
        missing(f"{name} is not installed here")
    up = Up(tmp_path)
    try:
        script = (
            f"set -eu; set -o noclobber; IFS=,; date() {{ false; }}; PATH=/usr/bin:/bin;"
            f" {sys.executable} -m prodiguer send 4242 'text=a b;c' --url {up.url} --quiet;"
            " echo went on"
        )
        done = subprocess.run([program, "-c", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")
        up.settle()
        assert up.items("/api/v1/messages")[0]["body"] == {"text": "a b;c"}
    finally:
        up.stop()


@pytest.mark.bad_input("B147")
@pytest.mark.parametrize("zone", [":/nonexistent/localtime", "Europe/Paris", "Pacific/Apia", ""])
def test_the_zone_of_the_machine_does_not_matter(tmp_path: Path, zone: str) -> None:
    up = Up(tmp_path, environ={"TZ": zone})
    try:
        up.post([{"msgCode": "4242", "msgTimestamp": "2026-03-29T02:30:00+0100"}])
        up.settle()
        assert up.items("/api/v1/messages")[0]["timestamp"] == "2026-03-29T01:30:00Z"
    finally:
        up.stop()


@pytest.mark.bad_input("B148")
def test_dead_letters_are_sent_again_each_on_its_own(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        prodiguer("send", "1000", "--url", up.url)
        letter = up.get("/api/v1/dead-letters")["items"][0]["id"]
        missing = "0" * 64

        both = prodiguer("dead", "resend", missing, letter, "--url", up.url)
        assert both.returncode == 1
        assert f"{missing}: " in both.stderr
        assert f"{letter}: refused again: missing-fields: simuid, jobuid" in both.stderr

        alone = prodiguer("dead", "resend", missing, "--url", up.url)
        assert alone.returncode == 5

        assert prodiguer("dead", "drop", letter, "--yes", "--url", up.url).returncode == 0
        assert up.get("/api/v1/dead-letters")["total"] == 0
    finally:
        up.stop()


@pytest.mark.bad_input("B150")
def test_mails_of_the_first_platform_may_come_twice_and_cut(
    tmp_path: Path, real_data: Path
) -> None:
    mail = real_data / "mail" / "run-2015" / "email-02.eml"
    cut = tmp_path / "cut.eml"
    cut.write_bytes(mail.read_bytes()[:5000])
    up = Up(tmp_path / "data")
    try:
        environ = {"PRODIGUER_SEND__SMTP": f"127.0.0.1:{up.smtp}"}
        for file in (mail, mail, cut, mail):
            assert prodiguer("send", "--mail", str(file), environ=environ).returncode == 0
        up.settle()
        assert len(up.items("/api/v1/messages")) == 1
        assert sum(m["receipts"] for m in up.items("/api/v1/mails")) == 4
    finally:
        up.stop()


def doctor(data: Path, **environ: str) -> tuple[int, set[str]]:
    import json

    ports = {"PRODIGUER_SMTP__PORT": "0", "PRODIGUER_WEB__PORT": "0"}
    done = prodiguer("--data", str(data), "doctor", "--json", environ={**ports, **environ})
    assert "Traceback" not in done.stderr
    return done.returncode, {
        row["check"] for row in json.loads(done.stdout) if row["result"] != "ok"
    }


@pytest.mark.bad_input("B151")
def test_doctor_finds_nothing_on_a_sound_machine(tmp_path: Path) -> None:
    assert doctor(tmp_path / "new") == (0, set())
    assert Up(tmp_path / "used").stop() == 0
    assert doctor(tmp_path / "used") == (0, set())


@pytest.mark.bad_input("B151")
@pytest.mark.parametrize("name", ["broker", "database"])
def test_doctor_names_exactly_the_broken_file(tmp_path: Path, name: str) -> None:
    assert Up(tmp_path).stop() == 0
    file = tmp_path / ("broker.db" if name == "broker" else "prodiguer.db")
    file.write_bytes(b"rotten" * 1000)

    assert doctor(tmp_path) == (1, {name})


@pytest.mark.bad_input("B151")
def test_doctor_names_exactly_the_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert doctor(tmp_path, PRODIGUER_SMTP__PORT=port) == (1, {"smtp port"})
        assert doctor(tmp_path, PRODIGUER_WEB__PORT=port) == (1, {"web port"})


@pytest.mark.bad_input("B151")
def test_doctor_names_exactly_the_unusable_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert doctor(tmp_path / "file")[1] == {"data directory"}


def test_exit_codes_tell_what_happened(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        unknown = "00000000-0000-4000-8000-000000000000"
        assert prodiguer("queues", "--url", up.url).returncode == 0
        assert prodiguer("simulation", unknown, "--url", up.url).returncode == 5
        assert prodiguer("simulation", "no-uuid", "--url", up.url).returncode == 2
        token = prodiguer("--data", str(tmp_path), "token", "create", "me").stdout.strip()
        assert token.startswith("pdg_")
        assert prodiguer("queues", "--url", up.url).returncode == 4
        known = {"PRODIGUER_TOKEN": token}
        assert prodiguer("queues", "--url", up.url, environ=known).returncode == 0
    finally:
        up.stop()
    wait_for(lambda: prodiguer("queues", "--url", up.url).returncode == 3, "no service")
