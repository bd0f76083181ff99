"""Dead letters: read them, send them again, drop them."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from prodiguer.errors import Refused
from prodiguer.ports.queries import DeadLetterFilter, DeadLetterView
from prodiguer.web import parameters as p
from prodiguer.web.etags import etag, matches
from prodiguer.web.problems import Problem
from prodiguer.web.route import Answer, Call, Route, page

PATH = "/api/v1/dead-letters"


class ResentView(TypedDict):
    """A dead letter that went through its door again."""

    id: str
    resent_at: datetime


def listed(call: Call) -> Answer:
    """A page of dead letters, newest first."""
    which = DeadLetterFilter(
        reason=call.get("reason"),
        stage=call.get("stage"),
        door=call.get("door"),
        mail=call.get("mail"),
        app=call.get("app"),
        resent=call.get("resent"),
        since=call.get("since"),
    )
    return page(call.services.queries.dead_letters(which, call.paging))


def one(call: Call) -> Answer:
    """One dead letter with all its bytes."""
    return Answer(_found(call))


def resend(call: Call) -> Answer:
    """Send what it holds through its door again."""
    _unchanged(call)
    letter = call.services.dead_letters.get(call.path["id"])
    if letter is None:
        raise _missing()
    try:
        call.services.intake.resend(letter)
    except Refused as error:
        raise Problem(
            422, error.detail or f"refused again: {error.reason}", reason=error.reason
        ) from error
    call.services.dead_letters.mark_resent(letter.id, call.now)
    return Answer({"id": letter.id, "resent_at": call.now}, status=202)


def drop(call: Call) -> Answer:
    """Forget it."""
    _unchanged(call)
    if not call.services.dead_letters.drop(call.path["id"]):
        raise _missing()
    return Answer(status=204)


def _found(call: Call) -> DeadLetterView:
    found = call.services.queries.dead_letter(call.path["id"])
    if found is None:
        raise _missing()
    return found


def _unchanged(call: Call) -> None:
    """Hold a condition of the client: what it read before is what there is."""
    if call.if_match is not None and not matches(call.if_match, etag(_found(call))):
        raise Problem(412, "the dead letter has changed since it was read: read it again")


def _missing() -> Problem:
    return Problem(404, "there is no such dead letter")


ROUTES = (
    Route(
        path=PATH,
        summary="Dead letters, newest first",
        answer=listed,
        scope="read",
        parameters=(
            *(p.REASON, p.STAGE, p.DOOR, p.MAIL, p.APP, p.RESENT, p.SINCE),
            *p.PAGING,
        ),
        view=DeadLetterView,
        paged=True,
    ),
    Route(
        path=f"{PATH}/{{id}}",
        summary="One dead letter with all its bytes",
        answer=one,
        scope="read",
        view=DeadLetterView,
    ),
    Route(
        method="POST",
        path=f"{PATH}/{{id}}/resend",
        summary="Send a dead letter through its door again",
        answer=resend,
        scope="operate",
        view=ResentView,
        status=202,
        refusals=(412, 422),
        stores=True,
    ),
    Route(
        method="DELETE",
        path=f"{PATH}/{{id}}",
        summary="Drop a dead letter",
        answer=drop,
        scope="operate",
        status=204,
        refusals=(412,),
        stores=True,
    ),
)
