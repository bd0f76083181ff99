"""The SMTP door: a hardened aiosmtpd that puts raw mails into the inbox and nothing else."""

from prodiguer.ingest.smtp.door import SmtpDoor

__all__ = ["SmtpDoor"]
