"""A platform as its users run it: the command in a process of its own, killed when asked to."""

from __future__ import annotations

import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "prodiguer"]
#: Long enough for a busy machine; no test depends on being quicker.
PATIENCE = 60.0


def wait_for(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true value of a condition."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {patience} s in vain for {what}")


def prodiguer(
    *arguments: str, environ: dict[str, str] | None = None, **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **(environ or {})},
        timeout=PATIENCE,
        check=False,
        **more,
    )


def shell(script: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a script of sh in which PRODIGUER is the command."""
    return subprocess.run(
        ["/bin/sh", "-c", script.replace("PRODIGUER", " ".join(COMMAND))],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        timeout=PATIENCE,
        check=False,
    )


class Process:
    """A command that stays, with what it says on standard error."""

    def __init__(self, *arguments: str, environ: dict[str, str] | None = None) -> None:
        self.arguments = arguments
        self.said: list[str] = []
        self._process = subprocess.Popen(
            [*COMMAND, *arguments],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **(environ or {})},
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        self.said.extend(iter(self._process.stderr.readline, ""))

    def heard(self, pattern: str) -> re.Match[str]:
        """The first line that fits, once it is said."""

        def look() -> re.Match[str] | None:
            if found := next(
                (m for line in list(self.said) if (m := re.search(pattern, line))), None
            ):
                return found
            assert self._process.poll() is None, "".join(self.said)
            return None

        return wait_for(look, f"{pattern!r} from {self.arguments}")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._end()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        if self.running:
            self._process.send_signal(number)
        return self._end()

    def _end(self) -> int:
        code = self._process.wait(PATIENCE)
        self._listener.join()
        if self._process.stderr:
            self._process.stderr.close()
        return code


class Up(Process):
    """`prodiguer up` on a data directory, on ports of its own."""

    def __init__(self, data: Path, *more: str, smtp: int = 0, web: int = 0, **kwargs: Any) -> None:
        super().__init__(
            "up",
            "--data",
            str(data),
            "--smtp",
            f"127.0.0.1:{smtp}",
            "--web",
            f"127.0.0.1:{web}",
            *more,
            **kwargs,
        )
        try:
            self.smtp = int(self.heard(r"^mails: 127\.0\.0\.1:(\d+)")[1])
            self.web = int(self.heard(r"^HTTP: http://127\.0\.0\.1:(\d+)")[1])
        except BaseException:
            self.kill()  # nobody else has it yet
            raise
        self.url = f"http://127.0.0.1:{self.web}"

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def items(self, path: str) -> list[Any]:
        """A whole list, page by page."""
        items, cursor = [], ""
        while True:
            mark = "&" if "?" in path else "?"
            page = self.get(f"{path}{mark}limit=1000{cursor}")
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = f"&cursor={page['next']}"

    def post(self, messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
        request = urllib.request.Request(
            self.url + "/api/v1/messages",
            data=json.dumps(list(messages)).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 202
            return dict(json.load(answer))

    def send_mail(self, content: bytes) -> None:
        """Like a relay: the envelope and the bytes as they are."""
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=60) as session:
            session.sendmail("jobs@centre.example", ["prodiguer@platform.example"], content)

    def settle(self, *, but: Iterable[str] = (), patience: float = 120.0) -> None:
        """Wait until nothing waits anywhere but in the queues named."""

        def settled() -> bool:
            stats = self.get("/api/v1/stats")
            return not stats["spool"] and not any(
                q["ready"] + q["unacked"] for q in stats["queues"] if q["name"] not in but
            )

        wait_for(settled, "the queues to be empty", patience)
