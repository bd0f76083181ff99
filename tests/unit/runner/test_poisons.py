"""Messages that a handler fails on: they stand alone in the end, and their neighbours commit."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

import pytest

from prodiguer import App, Context, Drop, JobFailed, Message, Refused, Retry
from prodiguer.testing import Harness, message
from prodiguer.wire import envelope


def single() -> App:
    app = App("fragile")

    @app.on(JobFailed)
    def work(message: JobFailed, context: Context) -> None:
        context.values.put(message.uid, 1)
        if message.get("command") == "poison":
            raise ZeroDivisionError("a handler's mistake")

    return app


def batched() -> App:
    app = App("fragile")

    @app.on_batch(JobFailed)
    def work(messages: Sequence[Message], context: Context) -> None:
        for one in messages:
            if one.get("command") == "poison":
                raise ZeroDivisionError("a handler's mistake")
            context.values.put(one.uid, 1)

    return app


def handled(harness: Harness) -> int:
    with harness.store.unit("fragile") as unit:
        return len(unit.values.items())


@pytest.mark.parametrize("app", [single(), batched()], ids=["single", "batched"])
def test_one_poison_among_ten_thousand_stands_alone_after_a_few_rounds(app: App) -> None:
    with Harness(app) as harness:
        poison = message("1999", command="poison")
        good = [message("1999") for _ in range(9_999)]
        harness.publish(*good[:6_789], poison, *good[6_789:])
        statistics = harness.run_until_idle()

        assert handled(harness) == statistics.handled == 9_999
        (letter,) = harness.dead_letters()
        assert letter.reason == "crash: ZeroDivisionError"
        assert "a handler's mistake" in letter.detail
        assert "Traceback" in letter.detail
        assert letter.bytes == envelope.to_amqp(poison)[2]
        assert (letter.stage, letter.app, letter.form) == ("handle", "fragile", "delivery")
        assert letter.context["routing_key"] == poison.routing_key
        assert statistics.rounds <= 16
        assert harness.queue().unacked == 0


@pytest.mark.parametrize("app", [single(), batched()], ids=["single", "batched"])
def test_a_thousand_poisons_in_a_row_cost_a_bounded_number_of_rounds_and_one_alarm(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    with Harness(app) as harness, caplog.at_level(logging.CRITICAL):
        poisons = [message("1999", command="poison") for _ in range(1_000)]
        good = [message("1999") for _ in range(1_000)]
        harness.publish(*good[:500], *poisons, *good[500:])
        statistics = harness.run_until_idle()
        assert statistics.handled == handled(harness) == 1_000
        assert statistics.dead_letters == statistics.errors == 1_000
        assert len({letter.message_uid for letter in harness.dead_letters()}) == 1_000
        assert statistics.rounds <= 4 * 1_000
        alarms = [r for r in caplog.records if getattr(r, "action", "") == "crash_alarm"]
        assert len(alarms) == 1


def test_poisons_and_verdicts_in_one_batch_get_what_each_deserves() -> None:
    app = App("fragile")

    @app.on(JobFailed)
    def work(message: JobFailed, context: Context) -> None:
        context.values.put(message.uid, 1)
        word = message.get("command")
        if word == "poison":
            raise ZeroDivisionError
        if word == "drop":
            raise Drop
        if word == "refuse":
            raise Refused("bad-field", "command")
        if word == "retry":
            raise Retry(after=5)

    words = ["", "poison", "drop", "", "refuse", "retry", "", "poison", "", "retry", ""]
    with Harness(app) as harness:
        harness.publish(*(message("1999", command=word) for word in words))
        statistics = harness.run_until_idle()
        assert statistics.handled == handled(harness) == 5
        assert (statistics.dropped, statistics.retries) == (1, 2)
        reasons = [letter.reason for letter in harness.dead_letters()]
        assert reasons == [
            "crash: ZeroDivisionError",
            "bad-field: command",
            "crash: ZeroDivisionError",
        ]


def test_a_dead_letter_of_a_crash_can_be_handled_once_its_handler_is_repaired() -> None:
    app = App("fragile")
    broken = True

    @app.on(JobFailed)
    def work(message: JobFailed, context: Context) -> None:
        if broken:
            raise ZeroDivisionError
        context.values.put(message.uid, 1)

    with Harness(app) as harness:
        sent = harness.send("1999")
        harness.run_until_idle()
        broken = False
        harness.publish(sent)
        harness.run_until_idle()
        assert handled(harness) == 1
        assert len(harness.dead_letters()) == 1


def test_a_decoder_that_fails_makes_a_dead_letter_and_the_queue_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> Message:
        raise RecursionError("too deep")

    with Harness(single()) as harness:
        harness.send("1999")
        monkeypatch.setattr("prodiguer.runner.decode.from_amqp", broken)
        harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert (letter.reason, letter.stage) == ("crash: RecursionError", "decode")
        monkeypatch.undo()
        harness.send("1999")
        harness.run_until_idle()
        assert handled(harness) == 1


def test_a_handler_that_wants_to_end_the_process_ends_up_as_a_dead_letter() -> None:
    app = App("fragile")

    @app.on(JobFailed)
    def leave(message: JobFailed, context: Context) -> None:
        sys.exit(3)

    with Harness(app) as harness:
        harness.send("1999")
        harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert letter.reason == "crash: SystemExit"


def test_many_messages_that_are_put_off_are_held_within_bounds_and_all_come_again() -> None:
    app = App("fragile")
    ready = False

    @app.on(JobFailed)
    def wait(message: JobFailed, context: Context) -> None:
        if not ready:
            raise Retry(after=30)
        context.values.put(message.uid, 1)

    with Harness(app) as harness:
        harness.publish(*(message("1999") for _ in range(3_000)))
        harness.run_until_idle()
        assert 2_000 <= harness.runner.put_off < 2_500
        assert harness.queue().ready > 500
        ready = True
        harness.clock.tick(30)
        harness.run_until_idle()
        assert handled(harness) == 3_000
        assert harness.runner.put_off == 0
