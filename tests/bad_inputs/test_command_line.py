"""What users, shells and machines do to a command: a clear word, the right exit code."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest

from live import COMMAND, Process, Up, prodiguer, wait_for
from prodiguer.cli.main import cli


def commands(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found.append((*above, name))
        if isinstance(command, click.Group):
            found += commands(command, *above, name)
    return found


def shell(script: str, **environ: str) -> subprocess.CompletedProcess[str]:
    run = " ".join(COMMAND)
    return subprocess.run(
        ["/bin/sh", "-c", script.replace("PRODIGUER", run)],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        timeout=60,
        check=False,
    )


# --- B136: words ---------------------------------------------------------------------------------


@pytest.mark.bad_input("B136")
def test_every_command_has_help() -> None:
    for path in commands(cli):
        command: click.Command = cli
        for name in path:
            assert isinstance(command, click.Group)
            command = command.commands[name]
        assert command.help, path


@pytest.mark.bad_input("B136")
@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("simul",),
        ("simulations", "--stat", "error"),
        ("simulations", "--limit", "0"),
        ("simulations", "--limit", "-1"),
        ("simulation",),
        ("send",),
        ("send", "1000", "no-equals-sign"),
        ("send", "1000", "=value"),
        ("simulations", "--url", "file:///etc/passwd"),
        ("up", "--smtp", "25"),
        ("up", "--smtp", "localhost:http"),
        ("run",),
    ],
    ids=" ".join,
)
def test_bad_usage_is_exit_code_2_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = prodiguer(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B136")
@pytest.mark.parametrize(
    "value", ["-1", "", "a\nb", "\x1b[2J", "x" * 100_000, "\udcff\udcfe"], ids=repr
)
def test_any_text_may_be_a_value(value: str) -> None:
    done = subprocess.run(
        [*COMMAND, "simulations", "--url", "http://127.0.0.1:9", "--machine=" + value],
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.returncode in (2, 3)
    assert b"Traceback" not in done.stderr
    assert b"\x1b" not in done.stderr


@pytest.mark.bad_input("B136")
def test_an_unknown_app_is_named_with_those_that_are_installed(tmp_path: Path) -> None:
    done = prodiguer("--data", str(tmp_path), "run", "no-such-app")

    assert done.returncode == 2
    assert "no app 'no-such-app' is installed; there are: archive, metrics" in done.stderr


# --- B137: streams -------------------------------------------------------------------------------


@pytest.mark.bad_input("B137")
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("PRODIGUER --help | head -1", 0),
        ("PRODIGUER config show | true", 0),
        ("PRODIGUER config show <&-", 0),
        ("PRODIGUER frobnicate 2>/dev/full", 2),
        ("PRODIGUER frobnicate 2>&-", 2),
        ("TERM=dumb COLUMNS=1 PRODIGUER config show", 0),
        ("LC_ALL=C LANG=C PRODIGUER config show", 0),
    ],
)
def test_closed_full_and_poor_streams_do_no_harm(script: str, code: int) -> None:
    done = shell(script)

    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B137")
def test_a_full_output_is_a_failure() -> None:
    done = shell("PRODIGUER config show >/dev/full")

    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B137")
def test_names_beyond_ascii_pass_in_a_poor_locale(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        sent = prodiguer(
            "send", "0000", "simuid=6d773248-70eb-4a49-8ede-2590b18b68f3",
            "jobuid=b32bb970-c762-4e05-b27a-f0b91222d5b6", "name=éà😀", "centre=c", "machine=m",
            "login=l", "model=m", "space=s", environ={"PRODIGUER_URL": up.url},
        )  # fmt: skip
        assert sent.returncode == 0, sent.stderr
        up.settle()
        shown = shell(f"LC_ALL=C LANG=C PRODIGUER simulations --url {up.url}")
        assert shown.returncode == 0, shown.stderr
        assert "éà😀" in shown.stdout
    finally:
        up.stop()


# --- B138: places --------------------------------------------------------------------------------


@pytest.mark.bad_input("B138")
@pytest.mark.parametrize("home", ["", "/nonexistent", "/proc"])
def test_a_home_that_cannot_be_used_does_no_harm(tmp_path: Path, home: str) -> None:
    done = prodiguer("config", "show", cwd=tmp_path, environ={"HOME": home})

    assert done.returncode == 0, done.stderr


@pytest.mark.bad_input("B138")
def test_a_spool_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    done = prodiguer(
        "send", "1000", "--url", "http://127.0.0.1:9",
        environ={"HOME": "/proc", "XDG_STATE_HOME": "", "PRODIGUER_SPOOL": ""},
    )  # fmt: skip

    assert done.returncode == 1
    assert "/proc" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B138")
def test_a_working_directory_that_is_gone_is_said(tmp_path: Path) -> None:
    done = shell(f"mkdir {tmp_path}/gone && cd {tmp_path}/gone && rmdir {tmp_path}/gone;"
                 " PRODIGUER apps")  # fmt: skip

    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B138")
def test_a_careless_umask_does_not_open_the_data(tmp_path: Path) -> None:
    done = shell(f"umask 000; PRODIGUER --data {tmp_path}/data apps")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


@pytest.mark.bad_input("B138")
def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = prodiguer("--data", str(tmp_path / "file" / "data"), "apps")

    assert done.returncode == 2
    assert "cannot be made" in done.stderr


# --- B139: signals -------------------------------------------------------------------------------


@pytest.mark.bad_input("B139")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_drains_and_the_next_start_goes_on(tmp_path: Path, name: str) -> None:
    import signal

    for _ in range(2):
        up = Up(tmp_path)
        assert up.stop(getattr(signal, name)) == 0
        assert "Traceback" not in "".join(up.said)
        assert any(line.startswith("session: seconds") for line in up.said)


@pytest.mark.bad_input("B139")
def test_a_signal_during_the_start_ends_it(tmp_path: Path) -> None:
    import signal

    for patience in (0.1, 0.3, 0.6):
        process = Process("up", "--data", str(tmp_path), "--smtp", "127.0.0.1:0", "--web",
                          "127.0.0.1:0")  # fmt: skip
        try:
            process._process.wait(patience)
        except subprocess.TimeoutExpired:
            process.stop(signal.SIGINT)
        assert "Traceback" not in "".join(process.said)
    up = Up(tmp_path)
    assert up.stop() == 0


# --- B140: addresses -----------------------------------------------------------------------------


@pytest.mark.bad_input("B140")
@pytest.mark.parametrize("option", ["--smtp", "--web"])
def test_a_port_in_use_is_said(tmp_path: Path, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        addresses = {"--smtp": "127.0.0.1:0", "--web": "127.0.0.1:0"}
        addresses[option] = f"127.0.0.1:{port}"
        words = [word for pair in addresses.items() for word in pair]
        done = prodiguer("up", "--data", str(tmp_path), *words)

    assert done.returncode in (2, 4)
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B140")
def test_a_name_that_does_not_resolve_is_said(tmp_path: Path) -> None:
    done = prodiguer("up", "--data", str(tmp_path), "--smtp", "no.such.host.invalid:0", "--web",
                     "127.0.0.1:0")  # fmt: skip

    assert done.returncode in (2, 4)
    assert "no.such.host.invalid" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B140")
def test_ipv6_alone_serves(tmp_path: Path) -> None:
    process = Process("up", "--data", str(tmp_path), "--smtp", "[::1]:0", "--web", "[::1]:0")
    port = process.heard(r"^HTTP: http://\[::1\]:(\d+)")[1]
    try:
        done = prodiguer("queues", "--url", f"http://[::1]:{port}")
        assert done.returncode == 0, done.stderr
    finally:
        assert process.stop() == 0


@pytest.mark.bad_input("B140")
def test_elsewhere_than_on_loopback_both_doors_want_protection(tmp_path: Path) -> None:
    for option, remedy in (("--smtp", "allowed_senders"), ("--web", "prodiguer token create")):
        addresses = {"--smtp": "127.0.0.1:0", "--web": "127.0.0.1:0", option: "0.0.0.0:0"}
        words = [word for pair in addresses.items() for word in pair]
        done = prodiguer("up", "--data", str(tmp_path), *words)
        assert done.returncode == 2, done.stderr
        assert remedy in done.stderr


# --- B141: two on one directory ------------------------------------------------------------------


@pytest.mark.bad_input("B141")
def test_a_second_platform_on_one_directory_is_refused(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        done = prodiguer("up", "--data", str(tmp_path), "--smtp", "127.0.0.1:0", "--web",
                         "127.0.0.1:0")  # fmt: skip
        assert done.returncode == 4
        assert f"(process {up._process.pid})" in done.stderr
        assert up.status("/ready") == 200
    finally:
        assert up.stop() == 0


@pytest.mark.bad_input("B141")
def test_a_lock_file_that_names_a_living_stranger_holds_nobody_up(tmp_path: Path) -> None:
    locks = tmp_path / "locks"
    locks.mkdir()
    (locks / "smtp.lock").write_text(str(os.getpid()))

    up = Up(tmp_path)

    assert up.stop() == 0


@pytest.mark.bad_input("B141")
def test_a_copied_directory_is_a_platform_of_its_own(tmp_path: Path) -> None:
    first = Up(tmp_path / "one")
    assert first.stop() == 0
    shutil.copytree(tmp_path / "one", tmp_path / "two")

    one, two = Up(tmp_path / "one"), Up(tmp_path / "two")

    assert (one.stop(), two.stop()) == (0, 0)


# --- B142: databases -----------------------------------------------------------------------------


@pytest.mark.bad_input("B142")
@pytest.mark.parametrize("name", ["prodiguer.db", "broker.db"])
@pytest.mark.parametrize("kind", ["zero bytes", "garbage", "symlink", "FIFO", "directory"])
def test_a_file_that_is_no_database_of_ours_is_refused(
    tmp_path: Path, name: str, kind: str
) -> None:
    file = tmp_path / name
    if kind == "zero bytes":
        file.touch()
    elif kind == "garbage":
        file.write_bytes(b"this is no database at all" * 1000)
    elif kind == "symlink":
        (tmp_path / "elsewhere").touch()
        file.symlink_to(tmp_path / "elsewhere")
    elif kind == "FIFO":
        os.mkfifo(file)
    else:
        file.mkdir()

    done = prodiguer("up", "--data", str(tmp_path), "--smtp", "127.0.0.1:0", "--web",
                     "127.0.0.1:0")  # fmt: skip

    assert done.returncode in (1, 2), done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.bad_input("B142")
def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    assert Up(tmp_path).stop() == 0
    with closing(sqlite3.connect(tmp_path / "prodiguer.db")) as database, database:
        database.execute("update alembic_version set version_num = '9999'")

    done = prodiguer("up", "--data", str(tmp_path), "--smtp", "127.0.0.1:0", "--web",
                     "127.0.0.1:0")  # fmt: skip

    assert done.returncode == 1
    assert "9999" in done.stderr
    assert "Traceback" not in done.stderr


# --- B143, B144: what is to be sent ---------------------------------------------------------------


@pytest.mark.bad_input("B143")
def test_foreign_things_in_the_spool_are_neither_sent_nor_followed(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    (spool / "directory.jsonl").mkdir(parents=True)
    (spool / ".nfs0001").write_text("x")
    (spool / "notes.txt").write_text("x")
    (spool / "link.jsonl").symlink_to("/etc/passwd")

    done = prodiguer("spool", "list", "--json", environ={"PRODIGUER_SPOOL": str(spool)})

    assert done.returncode == 0
    assert done.stdout.strip() == "[]"


@pytest.mark.bad_input("B144")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--jsonl", "/nonexistent"), 1, "No such file"),
        (("--jsonl", "/dev/zero"), 1, "too-large: line 1"),
        (("--mail", "/nonexistent"), 2, "does not exist"),
        (("--mail", "/tmp"), 2, "is a directory"),
    ],
)
def test_what_cannot_be_read_is_not_sent(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = prodiguer("send", *arguments, environ={"PRODIGUER_SPOOL": str(tmp_path)})

    assert done.returncode == code
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.bad_input("B144")
def test_nothing_to_send_is_done_at_once() -> None:
    done = prodiguer("send", "--jsonl", "-", stdin=subprocess.DEVNULL)

    assert done.returncode == 0
    assert "0 accepted" in done.stderr


@pytest.mark.bad_input("B144")
def test_binary_lines_become_dead_letters_and_their_neighbours_act(tmp_path: Path) -> None:
    up = Up(tmp_path / "data")
    try:
        file = tmp_path / "lines"
        file.write_bytes(b'\x00\xff\xfe\n{"msgCode": "4242"}\n')
        done = prodiguer("send", "--jsonl", str(file), "--url", up.url)
        assert done.returncode == 1
        assert "1 accepted" in done.stderr
        assert "message 0:" in done.stderr
    finally:
        up.stop()


# --- B145: shells ---------------------------------------------------------------------------------


@pytest.mark.bad_input("B145")
@pytest.mark.parametrize("name", ["sh", "bash", "dash", "ksh", "mksh"])
def test_send_works_in_careful_and_careless_shells(tmp_path: Path, name: str) -> None:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed here")
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


# --- B147: clocks ---------------------------------------------------------------------------------


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


# --- B148, B150: again ----------------------------------------------------------------------------


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
        assert f"{letter}: missing-fields: " in both.stderr

        alone = prodiguer("dead", "resend", missing, "--url", up.url)
        assert alone.returncode == 5

        unsure = prodiguer("dead", "drop", letter, "--url", up.url, stdin=subprocess.DEVNULL)
        assert unsure.returncode != 0
        assert up.get("/api/v1/dead-letters")["total"] == 1
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


# --- B151: doctor ---------------------------------------------------------------------------------


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


# --- exit codes -----------------------------------------------------------------------------------


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
