"""Which apps are installed, and what is said of packages that are broken."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from prodiguer import App
from prodiguer.errors import ConfigurationError
from prodiguer.runner import installed, installed_apps

good = App("good-app")
reserved = App("dead")
shouting = App("Shouting")
deaf = App("deaf", bind=("{mode}.#", "{mode}..monitoring"))
lost = App("lost", bind=("{site}.#",))
not_an_app = "text"


def offering(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> None:
    found = EntryPoints(
        EntryPoint(name, value if ":" in value else f"{__name__}:{value}", installed.GROUP)
        for name, value in entries
    )
    monkeypatch.setattr(installed, "entry_points", lambda group: found.select(group=group))


def test_our_own_apps_are_installed() -> None:
    assert {"archive", "metrics", "sim-mon", "smtp-notify", "webhook"} <= set(installed_apps())


def test_apps_are_found_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    offering(monkeypatch, ("good-app", "good"), ("good-app", "good"))
    assert installed_apps() == {"good-app": good}


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ([("lost", "no_such_package:app")], "'lost' .*no_such_package:app.*ModuleNotFoundError"),
        ([("lost", "missing")], "cannot be loaded"),
        ([("text", "not_an_app")], "is a str, not an App"),
        ([("dead", "reserved")], "'dead' cannot be the name of an app"),
        ([("Shouting", "shouting")], "'Shouting' cannot be the name"),
        ([("deaf", "deaf")], r"bind '\{mode\}\.\.monitoring': .* is no topic filter"),
        ([("lost", "lost")], r"bind '\{site\}\.#': 'site'"),
        ([("other", "good")], "called 'other', its app 'good-app'"),
        ([("good-app", "good"), ("good-app", "reserved")], "two packages call an app 'good-app'"),
    ],
)
def test_a_broken_package_is_named_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, entries: list[tuple[str, str]], text: str
) -> None:
    offering(monkeypatch, *entries)
    with pytest.raises(ConfigurationError, match=text):
        installed_apps()
