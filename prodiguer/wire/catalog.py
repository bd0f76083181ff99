"""Which class a message code means: the built-in types and those of installed packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from prodiguer.domain.message import Message, MessageType
from prodiguer.domain.messages import BUILT_IN
from prodiguer.errors import ConfigurationError
from prodiguer.wire import topics

#: The entry-point group in which a package names its subclasses of `Message`.
GROUP = "prodiguer.messages"


class Catalog:
    """Message types by code.

    Args:
        types: subclasses of `Message`, each with a code of its own.

    Raises:
        ConfigurationError: two types of one code, or a type that no routing key can carry.
    """

    def __init__(self, types: Iterable[type[Message]] = BUILT_IN) -> None:
        self._types: dict[str, type[Message]] = {}
        for type_ in types:
            self._add(type_)

    @classmethod
    def installed(cls) -> Catalog:
        """The built-in types and those that installed packages declare.

        Raises:
            ConfigurationError: a package's entry cannot be loaded or breaks a rule of the catalog.
        """
        found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
        return cls((*BUILT_IN, *map(_load, found)))

    def __iter__(self) -> Iterator[type[Message]]:
        return iter(self._types.values())

    @property
    def types(self) -> Mapping[str, type[Message]]:
        """The types by code; those of unknown codes and of traces of 2014 are not among them."""
        return MappingProxyType(self._types)

    def find(self, code: str) -> type[Message] | None:
        """The type of a code; None for a code that nobody declared."""
        return self._types.get(code)

    def is_internal(self, code: str) -> bool:
        """Whether only the platform itself may say this code."""
        type_ = self._types.get(code)
        return code.startswith("-") if type_ is None else type_.TYPE.internal

    def _add(self, type_: type[Message]) -> None:
        declared = type_.TYPE
        _check(type_, declared)
        known = self._types.setdefault(declared.code, type_)
        if known is not type_:
            raise ConfigurationError(
                f"message code {declared.code} is declared by {_place(known)} and by"
                f" {_place(type_)}: uninstall one of them"
            )


def _check(type_: type[Message], declared: MessageType) -> None:
    if not (topics.is_word(declared.code) and topics.is_word(declared.app)):
        raise ConfigurationError(
            f"{_place(type_)}: code {declared.code!r} and app {declared.app!r} must be words of"
            " a-z, 0-9, _ and -"
        )


def _load(entry: EntryPoint) -> type[Message]:
    try:
        found: Any = entry.load()  # a package may fail in any way when it is imported
    except Exception as error:
        raise ConfigurationError(f"message type {entry.value} cannot be loaded: {error}") from error
    if not (isinstance(found, type) and issubclass(found, Message) and hasattr(found, "TYPE")):
        raise ConfigurationError(f"message type {entry.value} is no subclass of prodiguer.Message")
    return found


def _place(type_: type[Message]) -> str:
    return f"{type_.__module__}.{type_.__qualname__}"
