"""`demo`: the whole platform with simulated computing centres."""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

import click

from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.roles import Roles
from prodiguer.bootstrap.session import Session
from prodiguer.cli import output
from prodiguer.cli.addresses import address, listening
from prodiguer.cli.api import Api
from prodiguer.cli.demo.centre import plan
from prodiguer.cli.demo.replay import Replay
from prodiguer.cli.demo.settling import Taken, settle, watch
from prodiguer.cli.demo.story import Run
from prodiguer.cli.demo.verdict import Verdict, compare
from prodiguer.cli.demo.ways import Way, ways
from prodiguer.cli.processes import report, serve, stop_on_signals
from prodiguer.cli.state import State, command, pass_state
from prodiguer.errors import ConfigurationError, ProdiguerError
from prodiguer.telemetry import configure

DATA = "./prodiguer-demo"
#: A directory without it was not made by a demonstration: it is never emptied.
MARK = ".prodiguer-demo"


@command()
@click.option("--simulations", type=click.IntRange(1), default=40, show_default=True,
              help="How many runs.")  # fmt: skip
@click.option("--speed", type=click.FloatRange(0.1), default=1.0, show_default=True,
              help="So many times the normal pace.")  # fmt: skip
@click.option("--once", is_flag=True, help="Send everything at once, compare, and end.")
@click.option("--keep", is_flag=True, help="Go on with the data of the last demonstration.")
@click.option("--seed", type=int, help="Decides what happens; 1, or with --keep any.")
@click.option("--relay", metavar="HOST:PORT", help="Send the mails there instead of to the door.")
@click.option("--smtp", metavar="HOST:PORT", help="Where to take mails [127.0.0.1:2525].")
@click.option("--web", metavar="HOST:PORT", help="Where to serve HTTP [127.0.0.1:8080].")
@pass_state
def demo(
    state: State,
    simulations: int,
    speed: float,
    once: bool,
    keep: bool,
    seed: int | None,
    relay: str | None,
    smtp: str | None,
    web: str | None,
) -> None:
    """Run everything, and simulated centres whose runs one can watch.

    They speak as real ones do: by mail and HTTP, through the client and the hook of job scripts.
    With --once the exit code is 0 when all runs have arrived and agree with what was emitted,
    else 1.
    """
    state.data = state.data or DATA
    if not keep:
        _empty(Path(state.data))
    # On kept data the same story is told again of others: other ids, other names.
    mark = f"-{secrets.token_hex(2)}" if keep else ""
    if seed is None:
        seed = secrets.randbits(32) if keep else 1
    through = address(relay, "--relay") if relay else None
    loaded = listening(state.load(), smtp=smtp, web=web)
    runs = list(plan(simulations, seed, mark))
    with Platform(loaded) as platform:
        (platform.data / MARK).touch()
        session = Session(platform, list(platform.apps.values()), smtp=True, web=True)
        centres = _Centres(session, platform.data / "centres", through, once=once)
        if once:
            _once(state, session, centres, runs, seed)
        else:
            _show(state, session, centres, runs, speed, seed)


class _Centres:
    """The ways from the centres, once the doors are open."""

    def __init__(
        self, session: Session, place: Path, relay: tuple[str, int] | None, *, once: bool
    ) -> None:
        self._session, self._place, self._relay, self._once = session, place, relay, once

    def open(self) -> Mapping[str, Way]:
        smtp = self._relay or self._session.smtp_address
        return ways(self._place, smtp, self._session.url, wait=self._once)


def _empty(data: Path) -> None:
    if not data.exists():
        return
    if not (data / MARK).exists() and any(data.iterdir()):
        raise ConfigurationError(
            f"{data} was not made by a demonstration and is not emptied: choose another --data,"
            " or give --keep"
        )
    roles = Roles(data)
    roles.take(("smtp", "web"))  # another demonstration that goes on there keeps its data
    shutil.rmtree(data)
    roles.release()


def _show(
    state: State, session: Session, centres: _Centres, runs: list[Run], speed: float, seed: int
) -> None:
    stop = stop_on_signals()

    def emit() -> None:
        replay = Replay(runs, centres.open(), speed, seed)
        output.say(f"{len(runs)} runs begin: {len(replay.past)} mails at once,"
                   f" {len(replay.live)} more as time goes by", quiet=state.quiet)  # fmt: skip
        replay.send(stop)
        if not stop.is_set():
            output.say("all is said; Ctrl-C ends the demonstration", quiet=state.quiet)

    sender = threading.Thread(target=emit, name="centres", daemon=True)

    def begin() -> None:
        output.say(f"\nDashboard: {session.url}\n", quiet=state.quiet)
        sender.start()

    serve(state, session, stop, started=begin, level="warning")
    sender.join(10.0)


def _once(state: State, session: Session, centres: _Centres, runs: list[Run], seed: int) -> None:
    configure("warning")
    stop = stop_on_signals()
    with watch() as running:
        try:
            session.start()
            api = Api(session.url)
            dead = _dead_letters(api)
            opened = centres.open()
            replay = Replay(runs, opened, 0, seed)
            output.say(f"{len(runs)} runs: sending {len(replay)} mails", quiet=state.quiet)
            replay.send(stop, Taken(running.wind).note)
            if stop.is_set():
                raise ProdiguerError("interrupted before all was sent")
            settle(api, opened.values(), running.wind)
            verdicts = compare(api, runs, replay.said)
            _judge(state, verdicts, _dead_letters(api) - dead)
        finally:
            running.wind()
            session.stop()
            report(state, session)


def _dead_letters(api: Api) -> int:
    return int(api.get("/api/v1/dead-letters", {"limit": 1})["total"])


def _judge(state: State, verdicts: list[Verdict], dead: int) -> None:
    rows = [
        {
            "run": v.run.name,
            "try": v.expected["try"],
            "way": v.run.who.machine.way,
            "emitted": v.emitted,
            "missing": v.missing,
            "state": v.stored and v.stored["state"],
            "progress": v.stored and f"{v.stored['progress']:.1%}",
            "jobs": sum(v.stored["jobs"].values()) if v.stored else 0,
            "agrees": "; ".join(v.differences) or "yes",
        }
        for v in verdicts
    ]
    if state.json:
        output.json_line(rows)
    else:
        output.table(rows, tuple(rows[0]))
    wrong = [v.run.name for v in verdicts if v.differences]
    if wrong:
        raise ProdiguerError(
            f"{len(wrong)} of {len(verdicts)} runs do not agree with what was sent:"
            f" {', '.join(wrong)}"
        )
    if dead:
        raise ProdiguerError(f"{dead} dead letters, and nothing bad was sent")
    output.say(
        f"all {len(verdicts)} runs agree with what was emitted:"
        f" {sum(v.emitted for v in verdicts)} messages",
        quiet=state.quiet,
    )


COMMANDS = (demo,)
