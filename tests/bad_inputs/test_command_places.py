"""Homes, directories, signals, addresses: what a machine does to a command."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from live import Process, Up, prodiguer, shell


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


@pytest.mark.bad_input("B139")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_drains_and_the_next_start_goes_on(tmp_path: Path, name: str) -> None:
    for _ in range(2):
        up = Up(tmp_path)
        assert up.stop(getattr(signal, name)) == 0
        assert "Traceback" not in "".join(up.said)
        assert any(line.startswith("session: duration") for line in up.said)


@pytest.mark.bad_input("B139")
def test_a_signal_during_the_start_ends_it(tmp_path: Path) -> None:
    process = Process(
        "up", "--data", str(tmp_path), "--smtp", "127.0.0.1:0", "--web", "127.0.0.1:0"
    )
    process.heard("app_started")

    assert process.stop(signal.SIGINT) == 0
    assert "Traceback" not in "".join(process.said)
    up = Up(tmp_path)
    assert up.stop() == 0


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
