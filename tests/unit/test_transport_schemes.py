"""Which broker a URL means."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from prodiguer.errors import ConfigurationError
from prodiguer.transport import connect


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An installed package that knows the schemes ``memory`` and ``embedded``."""
    info = tmp_path / "memory_broker-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: memory-broker\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[prodiguer.transports]\nmemory = memory_broker:open\nembedded = memory_broker:open\n"
    )
    (tmp_path / "memory_broker.py").write_text("def open(url, *, data):\n    return (url, data)\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("memory_broker", None)


def test_an_installed_package_brings_its_own_scheme(plugin, tmp_path):
    assert connect("memory://here", data=tmp_path) == ("memory://here", tmp_path)


def test_no_package_takes_the_place_of_what_is_built_in(plugin, tmp_path):
    transport = connect("EMBEDDED:", data=tmp_path / "data")
    assert transport.status() == []
    transport.close()


def test_an_unknown_scheme_is_refused_with_those_that_are_known(plugin, tmp_path):
    with pytest.raises(ConfigurationError, match=r"kafka: .*known brokers: embedded:, memory:"):
        connect("kafka://host", data=tmp_path)


@pytest.mark.parametrize("url", ["", "embedded", "/some/path"])
def test_a_url_without_a_scheme_is_refused(url, tmp_path):
    with pytest.raises(ConfigurationError, match="scheme and a colon"):
        connect(url, data=tmp_path)


@pytest.mark.parametrize("scheme", ["amqp", "amqps"])
def test_rabbitmq_is_said_to_come_later_and_no_password_is_shown(scheme, tmp_path):
    with pytest.raises(ConfigurationError, match="later release") as refusal:
        connect(f"{scheme}://user:s3cret@host/vhost", data=tmp_path)
    assert "s3cret" not in str(refusal.value)
    assert "embedded:" in str(refusal.value)


@pytest.mark.parametrize("url", ["embedded:elsewhere", "embedded:///data"])
def test_the_embedded_broker_takes_its_place_from_the_data_directory_alone(url, tmp_path):
    with pytest.raises(ConfigurationError, match="--data"):
        connect(url, data=tmp_path)
