"""Archive: the log of all messages, of which every other table is a function.

It takes every message of the platform's mode and of any other, known or not, and it is the app
that keeps what no queue takes. It raises no event for a message: the log itself is what views of
messages read.
"""

from collections.abc import Sequence

from prodiguer import App, Context, Message

app = App("archive", bind=("#",), keeps_unroutable=True)


@app.on_batch()
def keep(messages: Sequence[Message], context: Context) -> None:
    """Every message, as it came."""
    context.archive.add(messages)
    for message in messages:
        context.events.add("message", message.uid, simulation_uid=message.simulation_uid)
