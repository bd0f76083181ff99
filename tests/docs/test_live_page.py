"""The page of the live protocol: its example runs, its tables are those of the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from live import wait_for
from prodiguer.ports.live import EVENT_TYPES
from prodiguer.web.api.live import ROUTES
from prodiguer.web.live import frames
from support.live_story import hear, news
from support.web import Client
from support.web_fixtures import _story, client, platform
from support.web_platform import RUN, Platform

__all__ = ["_story", "client", "platform"]

PAGE = (Path(__file__).parents[2] / "docs" / "live.md").read_text("utf-8")


def test_the_client_of_the_page_works(platform: Platform, client: Client, tmp_path: Path) -> None:
    program = tmp_path / "client.py"
    (snippet,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert PAGE.count("```") == 2, "a snippet is not run"
    program.write_text(snippet)
    host, port = client.address
    said = tmp_path / "said"
    with said.open("wb") as out:
        process = subprocess.Popen([sys.executable, program, f"ws://{host}:{port}"], stdout=out)
    try:
        wait_for(
            lambda: b"prodiguer_live_clients 1.0" in client.get("/metrics").content, "the client"
        )
        hear(platform, news(1))
        wait_for(lambda: f"{RUN} late\n" in said.read_text(), "the event")
    finally:
        process.terminate()
        process.wait(30)


def test_the_page_names_each_parameter() -> None:
    table = PAGE.partition("| parameter | meaning |")[2].partition("\n\n")[0]
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| ")]
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    route = next(route for route in ROUTES if route.live)

    assert sorted(named) == sorted(parameter.name for parameter in route.parameters)


def test_the_page_names_each_type_and_each_code() -> None:
    assert all(f"`{name}`" in PAGE for name in EVENT_TYPES)
    codes = {
        frames.GOING_AWAY, frames.PROTOCOL_ERROR, frames.UNSUPPORTED, frames.BAD_TEXT,
        frames.POLICY, frames.TOO_BIG, frames.NO_PONG, frames.TOO_SLOW,
    }  # fmt: skip
    table = PAGE.partition("| code | meaning |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| ")]
    assert {int(code) for row in rows for code in re.findall(r"\d{4}", row)} == codes
