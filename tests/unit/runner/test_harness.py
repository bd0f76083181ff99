"""The harness keeps what it promises to authors of apps."""

from __future__ import annotations

import doctest

import pytest

import prodiguer.testing
from prodiguer import App, Context, JobFailed, Message, Refused
from prodiguer.app import Effect
from prodiguer.testing import BEGINNING, Harness, ManualClock, message


def test_the_example_of_the_manual_runs() -> None:
    result = doctest.testmod(prodiguer.testing)
    assert result.attempted > 3
    assert result.failed == 0


def test_a_message_has_usual_words_and_an_id_of_its_own() -> None:
    one, other = message("0000"), message("0000", name="mine", experiment=None)
    assert one.uid != other.uid
    assert one.simulation_uid != other.simulation_uid
    assert (one.get("centre"), other.get("name")) == ("TGCC", "mine")
    assert one.time == one.received_at == BEGINNING


def test_a_message_that_no_door_would_take_is_not_made() -> None:
    with pytest.raises(Refused, match="missing-fields: name, machine"):
        message("0000", name=None, machine="")
    with pytest.raises(Refused, match="internal-code"):
        message("8000")


class ChatSaid(Message, code="chat-1", app="chat", name="said", required="text"):
    """A message type of another package."""


def test_types_of_the_authors_own_package_can_be_sent_and_handled() -> None:
    app = App("chat")
    heard: list[str | None] = []

    @app.on(ChatSaid)
    def hear(message: ChatSaid, context: Context) -> None:
        heard.append(message.get("text"))

    with Harness(app, types=[ChatSaid]) as harness:
        harness.send("chat-1", text="hello")
        harness.send_json({"msgCode": "chat-1", "text": "there"})
        harness.run_until_idle()
    assert heard == ["hello", "there"]


def test_effects_may_be_recorded_without_being_carried_out() -> None:
    app = App("noticing")

    @app.on(JobFailed)
    def ask(message: JobFailed, context: Context) -> None:
        context.effect("key", {"text": "é"})

    @app.effect
    def act(effect: Effect, settings: object) -> None:
        raise AssertionError("it was carried out")

    with Harness(app, carry_out=False) as harness:
        harness.send("1999")
        harness.run_until_idle()
        assert [(one.key, one.payload) for one in harness.effects] == [("key", {"text": "é"})]


def test_the_clock_goes_on_when_told() -> None:
    clock = ManualClock()
    clock.tick(90)
    assert (clock.now() - BEGINNING).total_seconds() == clock.monotonic() == 90


def test_nothing_is_left_on_the_disk() -> None:
    with Harness(App("empty")) as harness:
        assert (harness.data / "prodiguer.db").exists()
    assert not harness.data.exists()
