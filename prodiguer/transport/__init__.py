"""Brokers, reached by a URL."""

from prodiguer.transport.schemes import connect

__all__ = ["connect"]
