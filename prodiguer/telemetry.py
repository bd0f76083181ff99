"""Logs are data: every record has an ``action`` and fields, promised in docs/operations.md."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_OURS = "prodiguer"

#: Lines that one place in a library may log in a second.
MOST_ALIKE = 5


class JsonFormatter(logging.Formatter):
    """One JSON object a line, so that nothing from outside can forge a second line."""

    def format(self, record: logging.LogRecord) -> str:
        extra = {k: v for k, v in vars(record).items() if k not in _STANDARD}
        fields: dict[str, Any] = extra | {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=True, default=str)


class Calm(logging.Filter):
    """Lets libraries say the same thing a few times a second, and counts the rest.

    Without free descriptors the event loop's own log line comes some thousand times a second: it
    would fill the disk that everything else needs. Our own lines are bounded where they are made.
    """

    def __init__(self) -> None:
        super().__init__()
        #: By place in the code: the second, the lines in it, the lines held back until now.
        self._said: dict[tuple[str, int], tuple[int, int, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] == _OURS:
            return True
        place, second = (record.name, record.lineno), int(record.created)
        began, lines, held = self._said.get(place, (second, 0, 0))
        if began != second:
            lines = 0
        if lines >= MOST_ALIKE:
            self._said[place] = (second, lines, held + 1)
            return False
        if held:
            record.held_back = held
        self._said[place] = (second, lines + 1, 0)
        return True


def configure(level: str = "info", stream: Any = None) -> None:
    """Send the platform's logs to standard error as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(Calm())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("mail.log", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
