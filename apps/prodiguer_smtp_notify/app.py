"""The handlers: the words of a run are remembered, its failures and its end become mails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prodiguer import App, Context, Effect, JobFailed, Message, SimulationEnded, SimulationStarted
from prodiguer_smtp_notify.letter import compose
from prodiguer_smtp_notify.send import send
from prodiguer_smtp_notify.settings import check, is_configured, mail_settings

app = App("smtp-notify", check=check)

#: What a mail says of a run, by the wire name of the field.
WORDS = ("name", "machine", "login", "centre", "experiment", "model")


@app.on(SimulationStarted)
def remember(message: SimulationStarted, context: Context) -> None:
    """Keep the words of the run for its mails. The earliest 0000 counts, whichever comes first."""
    key = _key(message)
    stamp = [message.time.isoformat(timespec="microseconds"), message.uid]
    known = context.values.get(key)
    if known is None or stamp < known["stamp"]:
        words = {word: message.get(word) for word in WORDS}
        context.values.put(key, {"stamp": stamp, **words})


@app.on(JobFailed, SimulationEnded)
def tell(message: Message, context: Context) -> None:
    """One mail for each job that died and for each end, however often its message comes."""
    if not is_configured(context.settings):
        return
    words = context.values.get(_key(message)) or {}
    context.effect(
        f"{message.code}:{message.simulation_uid}:{message.job_uid}",
        {
            "code": message.code,
            "simulation": message.simulation_uid,
            "job": message.job_uid,
            "time": message.time.isoformat(timespec="seconds"),
            **{word: words.get(word) for word in WORDS},
        },
    )


@app.effect
def mail(effect: Effect, settings: Mapping[str, Any]) -> None:
    """Hand the mail to the relay; a repeat has the same Message-ID."""
    if is_configured(settings):
        configured = mail_settings(settings)
        send(compose(effect.key, effect.payload, configured), configured)


def _key(message: Message) -> str:
    return f"run:{message.simulation_uid}"
