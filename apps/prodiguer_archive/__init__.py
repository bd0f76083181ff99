"""App archive."""

from prodiguer import App

app = App("archive")
