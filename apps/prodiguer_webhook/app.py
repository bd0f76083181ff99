"""The handlers: failures and ends become calls; who is called asks the API for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prodiguer import App, Context, Effect, JobFailed, Message, SimulationEnded
from prodiguer_webhook.call import call
from prodiguer_webhook.settings import check, hook_of

app = App("webhook", check=check)

#: What the receiver reads in ``event``, by message code.
EVENTS = {"1999": "run.failed", "0100": "run.completed"}


@app.on(JobFailed, SimulationEnded)
def tell(message: Message, context: Context) -> None:
    """One call for each job that died and for each end, however often its message comes."""
    if hook_of(context.settings) is None:
        return
    context.effect(
        f"{message.code}:{message.simulation_uid}:{message.job_uid}",
        {
            "event": EVENTS[message.code],
            "simulation": message.simulation_uid,
            "job": message.job_uid,
            "time": message.time.isoformat(timespec="seconds"),
        },
    )


@app.effect
def post(effect: Effect, settings: Mapping[str, Any]) -> None:
    """Call the receiver; a repeat has the same ``Prodiguer-Id``."""
    hook = hook_of(settings)
    if hook is not None:
        call(hook, effect.key, effect.payload)
