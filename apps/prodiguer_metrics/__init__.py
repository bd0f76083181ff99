"""App metrics."""

from prodiguer import App

app = App("metrics")
