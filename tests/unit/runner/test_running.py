"""The life of a runner: pauses, ticks, side effects, stopping."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from prodiguer import App, Context, Draft, Effect, Halt, JobFailed, Message, Unavailable
from prodiguer.domain.messages import ScriptRequested
from prodiguer.errors import ProdiguerError
from prodiguer.ports.clock import SystemClock
from prodiguer.runner import Halted, Runner
from prodiguer.runner.gather import gather
from prodiguer.runner.pace import Pace
from prodiguer.testing import Harness, ManualClock, message
from prodiguer.wire.catalog import Catalog


def eventually(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def counting() -> App:
    app = App("counting")

    @app.on(JobFailed)
    def count(message: Message, context: Context) -> None:
        context.values.put(message.uid, (context.values.get(message.uid) or 0) + 1)

    return app


def counted(harness: Harness, app: str = "counting") -> int:
    with harness.store.unit(app) as unit:
        return len(unit.values.items())


@contextmanager
def running(harness: Harness, app: App) -> Iterator[Runner]:
    """The app on a thread of its own, with the clock of this machine."""
    runner = Runner(
        app, harness.transport, harness.store, Catalog(), SystemClock(), {}, harness.mode
    )
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        yield runner
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def test_a_running_app_takes_messages_as_they_come_until_it_is_told_to_stop() -> None:
    with Harness(counting()) as harness:
        harness.runner.close()
        with running(harness, counting()) as runner:
            eventually(lambda: runner.consuming)
            for _ in range(5):
                harness.send("1999")
            eventually(lambda: counted(harness) == 5)
        assert not runner.consuming
        assert runner.statistics.handled == 5
        assert runner.statistics.duration > 0
        left = harness.queue()
        assert (left.ready, left.unacked, left.consumers) == (0, 0, 0)


def test_an_app_that_asks_for_its_end_ends_with_its_reason_and_its_messages_stay() -> None:
    app = App("halting")

    @app.on(JobFailed)
    def halt(message: Message, context: Context) -> None:
        raise Halt("the key is lost")

    with Harness(app) as harness:
        harness.send("1999")
        with pytest.raises(Halted, match="app halting asked for its end: the key is lost"):
            harness.runner.run(threading.Event())
        assert (harness.queue().ready, harness.queue().unacked) == (1, 0)


def test_while_the_world_is_away_the_app_says_so_and_pauses(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = App("waiting")
    failures = 1

    @app.on(JobFailed)
    def work(message: Message, context: Context) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise Unavailable("the disk is full")
        context.values.put(message.uid, True)

    with Harness(app) as harness, caplog.at_level(logging.WARNING):
        harness.send("1999")
        harness.runner.close()
        with running(harness, app) as runner:
            eventually(lambda: counted(harness, "waiting") == 1)
            eventually(lambda: runner.consuming)
        assert runner.statistics.paused > 0
        assert runner.statistics.errors == 0
        (record,) = (r for r in caplog.records if getattr(r, "action", "") == "app_paused")
        assert record.__dict__["error"] == "the disk is full"
        assert record.exc_info is None


def test_ticks_run_at_once_and_then_by_the_clock_whether_messages_come_or_not() -> None:
    app = App("ticking")
    ticks: list[float] = []

    @app.every(60)
    def tick(context: Context) -> None:
        ticks.append((context.now - start).total_seconds())

    with Harness(app) as harness:
        start = harness.clock.now()
        for _ in range(5):
            harness.run_until_idle()
            harness.clock.tick(30)
    assert ticks == [0, 60, 120]


def test_a_tick_that_fails_is_counted_and_runs_again() -> None:
    app = App("ticking")
    runs: list[int] = []

    @app.every(10)
    def tick(context: Context) -> None:
        context.values.put(str(len(runs)), True)
        runs.append(1)
        if len(runs) == 1:
            raise ZeroDivisionError

    with Harness(app) as harness:
        assert harness.run_until_idle().errors == 1
        harness.clock.tick(10)
        assert harness.run_until_idle().errors == 1
        with harness.store.unit("ticking") as unit:
            assert unit.values.items() == [("1", True)]


def test_a_tick_may_say_messages_and_ask_for_effects() -> None:
    app = App("ticking")

    @app.every(10)
    def tick(context: Context) -> list[Draft]:
        context.effect("late", {})
        return [Draft(code="8000", body={}, key="late")]

    @app.effect
    def act(effect: Effect, settings: Mapping[str, Any]) -> None:
        pass

    with Harness(app) as harness:
        statistics = harness.run_until_idle()
        assert (statistics.published, statistics.effects) == (1, 1)
        harness.clock.tick(10)
        statistics = harness.run_until_idle()
        assert (statistics.published, statistics.effects) == (1, 1), "a key is put once"


def noticing(failures: int) -> App:
    app = App("noticing")
    left = failures

    @app.on(JobFailed)
    def ask(message: Message, context: Context) -> None:
        context.effect(message.uid, {"uid": message.uid})

    @app.effect
    def act(effect: Effect, settings: Mapping[str, Any]) -> None:
        nonlocal left
        if left:
            left -= 1
            raise OSError("the world is away")

    return app


def test_an_effect_that_fails_is_put_off_further_each_time_and_never_lost() -> None:
    with Harness(noticing(failures=15)) as harness:
        failed = harness.send("1999")
        harness.run_until_idle()
        for attempt in range(1, 16):
            seen = len(harness.effects)
            assert seen == attempt
            longest = min(3600.0, 5.0 * 2 ** (attempt - 1))
            harness.clock.tick(longest / 2 - 0.1)
            harness.run_until_idle()
            assert len(harness.effects) == seen, "too early"
            harness.clock.tick(longest / 2 + 0.2)
            harness.run_until_idle()
        assert {effect.key for effect in harness.effects} == {failed.uid}
        assert [effect.attempts for effect in harness.effects] == list(range(1, 17))
        assert harness.runner.statistics.failed_effects == 15
        assert harness.runner.statistics.effects == 1


def test_an_effect_that_was_not_carried_out_before_the_end_is_carried_out_after_it() -> None:
    with Harness(noticing(failures=0)) as harness:
        harness.send("1999")
        assert harness.runner.step(0)
        assert harness.effects == []
        harness.restart()
        harness.run_until_idle()
        assert len(harness.effects) == 1
        harness.restart()
        harness.clock.tick(4_000)
        harness.run_until_idle()
        assert len(harness.effects) == 1


def test_a_slow_effect_does_not_keep_messages_waiting() -> None:
    app = App("noticing")
    answered, asked = threading.Event(), threading.Event()

    @app.on(JobFailed)
    def ask(message: Message, context: Context) -> None:
        context.effect(message.uid, {})
        context.values.put(message.uid, True)

    @app.effect
    def act(effect: Effect, settings: Mapping[str, Any]) -> None:
        asked.set()
        assert answered.wait(30)

    with Harness(app) as harness:
        harness.runner.close()
        with running(harness, app) as runner:
            harness.send("1999")
            assert asked.wait(30)
            harness.send("1999")
            eventually(lambda: counted(harness, "noticing") == 2)
            assert runner.statistics.effects == 0
            answered.set()
            eventually(lambda: runner.statistics.effects == 2)


def test_an_answer_that_was_committed_but_not_published_is_published_by_the_next_start() -> None:
    app = counting()
    with Harness(app) as harness:
        with harness.store.unit("counting") as unit:
            payload = {"code": "8100", "body": {}, "time": harness.clock.now().isoformat()}
            unit.put_publication("left behind", payload)
        assert harness.run_until_idle().published == 1


def test_internal_types_are_taken_from_the_secondary_exchange() -> None:
    app = App("scripts")
    said: list[Message] = []

    @app.on(ScriptRequested)
    def hear(message: Message, context: Context) -> None:
        said.append(message)

    @app.on(JobFailed)
    def say(message: Message, context: Context) -> list[Draft]:
        return [Draft(code="8100", body={"for": message.uid}, key=message.uid)]

    with Harness(app) as harness:
        failed = harness.send("1999")
        harness.run_until_idle()
    (heard,) = said
    assert heard.body == {"for": failed.uid}
    assert (heard.user, heard.producer, heard.code) == ("prodiguer", "prodiguer", "8100")


@pytest.mark.bad_input("B079")
def test_an_app_whose_handler_is_slow_keeps_no_other_app_from_its_work() -> None:
    slow = App("slow")
    began, enough = threading.Event(), threading.Event()

    @slow.on(JobFailed)
    def dawdle(message: Message, context: Context) -> None:
        began.set()
        enough.wait(0.1)

    with Harness(counting()) as harness:
        harness.transport.declare([_queue(slow)])
        harness.publish(*(message("1999") for _ in range(300)))
        with running(harness, slow) as runner:
            assert began.wait(30)
            statistics = harness.run_until_idle()
            assert statistics.handled == 300
            # A tenth of a second each: the quick one does not wait for the end of the slow one.
            assert runner.statistics.handled < 300
            enough.set()
            eventually(lambda: runner.statistics.handled == 300)
        assert harness.dead_letters() == []


def _queue(app: App) -> Any:
    from prodiguer.runner import queue_of

    return queue_of(app, "prod")


def test_units_of_a_slow_handler_become_small_and_grow_when_it_is_quick_again() -> None:
    pace = Pace(2_000)
    pace.note(32, 320.0)
    assert pace.size == 1
    for _ in range(10):
        pace.note(pace.size, 0.01)
    assert pace.size == 2_000


def test_a_lone_message_is_not_kept_waiting_for_others() -> None:
    with Harness(counting()) as harness:
        clock = ManualClock()
        harness.runner.close()
        consumer = harness.transport.consumer("prod.counting")
        takes: list[int] = []

        class Watched:
            def take(self, limit: int, wait: float) -> list[Any]:
                taken = consumer.take(limit, wait)
                takes.append(len(taken))
                clock.tick(0.01)  # it came while we waited: the queue was calm
                return taken

        harness.send("1999")
        assert len(gather(Watched(), 500, 1.0, clock.monotonic)) == 1  # type: ignore[arg-type]  # enough of a consumer
        assert takes == [1]
        consumer.close()


def test_a_backlog_is_gathered_into_full_batches() -> None:
    with Harness(counting()) as harness:
        harness.runner.close()
        consumer = harness.transport.consumer("prod.counting")
        harness.publish(*(message("1999") for _ in range(10)))

        class InPieces:
            def take(self, limit: int, wait: float) -> list[Any]:
                return consumer.take(min(limit, 3), wait)

        clock = ManualClock()
        assert len(gather(InPieces(), 8, 1.0, clock.monotonic)) == 8  # type: ignore[arg-type]  # enough of a consumer
        consumer.close()


def test_a_broken_configuration_ends_the_app_with_what_is_wrong() -> None:
    with Harness(counting()) as harness:
        app = counting()
        app.name = ""
        runner = Runner(app, harness.transport, harness.store, Catalog(), SystemClock(), {}, "?.?")
        runner._transport = _Refusing(harness.transport)
        with pytest.raises(ProdiguerError, match="no right"):
            runner.run(threading.Event())


class _Refusing:
    """A broker that says no."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def declare(self, queues: Any) -> None:
        raise ProdiguerError("the account has no right to declare queues")


def test_what_has_no_end_is_undone_when_the_time_to_stop_is_over() -> None:
    app = App("endless")
    began = threading.Event()

    @app.on(JobFailed)
    def dawdle(message: Message, context: Context) -> None:
        context.values.put(message.uid, True)
        began.set()
        time.sleep(0.5)

    with Harness(app) as harness:
        harness.runner.close()
        harness.publish(*(message("1999") for _ in range(32)))
        with running(harness, app) as runner:
            assert began.wait(30)
        assert runner.statistics.handled == 0
        assert counted(harness, "endless") == 0
        assert (harness.queue().ready, harness.queue().unacked) == (32, 0)


def test_a_tick_that_finds_the_world_away_is_no_mistake_of_the_app() -> None:
    app = App("ticking")

    @app.every(10)
    def tick(context: Context) -> None:
        raise Unavailable("the disk is full")

    with Harness(app) as harness:
        assert harness.run_until_idle().errors == 0


def test_a_tick_may_ask_for_the_end_of_the_app() -> None:
    app = App("ticking")

    @app.every(10)
    def tick(context: Context) -> None:
        raise Halt("enough")

    with Harness(app) as harness, pytest.raises(Halted, match="enough"):
        harness.runner.run(threading.Event())
