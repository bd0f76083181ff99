"""Mails, read from disk in linear time and bounded memory: structure first, then line by line."""

from prodiguer.wire.mail.dead import DeadLine
from prodiguer.wire.mail.file import MailFile, identity_of_refused
from prodiguer.wire.mail.line import read_line
from prodiguer.wire.mail.reader import read_mail
from prodiguer.wire.mail.tally import Tally

__all__ = ["DeadLine", "MailFile", "Tally", "identity_of_refused", "read_line", "read_mail"]
