"""The benchmarks of live events run, and say what benchmarks say. No figure is looked at."""

from __future__ import annotations

import json
import subprocess

import pytest

from live import COMMAND

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["fanout", "latency"])
def test_a_benchmark_says_its_limit_in_the_same_run(name: str) -> None:
    command = [*COMMAND, "bench", name, "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["name"] == name
    assert {"name", "value", "unit", "limit", "ratio", "peers", "runs", "lost", "doubled"} <= set(
        told
    )
    assert (told["lost"], told["doubled"]) == (0, 0)
    assert told["limit"] > 0
    assert told["value"] > 0
    assert told["ratio"] == pytest.approx(
        told["value"] / told["limit"] if name == "fanout" else told["limit"] / told["value"]
    )
    assert all(len(values) == 1 for values in told["runs"].values())
