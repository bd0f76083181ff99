"""From messages to handlers: who gets what, and whose fault a failure is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from prodiguer.app import App, BatchHandler, Context, Draft, Handler
from prodiguer.domain.message import Message
from prodiguer.errors import Halt, Unavailable
from prodiguer.runner.bisect import Region

#: What neither a message nor a handler is to blame for: it goes up as it is.
PASSING = (Unavailable, Halt)


class HandlerFailed(Exception):
    """A handler raised; the cause is what it raised, a verdict or anything else.

    Args:
        message: the one it was at; None where a batch handler had several.
    """

    def __init__(self, message: Message | None) -> None:
        super().__init__()
        self.message = message

    @property
    def cause(self) -> BaseException:
        """What the handler raised."""
        return self.__cause__ or self


def suspicion(messages: Sequence[Message], start: int, failure: Exception) -> Region:
    """Where the poison must be: at the message that a handler was at, else anywhere.

    Args:
        messages: the group that failed.
        start: place of its first message in the batch.
        failure: what it failed with.
    """
    culprit = failure.message if isinstance(failure, HandlerFailed) else None
    if culprit is not None:
        for place, message in enumerate(messages, start):
            if message.uid == culprit.uid and message.digest == culprit.digest:
                return Region(place, place + 1)
    return Region(start, start + len(messages))


class Dispatch:
    """Calls the handlers of an app.

    Args:
        app: whose handlers; they are looked up by the exact class of a message.
        say: takes each message that a handler says, within its transaction.
        check: called before every single message; raises to break off.
    """

    def __init__(self, app: App, say: Callable[[Draft, Context], None], check: Callable[[], None]):
        self._singles: dict[type[Message], Handler] = app.handlers
        self._batch: BatchHandler | None = app.batch_handler
        self._batch_types = frozenset(app.batch_types)
        self._say = say
        self._check = check

    def __call__(self, messages: Sequence[Message], context: Context) -> int:
        """Hand every message to its handler; how many no handler takes.

        Raises:
            HandlerFailed: a handler raised.
            Unavailable, Halt: a handler raised that.
        """
        together, singles, ignored = self._sort(messages)
        if together and self._batch is not None:
            self._call(self._batch, together, context, together)
        for handler, message in singles:
            self._check()
            self._call(handler, message, context, (message,))
        return ignored

    def _sort(
        self, messages: Sequence[Message]
    ) -> tuple[list[Message], list[tuple[Handler, Message]], int]:
        singles, batch_types = self._singles, self._batch_types
        if not singles and self._batch is not None and not batch_types:
            return list(messages), [], 0
        free = self._batch is not None and not batch_types
        together: list[Message] = []
        alone: list[tuple[Handler, Message]] = []
        ignored = 0
        for message in messages:
            kind = type(message)
            if (handler := singles.get(kind)) is not None:
                alone.append((handler, message))
            elif free or kind in batch_types:
                together.append(message)
            else:
                ignored += 1
        return together, alone, ignored

    def _call(
        self,
        handler: Callable[[Any, Context], Iterable[Draft] | None],
        argument: Any,
        context: Context,
        messages: Sequence[Message],
    ) -> None:
        try:
            # A generator does its work here, while it is read.
            for draft in handler(argument, context) or ():
                self._say(draft, context)
        except PASSING:
            raise
        except (Exception, SystemExit) as error:
            # SystemExit would end the thread of the app without a word.
            raise HandlerFailed(messages[0] if len(messages) == 1 else None) from error
