"""An id that is known already: the same content is absorbed, another is kept aside (B034, B057)."""

from __future__ import annotations

import pytest

import prodiguer_archive
from prodiguer.ports.queries import MessageFilter, Paging
from prodiguer.testing import Harness
from support.wire import UID, said


@pytest.mark.bad_input("B034")
@pytest.mark.bad_input("B057")
@pytest.mark.parametrize("together", [True, False])
def test_another_content_under_a_known_id_is_one_dead_letter(together: bool) -> None:
    with Harness(prodiguer_archive.app) as harness:
        harness.send_json(said("1900", command="cp a b"))
        if not together:
            harness.run_until_idle()
        harness.send_json(said("1900", command="rm -rf /"))
        neighbour = harness.send("1900", command="cp c d")
        harness.run_until_idle()

        (letter,) = harness.dead_letters()
        kept = harness.queries.messages(MessageFilter(), Paging()).items
    assert (letter.reason, letter.code) == ("id-conflict", "1900")
    assert b"rm -rf /" in letter.bytes
    assert {view["uid"]: view["body"]["command"] for view in kept} == {
        UID: "cp a b",
        neighbour.uid: "cp c d",
    }


@pytest.mark.bad_input("B034")
def test_the_same_content_in_another_batch_is_absorbed() -> None:
    with Harness(prodiguer_archive.app) as harness:
        for _ in range(100):
            harness.send_json(said("1900", command="cp a b"))
        statistics = harness.run_until_idle()

        assert (statistics.handled, statistics.duplicates) == (1, 99)
        assert harness.dead_letters() == []
