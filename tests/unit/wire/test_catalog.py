"""Which class a code means, and how a package outside adds one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from prodiguer import JobStarted, Message, SimulationStarted
from prodiguer.domain.messages import BUILT_IN
from prodiguer.errors import ConfigurationError
from prodiguer.wire import codec, intake
from prodiguer.wire.catalog import Catalog
from prodiguer.wire.envelope import from_amqp, to_amqp
from support.wire import HTTP, said


def test_it_knows_the_built_in_types() -> None:
    catalog = Catalog()

    assert catalog.find("0000") is SimulationStarted
    assert catalog.find("4242") is None
    assert tuple(catalog) == BUILT_IN
    assert dict(catalog.types) == {type_.TYPE.code: type_ for type_ in BUILT_IN}


@pytest.mark.parametrize("code", ["8000", "8100", "8200", "-1000", "-2000", "-3000", "-4000", "-7"])
def test_these_codes_are_the_platforms_own(code: str) -> None:
    assert Catalog().is_internal(code)


@pytest.mark.parametrize("code", ["0000", "8888", "-9000", "-9001", "4242"])
def test_these_codes_may_come_from_outside(code: str) -> None:
    assert not Catalog().is_internal(code)


def test_two_types_of_one_code_are_refused_by_name() -> None:
    class Impostor(Message, code="1000", app="other", name="impostor"):
        """Says that it is a job start."""

    with pytest.raises(ConfigurationError, match=r"1000.*JobStarted.*Impostor"):
        Catalog([JobStarted, Impostor])


def test_the_same_type_twice_is_one() -> None:
    assert len(list(Catalog([JobStarted, JobStarted]))) == 1


@pytest.mark.parametrize(("code", "app"), [("50 00", "ice"), ("5000", "Ice"), ("", "ice")])
def test_a_type_that_no_key_can_carry_is_refused(code: str, app: str) -> None:
    class Unspeakable(Message, code=code, app=app, name="unspeakable"):
        """Breaks the grammar of routing keys."""

    with pytest.raises(ConfigurationError, match="Unspeakable"):
        Catalog([Unspeakable])


def install(place: Path, entry: str, source: str) -> None:
    (place / "iceberg.py").write_text(source, "utf-8")
    info = place / "iceberg-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: iceberg\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[prodiguer.messages]\n{entry}\n", "utf-8")


SOURCE = '''
from prodiguer import Message

class IcebergSeen(Message, code="5000", app="ice", name="iceberg", required="simuid position"):
    """An iceberg was seen."""
'''


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "iceberg", raising=False)
    return tmp_path


def test_a_package_adds_a_type_by_an_entry_point(packages: Path) -> None:
    install(packages, "5000 = iceberg:IcebergSeen", SOURCE)
    catalog = Catalog.installed()

    message = intake.read_element(codec.encode(said("5000", position="N")), HTTP, catalog)
    key, properties, body = to_amqp(message)

    assert type(message).__name__ == "IcebergSeen"
    assert key == "prod.http.libigcm.ice.5000"
    assert from_amqp(key, properties, body, catalog, HTTP.received_at) == message


@pytest.mark.parametrize(
    ("entry", "source", "sentence"),
    [
        ("5000 = iceberg:Missing", SOURCE, "iceberg:Missing cannot be loaded"),
        ("5000 = iceberg:IcebergSeen", "raise RuntimeError('melted')", "melted"),
        ("5000 = iceberg:NUMBER", "NUMBER = 5", "no subclass"),
        ("5000 = iceberg:IcebergSeen", SOURCE.replace("5000", "0000"), "0000 is declared by"),
    ],
)
def test_a_package_that_is_broken_is_named(
    packages: Path, entry: str, source: str, sentence: str
) -> None:
    install(packages, entry, source)

    with pytest.raises(ConfigurationError, match=sentence):
        Catalog.installed()
