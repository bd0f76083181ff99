"""Mail to people when a run fails or ends: one mail for each job that died, one for each end."""

from prodiguer_smtp_notify.app import app

__all__ = ["app"]
