"""The handlers: each batch of 7000 becomes rows of transfers."""

from __future__ import annotations

from collections.abc import Sequence

from prodiguer import App, Context, FileTransferred, Message
from prodiguer.domain.metrics import Transfer
from prodiguer_metrics.numbers import number

app = App("metrics", projection=True)


@app.on_batch(FileTransferred)
def keep(messages: Sequence[Message], context: Context) -> None:
    """A row each; a number that cannot be read is none, and the transfer is kept."""
    context.transfers.add([transfer(message) for message in messages])


def transfer(message: Message) -> Transfer:
    """What a 7000 says."""
    return Transfer(
        message_uid=message.uid,
        simulation_uid=message.simulation_uid or "",
        job_uid=message.job_uid or "",
        at=message.time,
        action=message.get("actionName") or "",
        size_mo=number(message.get("size_Mo")),
        duration_ms=number(message.get("duration_ms")),
        throughput_mo_s=number(message.get("throughput_Mo_s")),
        dir_from=message.get("dirFrom"),
        dir_to=message.get("dirTo"),
    )
