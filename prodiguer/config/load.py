"""Where settings come from: one TOML file, then ``PRODIGUER_…`` in the environment, which wins."""

from __future__ import annotations

import dataclasses
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from prodiguer.config.sections import Settings
from prodiguer.errors import ConfigurationError

#: The places that are looked at when no file is named, the first that is there.
PLACES = ("./prodiguer.toml", "/etc/prodiguer/prodiguer.toml")
MODES = ("dev", "test", "prod")
MAX_FILE = 1 << 20

_PREFIX = "PRODIGUER_"
#: Variables of the environment that are not settings.
_OTHERS = frozenset({"CONFIG", "DATA", "DEBUG", "FAULT", "SPOOL", "TOKEN", "URL"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, and of each option (``section.option``) where it came from."""

    settings: Settings
    sources: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None


def load(
    file: str | None = None,
    *,
    data: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Read the configuration.

    Args:
        file: the TOML file; without it ``$PRODIGUER_CONFIG``, then `PLACES`.
        data: the data directory, above all other sources.
        environ: the environment; that of this process by default.

    Raises:
        ConfigurationError: the file or an option cannot be used; the text names it.
    """
    environ = os.environ if environ is None else environ
    path = _find(file or environ.get(f"{_PREFIX}CONFIG"))
    sources: dict[str, str] = {}
    tree = _read(path) if path else {}
    _note(tree, sources, str(path))
    _merge(tree, _from_environment(environ), sources)
    if environ.get(f"{_PREFIX}DATA"):
        tree["data"], sources["data"] = environ[f"{_PREFIX}DATA"], f"${_PREFIX}DATA"
    if data:
        tree["data"], sources["data"] = data, "--data"
    settings = _build(Settings, tree, "")
    if settings.mode not in MODES:
        raise ConfigurationError(f"mode: {settings.mode!r} is none of {', '.join(MODES)}")
    return Loaded(settings, sources, path)


def _find(named: str | None) -> Path | None:
    if named:
        return Path(named)
    return next((Path(place) for place in PLACES if Path(place).is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.is_dir():
            raise ConfigurationError(f"{path} is a directory: name a TOML file")
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE + 1)
    except OSError as error:
        reason = error.strerror or error
        raise ConfigurationError(f"{path} cannot be read: {reason}") from None
    if len(content) > MAX_FILE:
        raise ConfigurationError(
            f"{path} is larger than {MAX_FILE} bytes: this is no settings file"
        )
    try:
        # A BOM is what Windows editors write; nothing is lost by passing over it.
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: {error}") from None


def _note(tree: Mapping[str, Any], sources: dict[str, str], source: str, prefix: str = "") -> None:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            _note(value, sources, source, f"{prefix}{key}.")
        else:
            sources[f"{prefix}{key}"] = source


def _from_environment(environ: Mapping[str, str]) -> list[tuple[list[str], str, str]]:
    """Of each variable ``PRODIGUER_SECTION__OPTION``: the path, the text, its own name."""
    return [
        (_option_path(name[len(_PREFIX) :]), text, name)
        for name, text in environ.items()
        if name.startswith(_PREFIX) and name[len(_PREFIX) :] not in _OTHERS
    ]


def _option_path(name: str) -> list[str]:
    parts = [part.lower() for part in name.split("__")]
    if parts[0] == "apps" and len(parts) == 3:
        # App names have hyphens, which the environment cannot hold.
        parts[1] = parts[1].replace("_", "-")
    return parts


def _merge(
    tree: dict[str, Any], entries: list[tuple[list[str], str, str]], sources: dict[str, str]
) -> None:
    for path, text, name in entries:
        place = tree
        for part in path[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise ConfigurationError(f"{name}: {part} is no section")
        place[path[-1]] = text
        sources[".".join(path)] = f"${name}"


def _build(cls: type[Any], tree: Mapping[str, Any], prefix: str) -> Any:
    fields = {f.name: f for f in dataclasses.fields(cls)}
    hints = get_type_hints(cls)
    unknown = sorted(set(tree) - set(fields))
    if unknown:
        known = ", ".join(f"{prefix}{name}" for name in fields)
        raise ConfigurationError(f"unknown setting {prefix}{unknown[0]}; valid ones are: {known}")
    return cls(**{key: _value(hints[key], value, f"{prefix}{key}") for key, value in tree.items()})


def _value(hint: Any, value: Any, name: str) -> Any:
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise ConfigurationError(f"{name} is a section: write [{name}]")
        return _build(hint, value, f"{name}.")  # type: ignore[arg-type]  # a class, as tested
    if get_origin(hint) is tuple:
        return _words(value, name)
    if hint is int:
        return _integer(value, name)
    if hint is str:
        if not isinstance(value, str):
            raise ConfigurationError(f"{name} must be a text, not {value!r}")
        return value
    return _sections(value, name)


def _words(value: Any, name: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(value)
    raise ConfigurationError(f"{name} must be a list of texts, not {value!r}")


def _integer(value: Any, name: str) -> int:
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConfigurationError(f"{name} must be a whole number, not {value!r}")
    return value


def _sections(value: Any, name: str) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(value, Mapping) or not all(isinstance(v, Mapping) for v in value.values()):
        raise ConfigurationError(f"{name} holds one section an app: write [{name}.NAME]")
    return value


def read_secret(file: str, name: str) -> str:
    """The secret in a file that only its owner can read.

    Raises:
        ConfigurationError: it cannot be read, is empty, or others can read it.
    """
    path = Path(file)
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{name}: {file} cannot be read: {error}") from None
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        raise ConfigurationError(f"{name}: others can read {file}: chmod 600 {file}")
    if not text:
        raise ConfigurationError(f"{name}: {file} is empty")
    return text
