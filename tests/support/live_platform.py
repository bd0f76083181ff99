"""A platform in parts, whose web processes can be killed while all else goes on."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generate import mail, messages
from live import Process, Up, wait_for
from support.live_followers import Client, Key, log_of, newest_of

APPS = ("archive", "sim-mon", "metrics")


class Web(Up):
    """`prodiguer web` on a data directory."""

    def __init__(self, data: Path, port: int = 0) -> None:
        Process.__init__(
            self, "--data", str(data), "web", environ={"PRODIGUER_WEB__PORT": str(port)}
        )
        try:
            self.web = int(self.heard(r"^HTTP: http://127\.0\.0\.1:(\d+)")[1])
        except BaseException:
            self.kill()
            raise
        self.url = f"http://127.0.0.1:{self.web}"


class Parts:
    """The apps, the door for mails, and any number of web processes.

    Args:
        data: the directory that they share.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self._others = [
            Process("--data", str(data), "run", *APPS),
            Process("--data", str(data), "smtp", environ={"PRODIGUER_SMTP__PORT": "0"}),
        ]
        self.webs: list[Web] = []
        try:
            self._others[0].heard("^apps: ")
            self.smtp = int(self._others[1].heard(r"^mails: 127\.0\.0\.1:(\d+)")[1])
        except BaseException:
            self.stop()
            raise

    def serve(self, port: int = 0) -> Web:
        """One more web process."""
        self.webs.append(Web(self.data, port))
        return self.webs[-1]

    def restart(self, web: Web) -> Web:
        """kill -9, and another one in its place."""
        web.kill()
        self.webs.remove(web)
        return self.serve(web.web)

    def stop(self) -> None:
        for process in (*self.webs, *self._others):
            process.stop()


@contextmanager
def parts(data: Path) -> Iterator[Parts]:
    """Started, and stopped at the end."""
    platform = Parts(data)
    try:
        yield platform
    finally:
        platform.stop()


class Weather:
    """Messages by mail, some at a time.

    Args:
        port: of the door for mails.
        size: messages of a mail.
    """

    def __init__(self, port: int, *, seed: int = 1, size: int = 10) -> None:
        self.sent = 0
        self._session = smtplib.SMTP("127.0.0.1", port, timeout=60)
        self._size = size
        self._all = messages(100_000, seed=seed, runs=40)

    def blow(self, padding: int = 0) -> None:
        """One more mail; each of its messages carries so many characters besides."""
        batch = [next(self._all) for _ in range(self._size)]
        batch = [message | {"padding": "x" * padding} for message in batch]
        self._session.sendmail("jobs@centre.example", ["it@platform.example"], mail(batch))
        self.sent += len(batch)

    def settled(self, web: Web) -> list[tuple[int, str, str]]:
        """The log, once all that was sent has had its effects."""
        self._session.close()
        wait_for(lambda: web.get("/api/v1/messages?limit=1")["total"] == self.sent, "the archive")
        web.settle(but=("prod.smtp-notify", "prod.webhook"))
        return log_of(Path(web.arguments[1]))


def followed(client: Client, log: list[tuple[int, str, str]]) -> None:
    """The client has come to the end of the log, and nothing went wrong on its way."""
    end = log[-1][0]
    wait_for(lambda: client.position == end, f"a client at {client.position} to come to {end}")
    assert client.faults == []
    assert client.resets == 0
    assert client.newest == newest_of(log)


def served(web: Web) -> dict[Key, Any]:
    """Runs, jobs, messages and mails as HTTP gives them."""
    lists = {
        "simulation": "/api/v1/simulations?tries=all",
        "job": "/api/v1/jobs",
        "message": "/api/v1/messages",
        "mail": "/api/v1/mails",
    }
    return {
        (kind, item.get("uid") or item["id"]): item
        for kind, path in lists.items()
        for item in web.items(path)
    }


def periods_served(web: Web) -> list[str]:
    """All simulated periods, in an order of their own."""
    runs = [run["uid"] for run in web.items("/api/v1/simulations?tries=all")]
    return _sorted(p for uid in runs for p in web.items(f"/api/v1/simulations/{uid}/periods"))


def periods_of(client: Client) -> list[str]:
    """Those that a client has heard of, in the same order."""
    return _sorted(data for (kind, _), data in client.objects.items() if kind == "period")


def _sorted(objects: Any) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in objects)


def knows_what_is_served(client: Client, web: Web) -> None:
    """Its objects are those of HTTP, field by field."""
    known = {key: data for key, data in client.objects.items() if key[0] != "period"}
    assert known == served(web)
    assert periods_of(client) == periods_served(web)
