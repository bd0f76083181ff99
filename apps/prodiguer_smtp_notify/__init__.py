"""App smtp_notify."""

from prodiguer import App

app = App("smtp-notify")
