"""A signed POST to another program when a run fails or ends."""

from prodiguer_webhook.app import app

__all__ = ["app"]
