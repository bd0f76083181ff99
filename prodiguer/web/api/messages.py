"""Messages as they were received."""

from __future__ import annotations

from prodiguer.ports.queries import MessageFilter, MessageView
from prodiguer.web import parameters as p
from prodiguer.web.problems import Problem
from prodiguer.web.route import Answer, Call, Route, page

PATH = "/api/v1/messages"


def listed(call: Call) -> Answer:
    """A page of messages, newest first; those of deleted runs are among them."""
    which = MessageFilter(
        code=call.get("code"),
        simulation=call.get("simulation"),
        job=call.get("job"),
        producer=call.get("producer"),
        mail=call.get("mail"),
        since=call.get("since"),
    )
    return page(call.services.queries.messages(which, call.paging))


def one(call: Call) -> Answer:
    """One message."""
    found = call.services.queries.message(call.path["uid"])
    if found is None:
        raise Problem(404, "there is no such message")
    return Answer(found)


ROUTES = (
    Route(
        path=PATH,
        summary="Messages, newest first",
        answer=listed,
        scope="read",
        parameters=(p.CODE, p.SIMULATION, p.JOB, p.PRODUCER, p.MAIL, p.SINCE, *p.PAGING),
        view=MessageView,
        paged=True,
    ),
    Route(
        path=f"{PATH}/{{uid}}", summary="One message", answer=one, scope="read", view=MessageView
    ),
)
