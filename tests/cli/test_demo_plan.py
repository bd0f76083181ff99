"""What the simulated computing centre does: it is to look like a real one."""

from __future__ import annotations

import pytest

from prodiguer.cli.demo.centre import Run, plan


def tries(seed: int, simulations: int = 40) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for run in plan(simulations, seed):
        found.setdefault(run.name, []).append(run)
    return found


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_run_is_tried_again_once_it_has_failed(seed: int) -> None:
    for first, *later in tries(seed).values():
        assert all(run.begins > first.begins + first.steps[-1].after for run in later)
        assert first.fails or not later


def test_the_usual_demonstration_has_runs_that_end_in_each_way() -> None:
    ends = [runs[-1].fails for runs in tries(1, 12).values()]

    assert any(ends)
    assert not all(ends)
    assert any(len(runs) > 1 for runs in tries(1, 12).values())


def test_the_same_seed_is_the_same_demonstration() -> None:
    assert list(plan(12, 7)) == list(plan(12, 7))
