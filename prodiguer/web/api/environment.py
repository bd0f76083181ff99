"""What jobs measure of their environment: file transfers."""

from __future__ import annotations

from prodiguer.ports.queries import TransferFilter, TransferView
from prodiguer.web import parameters as p
from prodiguer.web.route import Answer, Call, Route, page


def listed(call: Call) -> Answer:
    """A page of transfers, newest first."""
    which = TransferFilter(
        simulation=call.get("simulation"),
        job=call.get("job"),
        action=call.get("action"),
        since=call.get("since"),
    )
    return page(call.services.queries.transfers(which, call.paging))


ROUTES = (
    Route(
        path="/api/v1/environment",
        summary="File transfers, newest first",
        answer=listed,
        scope="read",
        parameters=(p.SIMULATION, p.JOB, p.ACTION, p.SINCE, *p.PAGING),
        view=TransferView,
        paged=True,
    ),
)
