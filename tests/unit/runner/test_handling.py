"""What becomes of messages: handlers, verdicts, duplicates, dead letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from prodiguer import (
    App,
    CommandFailed,
    Context,
    Draft,
    Drop,
    Halt,
    JobEnded,
    JobFailed,
    JobStarted,
    Message,
    Refused,
    Retry,
    SimulationStarted,
    Unavailable,
)
from prodiguer.ports.transport import DEAD, PRIMARY, Properties, Publication
from prodiguer.testing import Harness, message
from prodiguer.wire import envelope


def noting(*types: type[Message]) -> App:
    """An app that keeps the uid of each message that it handles."""
    app = App("noting")

    @app.on(*types)
    def note(message: Message, context: Context) -> None:
        context.values.put(message.uid, message.code)

    return app


def noted(harness: Harness) -> dict[str, str]:
    with harness.store.unit(harness.runner.app.name) as unit:
        return dict(unit.values.items())


def test_a_message_reaches_the_handler_of_its_type() -> None:
    with Harness(noting(JobFailed, JobEnded)) as harness:
        failed, ended = harness.send("1999"), harness.send("1100")
        statistics = harness.run_until_idle()
        assert noted(harness) == {failed.uid: "1999", ended.uid: "1100"}
        assert statistics.handled == statistics.received == 2
        assert statistics.bytes > 0


def test_a_code_of_2014_reaches_the_handler_of_the_type_that_it_means() -> None:
    with Harness(noting(JobFailed)) as harness:
        old = harness.send("9999", msgProducerVersion=None, simuid=_UID, jobuid=_UID)
        harness.run_until_idle()
        assert noted(harness) == {old.uid: "1999"}


_UID = "5d1f3c7e-9a64-4a0e-8f0b-2c6f0f6f9a11"


def test_the_same_message_again_has_no_second_effect() -> None:
    with Harness(noting(JobFailed)) as harness:
        failed = harness.send("1999")
        harness.run_until_idle()
        for _ in range(99):
            harness.publish(failed)
        statistics = harness.run_until_idle()
        assert (statistics.handled, statistics.duplicates) == (1, 99)
        assert harness.dead_letters() == []


def test_another_content_under_a_known_id_is_one_dead_letter() -> None:
    with Harness(noting(CommandFailed)) as harness:
        first = harness.send("1900", command="cp", simuid=_UID, jobuid=_UID)
        second = harness.send("1900", command="mv", simuid=_UID, jobuid=_UID, msgUID=first.uid)
        harness.publish(second)
        statistics = harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert (letter.reason, letter.stage, letter.app) == ("id-conflict", "decode", None)
        assert (letter.message_uid, letter.form, letter.door) == (first.uid, "delivery", "http")
        assert letter.bytes == envelope.to_amqp(second)[2]
        assert statistics.handled == 1


def test_types_without_a_handler_are_acknowledged_and_counted() -> None:
    app = noting(JobFailed)
    app.bind = ("{mode}.*.*.monitoring.*",)
    with Harness(app) as harness:
        harness.send("1100")
        statistics = harness.run_until_idle()
        assert (statistics.handled, statistics.ignored) == (0, 1)
        assert harness.queue().ready == 0


def test_the_batch_handler_comes_before_the_single_ones() -> None:
    app = App("both")
    order: list[str] = []

    @app.on_batch(JobStarted, JobEnded)
    def many(messages: Sequence[Message], context: Context) -> None:
        order.extend(message.code for message in messages)

    @app.on(JobFailed)
    def one(message: JobFailed, context: Context) -> None:
        order.append(message.code)

    with Harness(app) as harness:
        for code in ("1999", "1100", "1000"):
            harness.send(code)
        harness.run_until_idle()
    assert order == ["1100", "1000", "1999"]


def test_what_cannot_be_decoded_is_one_dead_letter_and_its_neighbours_go_on() -> None:
    with Harness(noting(JobFailed)) as harness:
        key, properties, _ = envelope.to_amqp(message("1999"))
        broken = Publication(PRIMARY, key, b'{"simuid": NaN}', properties)
        with closing(harness.transport.publisher()) as publisher:
            publisher.publish([broken, broken])
        good = harness.send("1999")
        harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert letter.reason == "number: NaN"
        assert (letter.stage, letter.code, letter.app) == ("decode", "1999", None)
        assert letter.bytes == b'{"simuid": NaN}'
        assert letter.context["routing_key"] == key
        assert letter.context["headers"]["producer_id"] == "libigcm"
        assert noted(harness) == {good.uid: "1999"}


def test_a_message_of_another_queue_is_misrouted() -> None:
    with Harness(noting(JobFailed)) as harness:
        _, properties, body = envelope.to_amqp(message("1100"))
        with closing(harness.transport.publisher()) as publisher:
            publisher.publish([Publication("", "prod.noting", body, properties)])
        harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert (letter.reason, letter.stage, letter.app) == ("misrouted", "route", "noting")


def test_a_dead_letter_that_is_put_into_the_queue_again_is_read_by_its_own_key() -> None:
    with Harness(noting(JobFailed)) as harness:
        sent = message("1999")
        key, properties, body = envelope.to_amqp(sent)
        headers = {**properties.headers, "routing_key": key, "exchange": PRIMARY}
        again = Publication("", "prod.noting", body, properties._replace(headers=headers))
        with closing(harness.transport.publisher()) as publisher:
            publisher.publish([again])
        harness.run_until_idle()
        assert noted(harness) == {sent.uid: "1999"}


def test_a_refused_message_is_a_dead_letter_of_the_app_without_effects() -> None:
    app = App("strict")

    @app.on(JobFailed)
    def refuse(message: JobFailed, context: Context) -> None:
        context.values.put(message.uid, True)
        if message.get("command") == "bad":
            raise Refused("bad-field", "command", "never so")

    with Harness(app) as harness:
        bad, good = harness.send("1999", command="bad"), harness.send("1999")
        statistics = harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert (letter.reason, letter.detail) == ("bad-field: command", "never so")
        assert (letter.stage, letter.app, letter.message_uid) == ("handle", "strict", bad.uid)
        assert list(noted(harness)) == [good.uid]
        assert (statistics.handled, statistics.dead_letters) == (1, 1)


def test_a_dropped_message_is_done_without_effects_and_counted() -> None:
    app = App("choosy")

    @app.on(JobFailed)
    def choose(message: JobFailed, context: Context) -> None:
        context.values.put(message.uid, True)
        if message.get("command") == "dull":
            raise Drop

    with Harness(app) as harness:
        dull, good = harness.send("1999", command="dull"), harness.send("1999")
        statistics = harness.run_until_idle()
        assert list(noted(harness)) == [good.uid]
        assert (statistics.handled, statistics.dropped) == (1, 1)
        harness.publish(dull)
        assert harness.run_until_idle().duplicates == 1
        assert harness.dead_letters() == []


def test_a_message_that_is_put_off_is_undone_alone_and_comes_again_after_the_delay() -> None:
    app = App("patient")
    ready = False

    @app.on(JobFailed)
    def wait(message: JobFailed, context: Context) -> None:
        context.values.put(message.uid, ready)
        if message.get("command") == "slow" and not ready:
            raise Retry(after=60)

    with Harness(app) as harness:
        slow, good = harness.send("1999", command="slow"), harness.send("1999")
        statistics = harness.run_until_idle()
        assert list(noted(harness)) == [good.uid]
        assert (statistics.retries, harness.runner.put_off) == (1, 1)
        ready = True
        harness.clock.tick(59)
        harness.run_until_idle()
        assert list(noted(harness)) == [good.uid]
        harness.clock.tick(1)
        harness.run_until_idle()
        assert noted(harness) == {good.uid: False, slow.uid: True}
        assert harness.queue().unacked == 0


def test_what_is_put_off_when_the_app_ends_stays_in_the_queue() -> None:
    app = App("patient")

    @app.on(JobFailed)
    def wait(message: JobFailed, context: Context) -> None:
        raise Retry(after=600)

    with Harness(app) as harness:
        harness.send("1999")
        harness.run_until_idle()
        harness.restart()
        assert harness.run_until_idle().retries == 1


def test_an_app_that_halts_leaves_its_batch_in_the_queue() -> None:
    app = App("halting")

    @app.on(JobFailed)
    def halt(message: JobFailed, context: Context) -> None:
        context.values.put(message.uid, True)
        raise Halt("the key is lost")

    with Harness(app) as harness:
        harness.send("1999")
        with pytest.raises(Halt):
            harness.run_until_idle()
        harness.runner.close()
        assert noted(harness) == {}
        assert harness.queue().ready == 1


def test_while_the_world_is_away_the_same_batch_is_kept_and_done_later() -> None:
    app = App("patient")
    away = True

    @app.on(JobFailed)
    def work(message: JobFailed, context: Context) -> None:
        context.values.put(message.uid, True)
        if away:
            raise Unavailable

    with Harness(app) as harness:
        sent = [harness.send("1999") for _ in range(3)]
        for _ in range(3):
            with pytest.raises(Unavailable):
                harness.run_until_idle()
            assert noted(harness) == {}
            assert harness.queue().unacked == 3
        away = False
        statistics = harness.run_until_idle()
        assert set(noted(harness)) == {message.uid for message in sent}
        assert (statistics.received, statistics.handled) == (3, 3)


def test_a_handler_that_says_nothing_wrong_twice_is_no_crash() -> None:
    app = App("flaky")
    failures = 1

    @app.on(JobFailed)
    def work(message: JobFailed, context: Context) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ValueError("this once")

    with Harness(app) as harness:
        harness.send("1999")
        statistics = harness.run_until_idle()
        assert (statistics.handled, statistics.errors) == (1, 0)
        assert harness.dead_letters() == []


def answering() -> App:
    app = App("answering")

    @app.on(SimulationStarted)
    def answer(message: SimulationStarted, context: Context) -> Iterator[Draft]:
        yield Draft(
            code="8100",
            body={"text": "format it"},
            key=f"script:{message.simulation_uid}",
            simulation_uid=message.simulation_uid,
        )

    return app


def test_what_an_app_says_is_published_to_the_secondary_exchange_once() -> None:
    with Harness(answering()) as harness:
        started = harness.send("0000")
        harness.send("0000", simuid=started.simulation_uid)
        assert harness.run_until_idle().published == 1
        (said,) = harness.said()
        assert said.routing_key == "prod.prodiguer.prodiguer.superviseur.8100"
        assert said.simulation_uid == started.simulation_uid


def test_a_draft_that_nobody_could_read_is_a_crash_of_its_handler() -> None:
    app = App("babbling")

    @app.on(JobFailed)
    def babble(message: JobFailed, context: Context) -> list[Draft]:
        return [Draft(code="7777", body={}, key=message.uid)]

    with Harness(app) as harness:
        harness.send("1999")
        harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert (letter.reason, letter.stage) == ("bad-field: code", "handle")


def test_what_no_queue_takes_becomes_a_dead_letter_of_the_app_that_keeps_it() -> None:
    app = noting(JobFailed)
    app.keeps_unroutable = True
    with Harness(app) as harness:
        lost = harness.send("1100")
        harness.clock.tick(1)
        harness.run_until_idle()
        harness.clock.tick(1)
        statistics = harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert (letter.reason, letter.stage, letter.form) == ("unroutable", "route", "delivery")
        assert letter.bytes == envelope.to_amqp(lost)[2]
        assert letter.context["exchange"] == PRIMARY
        assert letter.context["routing_key"] == lost.routing_key
        assert "x-prodiguer-reason" not in letter.context["headers"]
        assert statistics.dead_letters == 1
        assert all(q.ready + q.unacked == 0 for q in harness.transport.status())


def test_the_brokers_own_dead_letters_are_no_unroutable_ones() -> None:
    app = noting(JobFailed)
    app.keeps_unroutable = True
    with Harness(app) as harness:
        properties = Properties(message_id=_UID, headers={"x-death": "delivery_limit"})
        with closing(harness.transport.publisher()) as publisher:
            publisher.publish([Publication(DEAD, "a.b", b"{}", properties)])
        harness.clock.tick(1)
        harness.run_until_idle()
        (letter,) = harness.dead_letters()
        assert letter.reason == "crash: given up by the broker"
