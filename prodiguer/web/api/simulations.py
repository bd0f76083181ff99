"""Simulations, and what belongs to one of them."""

from __future__ import annotations

from prodiguer.ports.queries import (
    SIMULATION_FACETS,
    FacetValue,
    JobFilter,
    JobView,
    MessageFilter,
    MessageView,
    PeriodView,
    SimulationDetail,
    SimulationFilter,
    SimulationView,
    TimelineEntry,
)
from prodiguer.web import parameters as p
from prodiguer.web.problems import Problem
from prodiguer.web.route import Answer, Call, Route, page

PATH = "/api/v1/simulations"


def listed(call: Call) -> Answer:
    """A page of runs, and how many there are by value of each filter."""
    which = SimulationFilter(
        words={name: call.query[name] for name in SIMULATION_FACETS if name in call.query},
        since=call.get("since"),
        q=call.get("q"),
        all_tries=call.get("tries") == "all",
        sort=call.get("sort", "-started_at"),
    )
    queries = call.services.queries
    content = queries.simulations(which, call.paging, call.now)
    return page(content, facets=queries.facets(which, call.now))


def one(call: Call) -> Answer:
    """All that is known of a run."""
    found = call.services.queries.simulation(call.path["uid"], call.now)
    if found is None:
        raise _missing()
    return Answer(found)


def jobs(call: Call) -> Answer:
    """The jobs of a run."""
    which = JobFilter(
        simulation=_visible(call),
        state=call.get("state"),
        kind=call.get("kind"),
        since=call.get("since"),
        sort=call.get("sort", "-started_at"),
    )
    return page(call.services.queries.jobs(which, call.paging, call.now))


def periods(call: Call) -> Answer:
    """The simulated periods of a run."""
    return page(call.services.queries.periods(_visible(call), call.paging))


def messages(call: Call) -> Answer:
    """The messages of a run."""
    which = MessageFilter(
        simulation=_visible(call),
        code=call.get("code"),
        job=call.get("job"),
        producer=call.get("producer"),
        since=call.get("since"),
    )
    return page(call.services.queries.messages(which, call.paging))


def timeline(call: Call) -> Answer:
    """What happened to a run, in order."""
    return page(call.services.queries.timeline(_visible(call), call.paging))


def _visible(call: Call) -> str:
    uid = call.path["uid"]
    if not call.services.queries.visible(uid):
        raise _missing()
    return uid


def _missing() -> Problem:
    # The same words for a run that never was and for one that was deleted.
    return Problem(404, "there is no such simulation")


ROUTES = (
    Route(
        path=PATH,
        summary="Simulations, with counts by value of each filter",
        answer=listed,
        scope="read",
        parameters=(*p.WORDS, p.SINCE, p.Q, p.TRIES, p.SIMULATION_SORT, *p.PAGING),
        view=SimulationView,
        paged=True,
        extra={"facets": dict[str, list[FacetValue]]},
    ),
    Route(
        path=f"{PATH}/{{uid}}",
        summary="One simulation: fields, state, progress, tries, job counts, config card",
        answer=one,
        scope="read",
        view=SimulationDetail,
    ),
    Route(
        path=f"{PATH}/{{uid}}/jobs",
        summary="The jobs of a simulation",
        answer=jobs,
        scope="read",
        parameters=(p.JOB_STATE, p.KIND, p.SINCE, p.JOB_SORT, *p.PAGING),
        view=JobView,
        paged=True,
    ),
    Route(
        path=f"{PATH}/{{uid}}/periods",
        summary="The simulated periods of a simulation",
        answer=periods,
        scope="read",
        parameters=p.PAGING,
        view=PeriodView,
        paged=True,
    ),
    Route(
        path=f"{PATH}/{{uid}}/messages",
        summary="The messages of a simulation, newest first",
        answer=messages,
        scope="read",
        parameters=(p.CODE, p.JOB, p.PRODUCER, p.SINCE, *p.PAGING),
        view=MessageView,
        paged=True,
    ),
    Route(
        path=f"{PATH}/{{uid}}/timeline",
        summary="What happened to a simulation, in order",
        answer=timeline,
        scope="read",
        parameters=p.PAGING,
        view=TimelineEntry,
        paged=True,
    ),
)
