"""Jobs of all simulations."""

from __future__ import annotations

from prodiguer.ports.queries import JobFilter, JobView
from prodiguer.web import parameters as p
from prodiguer.web.problems import Problem
from prodiguer.web.route import Answer, Call, Route, page

PATH = "/api/v1/jobs"


def listed(call: Call) -> Answer:
    """A page of jobs."""
    which = JobFilter(
        simulation=call.get("simulation"),
        state=call.get("state"),
        kind=call.get("kind"),
        since=call.get("since"),
        sort=call.get("sort", "-started_at"),
    )
    return page(call.services.queries.jobs(which, call.paging, call.now))


def one(call: Call) -> Answer:
    """One job."""
    found = call.services.queries.job(call.path["uid"], call.now)
    if found is None:
        raise Problem(404, "there is no such job")
    return Answer(found)


ROUTES = (
    Route(
        path=PATH,
        summary="Jobs",
        answer=listed,
        scope="read",
        parameters=(p.SIMULATION, p.JOB_STATE, p.KIND, p.SINCE, p.JOB_SORT, *p.PAGING),
        view=JobView,
        paged=True,
    ),
    Route(path=f"{PATH}/{{uid}}", summary="One job", answer=one, scope="read", view=JobView),
)
