"""`send`: emit messages through the configured channel, confirmed."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from prodiguer import __version__
from prodiguer.cli import output
from prodiguer.cli.channels import REMEDY, channel, mail_channel
from prodiguer.cli.state import State, command, pass_state
from prodiguer.client.channels import Denied, Receipt, Refusal, SendError
from prodiguer.client.spool import Spool
from prodiguer.errors import NotAllowed, ProdiguerError, Refused, Unavailable

#: Seconds before the second and the third try.
WAITS = (0.5, 2.0)
WINDOW = 500
MAX_LINE = 1 << 20

T = TypeVar("T")


@command()
@click.argument("code", required=False)
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]…")
@click.option("--mail", type=click.Path(exists=True, dir_okay=False), help="A mail, byte for byte.")
@click.option("--jsonl", type=click.Path(allow_dash=True), help="A file of JSON lines; - is stdin.")
@pass_state
def send(
    state: State, code: str | None, fields: tuple[str, ...], mail: str | None, jsonl: str | None
) -> None:
    """Send a message, a mail or a file of messages; on failure it is tried three times.

    What cannot be delivered is kept in this machine's spool (`prodiguer spool`), and the exit code
    is 3, or 4 where a token is lacking. A mail is not spooled: it is a file already.
    """
    if sum(map(bool, (code, mail, jsonl))) != 1:
        raise click.UsageError("give one of CODE, --mail FILE and --jsonl FILE")
    if mail:
        content = Path(mail).read_bytes()
        relay = mail_channel(state.load().settings.send)
        _tried(lambda: relay.send_mail(content))
        output.say("mail taken", quiet=state.quiet)
        return
    messages = [_message(code, fields)] if code else _lines(str(jsonl))
    _report(state, _deliver(state, messages))


def _deliver(state: State, messages: Sequence[bytes]) -> Receipt:
    to = channel(state)
    accepted, duplicates, dead = 0, 0, []
    for start in range(0, len(messages), WINDOW):
        window = messages[start : start + WINDOW]
        try:
            receipt = _tried(lambda batch=window: to.send(batch))  # type: ignore[misc]  # bound now
        except (Unavailable, NotAllowed) as error:
            kept = Spool(Spool.place(os.environ)).keep(messages[start:])
            raise type(error)(f"{error}; {len(messages) - start} kept in {kept}") from None
        accepted += receipt.accepted
        duplicates += receipt.duplicates
        dead += [(start + index, reason) for index, reason in receipt.dead]
    return Receipt(accepted, duplicates, tuple(dead))


def _tried(act: Callable[[], T]) -> T:
    for wait in (*WAITS, None):
        try:
            return act()
        except Refusal as refusal:
            raise ProdiguerError(str(refusal)) from None
        except Denied as denied:
            raise NotAllowed(f"{denied} ({REMEDY})") from None
        except SendError as error:
            if wait is None:
                raise Unavailable(str(error)) from None
            time.sleep(wait)
    raise AssertionError  # the loop ends by returning or raising


def _message(code: str, fields: Sequence[str]) -> bytes:
    message = {
        "msgCode": code,
        "msgUID": str(uuid.uuid4()),
        "msgTimestamp": datetime.now(UTC).isoformat(),
        "msgProducer": "prodiguer",
        "msgProducerVersion": __version__,
    }
    for field in fields:
        name, equals, value = field.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{field!r} is not FIELD=VALUE")
        message[name] = value
    try:
        return json.dumps(message, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise click.UsageError("the fields are not valid UTF-8") from None


def _lines(path: str) -> list[bytes]:
    lines: list[bytes] = []
    with click.open_file(path, "rb") as stream:
        while line := stream.readline(MAX_LINE + 2):
            if len(line.rstrip(b"\r\n")) > MAX_LINE:
                raise Refused("too-large", f"line {len(lines) + 1}", "a message has 1 MiB at most")
            if line.strip():
                lines.append(line.rstrip(b"\r\n"))
    return lines


def _report(state: State, receipt: Receipt) -> None:
    if state.json:
        dead = [{"index": index, "reason": reason} for index, reason in receipt.dead]
        output.json_line(
            {"accepted": receipt.accepted, "duplicates": receipt.duplicates, "dead": dead}
        )
    else:
        known = f", {receipt.duplicates} of them known already" if receipt.duplicates else ""
        output.say(f"{receipt.accepted} accepted{known}", quiet=state.quiet)
        for index, reason in receipt.dead:
            output.say(f"message {index}: {reason}")
    if receipt.dead:
        raise ProdiguerError(f"{len(receipt.dead)} became dead letters (`prodiguer dead list`)")


COMMANDS = (send,)
