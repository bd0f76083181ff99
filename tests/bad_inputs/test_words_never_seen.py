"""Words that no vocabulary knows: taken as they are, each its own, within limits (B080).

This release has no vocabulary to review them with: a word is what the client wrote.
"""

from __future__ import annotations

import pytest

import prodiguer_sim_mon
from prodiguer.errors import Refused
from prodiguer.ports.queries import Paging, SimulationFilter
from prodiguer.testing import Harness

FIELDS = ("centre", "machine", "login", "experiment", "model", "space")
WORDS = ["fail", "--", "🌍", "NULL", "(none)", "irene ", "Irene", "<b>", "*", "x" * 65_536]


@pytest.mark.bad_input("B080")
@pytest.mark.parametrize("field", FIELDS)
def test_each_new_word_is_one_of_its_own(field: str) -> None:
    with Harness(prodiguer_sim_mon.app) as harness:
        sent = {word: harness.send("0000", name="one", **{field: word}) for word in WORDS}
        harness.run_until_idle()

        assert harness.dead_letters() == []
        now = harness.clock.now()
        facets = harness.queries.facets(SimulationFilter(), now)[field]
        found = {
            word: harness.queries.simulations(
                SimulationFilter(words={field: word}), Paging(), now
            ).items
            for word in WORDS
        }
    # The last one is too long to be asked for in a URL, and so it is no value to choose.
    assert {one["value"]: one["count"] for one in facets} == dict.fromkeys(WORDS[:-1], 1)
    uids = {word: [item["uid"] for item in items] for word, items in found.items()}
    assert uids == {word: [message.simulation_uid] for word, message in sent.items()}


@pytest.mark.bad_input("B080")
@pytest.mark.parametrize("field", FIELDS)
def test_a_word_of_a_megabyte_is_refused(field: str) -> None:
    with Harness(prodiguer_sim_mon.app) as harness:
        with pytest.raises(Refused) as large:
            harness.send("0000", **{field: "x" * 65_537})
        with pytest.raises(Refused) as larger:
            harness.send("0000", **{field: "x" * 1024 * 1024})

    assert (large.value.reason, larger.value.reason) == (
        f"too-large: {field}",
        "too-large: message",
    )


@pytest.mark.bad_input("B080")
def test_many_new_words_of_one_user_hide_no_run_of_another() -> None:
    with Harness(prodiguer_sim_mon.app) as harness:
        for number in range(2000):
            harness.send("0000", login="noisy", experiment=f"experiment {number}")
        quiet = harness.send("0000", login="quiet", experiment="historical")
        harness.run_until_idle()

        assert harness.dead_letters() == []
        which = SimulationFilter(words={"login": "quiet"})
        page = harness.queries.simulations(which, Paging(), harness.clock.now())
        facets = harness.queries.facets(which, harness.clock.now())
    assert [item["uid"] for item in page.items] == [quiet.simulation_uid]
    assert [one["value"] for one in facets["experiment"]] == ["historical"]
    assert {one["value"]: one["count"] for one in facets["login"]} == {"noisy": 2000, "quiet": 1}
