"""Metrics: file transfers, with numbers as shell scripts print them."""

from __future__ import annotations

import pytest

from prodiguer.ports.queries import Paging, TransferFilter, TransferView
from prodiguer.testing import Harness
from prodiguer_metrics import app
from prodiguer_metrics.numbers import number


def transfers(harness: Harness) -> list[TransferView]:
    return list(harness.queries.transfers(TransferFilter(), Paging(limit=1000)).items)


def test_a_transfer_is_kept_with_its_numbers_and_its_places() -> None:
    with Harness(app) as harness:
        sent = harness.send(
            "7000",
            actionName="IGCM_sys_Put_Out",
            size_Mo=".002929",
            duration_ms="41",
            throughput_Mo_s="124.939024",
            dirFrom="/scratch/RUN_DIR",
            dirTo="/store",
        )
        harness.run_until_idle()
        (kept,) = transfers(harness)
        assert kept == {
            "message_uid": sent.uid,
            "simulation_uid": sent.simulation_uid,
            "job_uid": sent.job_uid,
            "at": sent.time,
            "action": "IGCM_sys_Put_Out",
            "size_mo": 0.002929,
            "duration_ms": 41.0,
            "throughput_mo_s": 124.939024,
            "dir_from": "/scratch/RUN_DIR",
            "dir_to": "/store",
        }


def test_a_number_that_cannot_be_read_is_none_and_the_transfer_is_kept() -> None:
    with Harness(app) as harness:
        harness.send("7000", size_Mo="many", duration_ms="-1", throughput_Mo_s="1e999")
        harness.run_until_idle()
        (kept,) = transfers(harness)
        assert (kept["size_mo"], kept["duration_ms"], kept["throughput_mo_s"]) == (None,) * 3
        assert harness.dead_letters() == []


def test_the_same_transfer_again_adds_nothing() -> None:
    with Harness(app) as harness:
        sent = harness.send("7000")
        harness.publish(sent)
        harness.run_until_idle()
        assert len(transfers(harness)) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".002929", 0.002929),
        ("512.250000", 512.25),
        ("5.", 5.0),
        ("0", 0.0),
        ("1e3", 1000.0),
        (" 7 ", 7.0),
        ("+3", 3.0),
        *((text, None) for text in ("", ".", "-1", "1,5", "0x10", "nan", "inf", "1e999", "1_000")),
        *((text, None) for text in ("\u0661", "9" * 31, "1 2", "*****")),
        (None, None),
    ],
)
def test_numbers(text: str | None, value: float | None) -> None:
    assert number(text) == value
