"""sim-mon on a real broker and a real database: what readers see is what the messages say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from prodiguer import Context, Message
from prodiguer.domain.fold import fold
from prodiguer.domain.world import JobState, RunState, World
from prodiguer.ports.queries import JobFilter, Paging, Queries, SimulationFilter
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.queries import open_queries
from prodiguer.storage.store import SqlStore, open_store
from prodiguer.testing import Harness
from prodiguer_sim_mon import app
from support.monitoring import at, say
from support.stories import deliveries, stories

ALL = Paging(limit=1000)
_POST = ("name", "date", "dimension", "component", "file")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose database has the schema and nothing else."""
    data = tmp_path_factory.mktemp("empty")
    upgrade(data=data)
    return data


@contextmanager
def opened(empty: Path) -> Iterator[SqlStore]:
    with TemporaryDirectory(prefix="prodiguer-") as place:
        data = Path(place) / "data"
        shutil.copytree(empty, data)
        store = open_store(data=data)
        try:
            yield store
        finally:
            store.close()


def handle(store: SqlStore, batch: Sequence[Message], now: datetime) -> None:
    with store.unit(app.name) as unit:
        fresh = unit.admit(batch).fresh
        if fresh and app.batch_handler:
            context = Context(app=app.name, now=now, settings={}, unit=unit)
            app.batch_handler(fresh, context)


def as_read(queries: Queries, now: datetime) -> tuple[dict[str, Any], dict[Any, Any]]:
    """The runs and jobs that readers see, with the fields of `RunState` and `JobState`."""
    listed = queries.simulations(SimulationFilter(all_tries=True), ALL, now).items
    runs = {view["uid"]: _run(queries, view["uid"], now) for view in listed}
    jobs = queries.jobs(JobFilter(), ALL, now).items
    return runs, {(view["simulation_uid"], view["uid"]): _job(view) for view in jobs}


def _run(queries: Queries, uid: str, now: datetime) -> dict[str, Any]:
    view: dict[str, Any] = dict(queries.simulation(uid, now) or {})
    view["number"], view["of"] = view["try"], view["tries"]
    view["flags"] = tuple(view["flags"])
    view["periods"] = [(p["at"], p["begin"], p["end"]) for p in queries.periods(uid, ALL).items]
    return {name: view[name] for name in RunState.__dataclass_fields__ if name != "hidden"}


def _job(view: Any) -> dict[str, Any]:
    post = {f"post_processing_{name}": view["post_processing"][name] for name in _POST}
    fields = {**view, **post, "flags": tuple(view["flags"])}
    return {name: fields[name] for name in JobState.__dataclass_fields__}


def as_told(world: World, story: Sequence[Message]) -> tuple[dict[str, Any], dict[Any, Any]]:
    """The same of the oracle, without what deletions hide."""
    by_uid = {message.uid: message for message in story}
    runs = {}
    for uid, run in world.simulations.items():
        if not run.hidden:
            runs[uid] = {name: getattr(run, name) for name in RunState.__dataclass_fields__}
            runs[uid]["periods"] = [_period(by_uid[message]) for message in run.periods]
            del runs[uid]["hidden"]
    return runs, {
        key: {name: getattr(job, name) for name in JobState.__dataclass_fields__}
        for key, job in world.jobs.items()
        if key[0] in runs
    }


def _period(message: Message) -> tuple[datetime, str, str]:
    return (
        message.time,
        message.get("PeriodDateBegin") or "",
        message.get("PeriodDateEnd") or "",
    )


# Not shrunk: each example opens a database, and the laws in memory shrink their stories.
@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_story_in_any_batches_is_read_from_the_database_as_it_was_told(empty, data):
    story = data.draw(stories())
    batches = data.draw(deliveries(story))
    with opened(empty) as store:
        for batch in batches:
            handle(store, batch, at(10))
        queries = open_queries(store.engine)
        for now in (at(10), at(100_000), at(3_000_000_000)):
            assert as_read(queries, now) == as_told(fold(story, now), story)


def _events(store: SqlStore) -> list[tuple[str, str]]:
    with store.reading() as connection:
        found = connection.exec_driver_sql("SELECT type, uid FROM events ORDER BY number")
        return [(type_, uid) for type_, uid in found]


def test_a_late_job_is_told_once_also_across_restarts():
    with Harness(app) as harness:
        start = harness.send("1000", jobWarningDelay="600")
        harness.run_until_idle()
        before = len(_events(harness.store))

        harness.clock.tick(905)
        harness.run_until_idle()
        harness.restart()
        harness.clock.tick(60)
        harness.run_until_idle()

        assert _events(harness.store)[before:] == [
            ("job", start.job_uid),
            ("simulation", start.simulation_uid),
        ]
        assert harness.queries.simulation(start.simulation_uid, harness.clock.now())["state"] == (
            "late"
        )

        harness.send("1100", simuid=start.simulation_uid, jobuid=start.job_uid)
        harness.run_until_idle()
        assert harness.queries.simulation(start.simulation_uid, harness.clock.now())["state"] == (
            "queued"
        )


def test_a_run_told_over_the_broker_backwards_and_twice_is_complete():
    codes = [
        ("0000", "a"),
        ("1001", "a"),
        ("1100", "a"),
        ("1000", "b"),
        ("0100", "b"),
        ("1100", "b"),
    ]
    with Harness(app, batch=4) as harness:
        now = harness.clock.now()
        run, jobs = str(uuid4()), {"a": str(uuid4()), "b": str(uuid4())}
        story = [
            harness.send(
                code,
                simuid=run,
                jobuid=jobs[job],
                msgTimestamp=(now - timedelta(seconds=before)).isoformat(),
            )
            for before, (code, job) in enumerate(reversed(codes))
        ]
        for message in story:
            harness.publish(message)
        statistics = harness.run_until_idle()

        assert (statistics.handled, statistics.duplicates) == (len(story), len(story))
        assert harness.dead_letters() == []
        assert as_read(harness.queries, now) == as_told(fold(story, now), story)
        assert harness.queries.simulation(run, now)["state"] == "complete"


@pytest.mark.parametrize("delay", [timedelta(0), timedelta(days=1)])
def test_late_is_what_the_reader_computes_and_not_what_is_stored(empty, delay):
    with opened(empty) as store:
        handle(store, [say("1000", 0)], at(1))
        state = open_queries(store.engine).jobs(JobFilter(), ALL, at(400) + delay).items[0]["state"]

    assert state == ("late" if delay else "running")
