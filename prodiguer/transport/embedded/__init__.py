"""The embedded broker: a durable queue in one SQLite file, shared by processes of one machine.

What it promises: a publication that returned is on disk in every queue that takes it; a delivery
that is not acknowledged comes back when its consumer is closed or its process is dead; one that
is acknowledged never does. A process that is stopped but alive keeps what it has taken.
"""

from prodiguer.transport.embedded.broker import open_broker

__all__ = ["open_broker"]
