"""How much one connection may ask for before it is told to go."""

from __future__ import annotations

#: Commands without a mail that is accepted; a mail fills it up again.
COMMANDS = 100
#: RCPT commands without a mail that is accepted; most of them are answered 452.
RECIPIENTS = 10_000
#: Lines that are no commands.
BOGUS = 5


class Budget:
    """What is left to one connection."""

    def __init__(self) -> None:
        self._bogus = BOGUS
        self.refill()

    def refill(self) -> None:
        """A mail was accepted: its sender is what this door is for."""
        self._commands = COMMANDS
        self._recipients = RECIPIENTS

    def spend(self, verb: str) -> bool:
        """False when this command is one too many."""
        if verb == "RCPT":
            self._recipients -= 1
            return self._recipients >= 0
        self._commands -= 1
        return self._commands >= 0

    def spend_bogus(self) -> bool:
        """False when this line is the last one that is borne."""
        self._bogus -= 1
        return self._bogus > 0
