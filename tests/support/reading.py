"""What readers find: stories told to a real database, and runs and jobs with any fields at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from prodiguer import Context, Message
from prodiguer.domain.job import Job, JobFacts
from prodiguer.domain.message import Stamp
from prodiguer.domain.simulation import Placing, Simulation, SimulationFacts
from prodiguer.domain.tries import alone
from prodiguer.ports.queries import Page, Paging
from prodiguer.storage.store import SqlStore
from prodiguer_sim_mon import app
from support.monitoring import T0

T = TypeVar("T")

RUN, OTHER, THIRD = (str(UUID(int=number)) for number in (1, 2, 3))


def uid(number: int) -> str:
    return str(UUID(int=number))


def tell(store: SqlStore, *messages: Message, now: datetime = T0) -> None:
    """Messages reach the archive and the monitoring of runs."""
    with store.unit("archive") as unit:
        unit.archive.add(unit.admit(messages).fresh)
    with store.unit(app.name) as unit:
        fresh = unit.admit([m for m in messages if m.app == "monitoring"]).fresh
        if fresh and app.batch_handler:
            app.batch_handler(fresh, Context(app=app.name, now=now, settings={}, unit=unit))


def a_run(number: int = 1, **fields: Any) -> Simulation:
    """A run that is exactly so, whatever its messages would say."""
    stamp = Stamp(T0, uid(number))
    run = Simulation(
        uid=uid(number),
        state="running",
        late_at=None,
        progress=0.0,
        name=f"run {number}",
        activity=None,
        centre=None,
        machine=None,
        login=None,
        experiment=None,
        model=None,
        space=None,
        accounting_project=None,
        output_start=None,
        output_end=None,
        archive_path=None,
        storage_path=None,
        storage_small_path=None,
        submission_path=None,
        scheduler_id=None,
        started_at=T0,
        ended_at=None,
        last_message_at=T0,
        identity=None,
        announced=stamp,
        deleted_at=None,
        flags=(),
        facts=SimulationFacts(uid=uid(number), anchor=stamp, last=T0),
    )
    return run._replace(**fields)


def a_job(number: int = 100, *, run: str = RUN, **fields: Any) -> Job:
    """A job that is exactly so."""
    stamp = Stamp(T0, uid(number))
    facts = JobFacts(
        simulation_uid=run, uid=uid(number), anchor=stamp, anchor_kind="compute", last=T0
    )
    job = Job(
        simulation_uid=run,
        uid=uid(number),
        kind="compute",
        state="running",
        started_at=T0,
        ended_at=None,
        late_at=None,
        position=stamp,
        end_code=None,
        accounting_project=None,
        scheduler_id=None,
        submission_path=None,
        warning_delay=86_400,
        post_processing_name=None,
        post_processing_date=None,
        post_processing_dimension=None,
        post_processing_component=None,
        post_processing_file=None,
        last_message_at=T0,
        flags=(),
        facts=facts,
    )
    return job._replace(**fields)


def save(
    store: SqlStore, *runs: Simulation, jobs: Sequence[Job] = (), placings: Sequence[Placing] = ()
) -> None:
    """Runs and jobs are there; a run without a placing is the only try of its identity."""
    placed = {placing.uid for placing in placings}
    rest = [alone(r.uid, deleted=r.deleted_at is not None) for r in runs if r.uid not in placed]
    with store.unit("test") as unit:
        unit.runs.save_jobs(jobs)
        unit.runs.save_simulations(runs, messages={run.uid: 1 for run in runs})
        unit.runs.save_placings([*placings, *rest])


def walk(ask: Callable[[Paging], Page[T]], limit: int) -> Iterator[Page[T]]:
    """All pages of a list."""
    page = ask(Paging(limit=limit))
    yield page
    while page.next is not None:
        page = ask(Paging(limit=limit, cursor=page.next))
        yield page


def walked(ask: Callable[[Paging], Page[T]], limit: int) -> list[T]:
    """All rows of a list, page by page."""
    return [item for page in walk(ask, limit) for item in page.items]
