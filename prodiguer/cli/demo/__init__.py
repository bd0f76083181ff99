"""`demo`: the whole platform with a simulated computing centre."""

from __future__ import annotations

import secrets
import shutil
import threading
from pathlib import Path

import click

from prodiguer.bootstrap.platform import Platform
from prodiguer.bootstrap.roles import Roles
from prodiguer.bootstrap.session import Session
from prodiguer.cli import output
from prodiguer.cli.addresses import listening
from prodiguer.cli.api import Api
from prodiguer.cli.demo.centre import Run, plan
from prodiguer.cli.demo.replay import Replay
from prodiguer.cli.demo.verdict import compare, settle
from prodiguer.cli.processes import report, serve, stop_on_signals
from prodiguer.cli.state import State, command, pass_state
from prodiguer.client.channels import MailChannel
from prodiguer.errors import ConfigurationError, ProdiguerError
from prodiguer.telemetry import configure

DATA = "./prodiguer-demo"
#: A directory without it was not made by a demonstration: it is never emptied.
MARK = ".prodiguer-demo"
SETTLE = 300.0


@command()
@click.option("--simulations", type=click.IntRange(1), default=12, show_default=True,
              help="How many runs.")  # fmt: skip
@click.option("--speed", type=click.FloatRange(0.1), default=1.0, show_default=True,
              help="So many times the normal pace.")  # fmt: skip
@click.option("--once", is_flag=True, help="Send everything at once, compare, and end.")
@click.option("--keep", is_flag=True, help="Go on with the data of the last demonstration.")
@click.option("--seed", type=int, help="Decides what happens; 1, or with --keep any.")
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
    smtp: str | None,
    web: str | None,
) -> None:
    """Run everything, and replay simulated runs through real mail at a visible pace.

    With --once the exit code is 0 when all runs have arrived and agree with what was emitted,
    else 1.
    """
    state.data = state.data or DATA
    if not keep:
        _empty(Path(state.data))
    if seed is None:
        # The same runs again on kept data would be the same ids with other times.
        seed = secrets.randbits(32) if keep else 1
    loaded = listening(state.load(), smtp=smtp, web=web)
    runs = list(plan(simulations, seed))
    with Platform(loaded) as platform:
        (platform.data / MARK).touch()
        session = Session(platform, list(platform.apps.values()), smtp=True, web=True)
        if once:
            _once(state, session, runs, seed)
        else:
            _show(state, session, runs, speed, seed)


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


def _replay(session: Session, runs: list[Run], speed: float, seed: int) -> Replay:
    host, port = session.smtp_address
    channel = MailChannel(host, port, "jobs@centre.example", "prodiguer@platform.example")
    return Replay(runs, channel, speed, seed)


def _show(state: State, session: Session, runs: list[Run], speed: float, seed: int) -> None:
    stop = stop_on_signals()

    def emit() -> None:
        replay = _replay(session, runs, speed, seed)
        output.say(
            f"{len(runs)} runs begin: {len(replay)} mails are on their way", quiet=state.quiet
        )
        replay.send(stop)
        if not stop.is_set():
            output.say("all mails are sent; Ctrl-C ends the demonstration", quiet=state.quiet)

    sender = threading.Thread(target=emit, name="centre", daemon=True)
    serve(state, session, stop, started=sender.start, level="warning")
    sender.join(10.0)


def _once(state: State, session: Session, runs: list[Run], seed: int) -> None:
    configure("warning")
    stop = stop_on_signals()
    try:
        session.start()
        api = Api(session.url)
        replay = _replay(session, runs, 0, seed)
        output.say(f"{len(runs)} runs: sending {len(replay)} mails", quiet=state.quiet)
        replay.send(stop)
        if stop.is_set():
            raise ProdiguerError("interrupted before all was sent")
        if not settle(api, SETTLE):
            raise ProdiguerError(f"messages still wait after {SETTLE:.0f} s: `prodiguer queues`")
        _judge(state, api, runs, replay)
    finally:
        session.stop()
        report(state, session)


def _judge(state: State, api: Api, runs: list[Run], replay: Replay) -> None:
    verdicts = compare(api, runs, replay)
    rows = [
        {
            "run": v.run.name,
            "emitted": len(replay.emitted.get(v.run.uid, ())),
            "missing": v.missing,
            "state": v.state,
            "agrees": "yes" if v.agrees else f"no, expected {v.expected}",
        }
        for v in verdicts
    ]
    if state.json:
        output.json_line(rows)
    else:
        output.table(rows, ("run", "emitted", "missing", "state", "agrees"))
    wrong = [v for v in verdicts if not v.agrees]
    if wrong:
        raise ProdiguerError(
            f"{len(wrong)} of {len(verdicts)} runs do not agree with what was sent"
        )
    output.say(f"all {len(verdicts)} runs agree with what was emitted", quiet=state.quiet)


COMMANDS = (demo,)
