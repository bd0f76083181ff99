"""Metrics: what jobs measure of their environment, beginning with file transfers (7000)."""

from prodiguer_metrics.app import app

__all__ = ["app"]
