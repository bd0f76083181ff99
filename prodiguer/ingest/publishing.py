"""Messages on their way to the broker."""

from __future__ import annotations

from prodiguer.domain.messages import Message
from prodiguer.ports.transport import PRIMARY, Publication
from prodiguer.wire.envelope import to_amqp

#: Publications that are confirmed together.
WINDOW = 500
#: Bytes of bodies that are confirmed together, at the least one message.
WINDOW_BYTES = 8 * 1024 * 1024


def publication(message: Message) -> Publication:
    """What producers outside say goes to the primary exchange."""
    key, properties, body = to_amqp(message)
    return Publication(PRIMARY, key, body, properties)
