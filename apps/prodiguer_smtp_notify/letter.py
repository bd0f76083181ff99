"""The mail about a run: plain text, and nothing from outside can become a header."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from typing import Any

from prodiguer_smtp_notify.settings import MailSettings

SUBJECT_LENGTH = 120
_LINE_LENGTH = 500

_HEADLINES = {"1999": "FAILED", "0100": "completed"}
_OPENINGS = {
    "1999": "A compute job died of a fatal error, and its run stopped with it.",
    "0100": "The run has come to its normal end.",
}


def compose(key: str, facts: Mapping[str, Any], settings: MailSettings) -> EmailMessage:
    """The mail.

    Args:
        key: of the effect: the Message-ID follows from it, so that a repeat can be told.
        facts: ``code``, ``simulation``, ``job``, ``time`` and the words of the run, None where
            they are not known.
        settings: from whom it is and to whom it goes.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.sender
    mail["To"] = ", ".join(settings.to)
    mail["Subject"] = subject(facts)
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = message_id(key, settings.sender)
    # No robot answers to these, and a robot's answer to them comes to nobody.
    mail["Auto-Submitted"] = "auto-generated"
    mail["Precedence"] = "bulk"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text(facts))
    return mail


def subject(facts: Mapping[str, Any]) -> str:
    """``[prodiguer] CM6-DEMO-01 FAILED on curie``; the uid where the name is not known."""
    name = clean(facts.get("name") or "") or facts["simulation"]
    machine = clean(facts.get("machine") or "")
    line = f"[prodiguer] {name} {_HEADLINES[facts['code']]}" + (f" on {machine}" if machine else "")
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"


def text(facts: Mapping[str, Any]) -> str:
    """One fact a line."""
    rows = [
        ("run", facts.get("name") or "(its 0000 has not come yet)"),
        ("centre", facts.get("centre")),
        ("machine", facts.get("machine")),
        ("login", facts.get("login")),
        ("model", facts.get("model")),
        ("experiment", facts.get("experiment")),
        ("time (UTC)", facts["time"]),
        ("simulation", facts["simulation"]),
        ("job", facts["job"]),
    ]
    lines = [f"{label + ':':<12}{clean(str(value))}" for label, value in rows if value]
    return "\n".join((_OPENINGS[facts["code"]], "", *lines, ""))


def message_id(key: str, sender: str) -> str:
    """The same for the same key."""
    domain = sender.rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}.prodiguer@{domain}>"


def clean(value: str) -> str:
    """Without line ends, control characters and marks that turn the direction of writing."""
    kept = (" " if unicodedata.category(c) in _UNFIT else c for c in value)
    return " ".join("".join(kept).split())[:_LINE_LENGTH]


_UNFIT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
