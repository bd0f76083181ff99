"""What a mail carried, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from prodiguer.domain.message import Message
from prodiguer.wire import base64_text, repair
from prodiguer.wire.mail.dead import DeadLine

_REPAIRS = frozenset({base64_text.REPAIRED, repair.REPAIRED})


@dataclass
class Tally:
    """Counts what `read_mail` gives."""

    #: By the code that came in.
    messages: Counter[str] = field(default_factory=Counter)
    #: What had to be repaired so that messages could be read; one may need both repairs.
    repairs: int = 0
    dead: int = 0

    def note(self, item: Message | DeadLine) -> None:
        if isinstance(item, DeadLine):
            self.dead += 1
            return
        self.messages[item.received_code or item.code] += 1
        self.repairs += sum(flag in _REPAIRS for flag in item.flags)
