"""`prodiguer watch`: no event missed and none twice, whatever happens to the connection."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generate import messages
from live import COMMAND, Up, prodiguer, shell, wait_for
from support.cut_line import CutLine
from support.live_followers import log_of

RUN = "6d773248-70eb-4a49-8ede-2590b18b68f3"
JOB = "b32bb970-c762-4e05-b27a-f0b91222d5b6"
EVIL = "pi\x1b[2JControl\u202e.03"


class Watch:
    """The command, with what it says on both streams."""

    def __init__(self, *arguments: str, **environ: str) -> None:
        self.out: list[str] = []
        self.said: list[str] = []
        self._process = subprocess.Popen(
            [*COMMAND, "watch", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **environ},
        )  # fmt: skip
        streams = (self._process.stdout, self.out), (self._process.stderr, self.said)
        self._listeners = [threading.Thread(target=self._listen, args=pair) for pair in streams]
        for listener in self._listeners:
            listener.start()

    @staticmethod
    def _listen(stream: Any, lines: list[str]) -> None:
        with stream:
            lines.extend(iter(stream.readline, ""))

    def watching(self) -> None:
        wait_for(lambda: any("Ctrl-C ends it" in line for line in self.said), "watch to begin")

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in list(self.out) if line.endswith("\n")]

    def stop(self) -> int:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        return self.end()

    def end(self) -> int:
        code = self._process.wait(60)
        for listener in self._listeners:
            listener.join()
        return code


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("watched")


@pytest.fixture(scope="module")
def up(data: Path) -> Iterator[Up]:
    platform = Up(data)
    try:
        yield platform
    finally:
        platform.stop()


def start_of(run: str, job: str, **fields: str) -> dict[str, Any]:
    words = {"name": "piControl.03", "machine": "irene", "login": "amartin", "centre": "TGCC",
             "model": "IPSLCM6", "space": "PROD", "experiment": "piControl"}  # fmt: skip
    return {"msgCode": "0000", "simuid": run, "jobuid": job, **words, **fields}


def test_events_are_lines_for_people(up: Up) -> None:
    watch = Watch("--url", up.url, "--type", "simulation")
    watch.watching()
    up.post([start_of(RUN, JOB, name=EVIL)])

    wait_for(lambda: watch.out, "a line")
    assert watch.stop() == 0
    assert "  run          pi\N{REPLACEMENT CHARACTER}[2JControl" in watch.out[0]
    assert "(amartin, irene)  running 0 %" in watch.out[0]


def test_filters_are_those_of_the_list(up: Up) -> None:
    runs = [RUN.replace("6d77", word) for word in ("aaaa", "bbbb")]
    watch = Watch("--url", up.url, "--json", "--machine", "curie", "--type", "job",
                  "--type", "simulation")  # fmt: skip
    watch.watching()
    up.post([start_of(runs[0], JOB), start_of(runs[1], JOB, machine="curie")])
    up.settle()
    up.post([{"msgCode": "1100", "simuid": run, "jobuid": JOB} for run in runs])

    wait_for(lambda: "complete" in str([e["data"]["state"] for e in watch.events()]), "the end")
    assert watch.stop() == 0
    about = {event["data"].get("simulation_uid", event["uid"]) for event in watch.events()}
    assert about == {runs[1]}


def test_a_number_of_an_event_takes_up_where_it_ended(up: Up, data: Path) -> None:
    up.post(list(messages(20, seed=5)))
    up.settle()
    log = log_of(data)
    first = Watch("--url", up.url, "--json", "--since", "0", "--quiet")
    wait_for(lambda: len(first.out) >= len(log), f"{len(log)} events")
    assert first.stop() == 0
    assert first.said == []
    assert heard(first) == log

    middle = log[len(log) // 2][0]
    again = Watch("--url", up.url, "--json", "--since", str(middle))
    rest = [event for event in log if event[0] > middle]
    wait_for(lambda: len(again.out) >= len(rest), "the rest")
    assert again.stop() == 0
    assert heard(again) == rest


def test_a_cut_line_loses_no_event_and_brings_none_twice(up: Up, data: Path) -> None:
    before = len(log_of(data))
    with CutLine(up.web) as line:
        watch = Watch("--url", line.url, "--json")
        watch.watching()
        said = list(messages(300, seed=6))
        for start in range(0, 300, 20):
            up.post(said[start : start + 20])
            line.cut()
        up.settle()
        log = log_of(data)[before:]
        wait_for(lambda: len(watch.out) >= len(log), "all events")
        assert watch.stop() == 0

    assert heard(watch) == log
    told = [line for line in watch.said if not line.startswith("watching")]
    assert told[:2] == ["connection lost, trying again\n", "connected again\n"]


def heard(watch: Watch) -> list[tuple[int, str, str]]:
    return [(event["seq"], event["type"], event["uid"]) for event in watch.events()]


def test_what_cannot_be_reached_at_the_start_is_said_with_its_remedy(
    free_ports: tuple[int, int],
) -> None:
    done = prodiguer("watch", "--url", f"http://127.0.0.1:{free_ports[0]}")

    assert done.returncode == 3
    assert "cannot be reached" in done.stderr
    assert "is `prodiguer up` running there?" in done.stderr


def test_bad_filters_are_bad_usage(up: Up) -> None:
    assert prodiguer("watch", "--url", up.url, "--type", "nope").returncode == 2
    assert prodiguer("watch", "--url", up.url, "--since", "-1").returncode == 2
    assert prodiguer("watch", "--url", "ftp://127.0.0.1").returncode == 2


def test_what_was_never_told_is_a_reset_and_it_goes_on(up: Up) -> None:
    watch = Watch("--url", up.url, "--since", "999999999")
    wait_for(lambda: watch.out, "the reset")
    up.post([start_of(RUN.replace("6d77", "dddd"), JOB, name="after it")])
    wait_for(lambda: "after it" in "".join(watch.out), "an event")

    assert watch.stop() == 0
    assert "missed" in watch.out[0]


def test_the_reader_may_go_away(up: Up) -> None:
    command = " ".join(["PRODIGUER watch --since 0 --url", up.url])
    done = shell(f"({command}; echo $? >&2) | head -n 1")

    assert done.stdout.count("\n") == 1
    assert done.stderr.splitlines()[-1] == "0"


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Up]:
    """A platform that asks for tokens."""
    platform = Up(tmp_path / "closed", environ={"PRODIGUER_WEB__TOKENS": "required"})
    try:
        yield platform
    finally:
        platform.stop()


def test_a_token_opens_the_stream(closed: Up) -> None:
    denied = prodiguer("watch", "--url", closed.url)
    made = prodiguer("token", "create", "eyes", "--data", closed.arguments[2])
    watch = Watch("--url", closed.url, PRODIGUER_TOKEN=made.stdout.strip())
    watch.watching()

    assert denied.returncode == 4
    assert "$PRODIGUER_TOKEN" in denied.stderr
    assert watch.stop() == 0
