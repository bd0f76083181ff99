"""Mails, and what they carried."""

from __future__ import annotations

from prodiguer.ports.queries import MailView
from prodiguer.web import parameters as p
from prodiguer.web.problems import Problem
from prodiguer.web.route import Answer, Call, Route, page

PATH = "/api/v1/mails"


def listed(call: Call) -> Answer:
    """A page of mails."""
    return page(call.services.queries.mails(call.paging))


def one(call: Call) -> Answer:
    """One mail."""
    found = call.services.queries.mail(call.path["id"])
    if found is None:
        raise Problem(404, "there is no such mail")
    return Answer(found)


ROUTES = (
    Route(
        path=PATH,
        summary="Mails: messages by code, repairs, dead letters, latency",
        answer=listed,
        scope="read",
        parameters=p.PAGING,
        view=MailView,
        paged=True,
    ),
    Route(path=f"{PATH}/{{id}}", summary="One mail", answer=one, scope="read", view=MailView),
)
