"""The Python client inside of a model: what it says arrives, and it never harms."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from live import Up, wait_for
from prodiguer.client.emit import Emitter
from prodiguer.client.spool import lines

RUN, JOB = str(uuid.uuid4()), str(uuid.uuid4())
AWAY = "127.0.0.1:9"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    up = Up(tmp_path_factory.mktemp("platform"))
    yield up
    up.stop()


def emitter(spool: Path, **environ: str) -> Emitter:
    return Emitter(RUN, JOB, environ={"PRODIGUER_SPOOL": str(spool), **environ})


def written(spool: Path) -> list[str]:
    """The ids of all messages in a spool, whoever has them at work."""
    found = [line for path in sorted(spool.iterdir()) for line in lines(path.read_bytes())]
    return [json.loads(line)["msgUID"] for line in found]


def stored(platform: Up, uid: str) -> bool:
    return platform.status(f"/api/v1/messages/{uid}") == 200


@pytest.mark.parametrize("by", ["mail", "http"])
def test_what_is_said_arrives(platform: Up, tmp_path: Path, by: str) -> None:
    ways = {
        "mail": {"PRODIGUER_SMTP": f"127.0.0.1:{platform.smtp}"},
        "http": {"PRODIGUER_URL": platform.url},
    }
    speaker = emitter(tmp_path / "spool", **ways[by])

    text = 'é \udcff " \\ \n \x01 🌧'
    uid = speaker.emit("1900", command=text, exit_code=3, nothing=None)
    assert speaker.flush(wait=True)

    wait_for(lambda: stored(platform, uid), "the message")
    found = platform.get(f"/api/v1/messages/{uid}")
    assert found["body"]["command"] == text.replace("\udcff", "?")
    assert (found["body"]["exit_code"], "nothing" in found["body"]) == (3, False)
    assert (found["simulation_uid"], found["job_uid"], found["producer"]) == (RUN, JOB, "prodiguer")
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_flush_in_the_background_sends_from_a_process_of_its_own(
    platform: Up, tmp_path: Path
) -> None:
    speaker = emitter(tmp_path / "spool", PRODIGUER_SMTP=f"127.0.0.1:{platform.smtp}")
    uid = speaker.emit("1900")

    assert speaker.flush()

    wait_for(lambda: stored(platform, uid), "the message")
    wait_for(lambda: not list((tmp_path / "spool").iterdir()), "an empty spool")


def test_what_lies_where_the_model_runs_is_not_what_sends(
    platform: Up, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("prodiguer", "smtplib"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the model has a program of mine')")
    monkeypatch.chdir(tmp_path)
    speaker = emitter(tmp_path / "spool", PRODIGUER_SMTP=f"127.0.0.1:{platform.smtp}")
    uid = speaker.emit("1900")

    assert speaker.flush()

    wait_for(lambda: stored(platform, uid), "the message")


def test_without_a_platform_nothing_is_done(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    speaker = Emitter(environ={"HOME": str(tmp_path)})
    speaker.emit("1900", command="x")

    assert speaker.flush()
    assert speaker.flush(wait=True)
    assert (list(tmp_path.iterdir()), capfd.readouterr()) == ([], ("", ""))


def test_a_spool_that_cannot_be_written_is_no_harm(
    tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    speaker = emitter(tmp_path / "file" / "spool", PRODIGUER_SMTP=AWAY)

    assert uuid.UUID(speaker.emit("1900"))
    speaker.flush(wait=True)
    speaker.flush()
    assert speaker.dropped == 1
    assert capfd.readouterr() == ("", "")


def test_what_a_platform_that_was_away_missed_is_sent_later(platform: Up, tmp_path: Path) -> None:
    uids = []
    for _ in range(5):
        speaker = emitter(tmp_path / "spool", PRODIGUER_SMTP=AWAY)
        uids += [speaker.emit("1900") for _ in range(4)]
        assert not speaker.flush(wait=True)
    assert written(tmp_path / "spool") == uids

    assert emitter(tmp_path / "spool", PRODIGUER_URL=platform.url).flush(wait=True)

    wait_for(lambda: all(stored(platform, uid) for uid in uids), "all of it")


def test_a_killed_job_loses_nothing_that_it_said(platform: Up, tmp_path: Path) -> None:
    script = """
import os
from prodiguer.client.emit import Emitter
speaker = Emitter()
while True:
    print(speaker.emit("1900", command="x" * 500), flush=True)
"""
    environ = {**os.environ, "PRODIGUER_SPOOL": str(tmp_path / "spool"), "PRODIGUER_SMTP": AWAY}
    said: list[str] = []
    for killed in range(3):
        job = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environ
        )
        assert job.stdout is not None
        said += [job.stdout.readline().strip() for _ in range(20 * (killed + 1))]
        job.send_signal(signal.SIGKILL)
        said += [line.strip() for line in job.stdout if line.endswith("\n")]
        job.stdout.close()
        job.wait()

    assert set(said) <= set(written(tmp_path / "spool"))
    flusher = emitter(tmp_path / "spool", PRODIGUER_URL=platform.url)
    assert flusher.flush(wait=True)
    assert list((tmp_path / "spool").iterdir()) == []
    assert platform.get("/api/v1/dead-letters?reason=json&limit=1")["total"] == 0


def test_flushes_at_once_send_each_batch_once(platform: Up, tmp_path: Path) -> None:
    environ = {"PRODIGUER_URL": platform.url}
    for _ in range(30):
        speaker = emitter(tmp_path / "spool", **environ)
        speaker.emit("1900")
        speaker._seal()
    before = len(platform.items(f"/api/v1/messages?simulation={RUN}"))
    flushers = [
        threading.Thread(target=emitter(tmp_path / "spool", **environ).flush, kwargs={"wait": True})
        for _ in range(4)
    ]
    for flusher in flushers:
        flusher.start()
    for flusher in flushers:
        flusher.join()

    wait_for(
        lambda: len(platform.items(f"/api/v1/messages?simulation={RUN}")) == before + 30,
        "30 more messages",
    )
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize(
    ("environ", "code", "said"),
    [
        ({}, 2, "neither PRODIGUER_SMTP nor PRODIGUER_URL"),
        ({"PRODIGUER_URL": "ftp://x"}, 2, "PRODIGUER_URL"),
        ({"PRODIGUER_SMTP": "x:y"}, 2, "PRODIGUER_SMTP"),
        ({"PRODIGUER_URL": "http://x", "PRODIGUER_TOKEN_FILE": "/nowhere"}, 2, "/nowhere"),
    ],
)
def test_the_flush_command_says_what_is_wrong(
    tmp_path: Path, environ: dict[str, str], code: int, said: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "prodiguer.client"],
        env={**os.environ, "PRODIGUER_SPOOL": str(tmp_path), **environ},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (ended.returncode, ended.stdout) == (code, "")
    assert said in ended.stderr


def test_a_batch_that_cannot_be_sent_stays(tmp_path: Path) -> None:
    speaker = emitter(tmp_path)
    speaker.emit("1900")
    assert speaker.flush()
    ended = subprocess.run(
        [sys.executable, "-m", "prodiguer.client", "flush"],
        env={**os.environ, "PRODIGUER_SPOOL": str(tmp_path), "PRODIGUER_SMTP": AWAY},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert ended.returncode == 3
    assert "stays in the spool" in ended.stderr
    assert len(written(tmp_path)) == 1
