"""A message ⇄ what a broker carries: routing key, properties, body."""

from prodiguer.wire.envelope.incoming import from_amqp
from prodiguer.wire.envelope.outgoing import BODY_LIMIT, to_amqp

__all__ = ["BODY_LIMIT", "from_amqp", "to_amqp"]
