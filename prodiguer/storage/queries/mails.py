"""What came in by mail, newest first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import Connection, func, select

from prodiguer.ports.queries import MailView, Page, Paging
from prodiguer.storage.json_text import decode_object
from prodiguer.storage.queries import counts
from prodiguer.storage.queries.orders import by_keys
from prodiguer.storage.queries.paging import AnyRow, Listing, fetch, walk_of
from prodiguer.storage.schema import dead_letters, mails
from prodiguer.storage.times import maybe_moment, moment

_SECOND = 1_000_000

c = mails.c


def page(connection: Connection, paging: Paging) -> Page[MailView]:
    """One page of all of them."""
    listing = Listing(
        arms=(select(mails),),
        order=by_keys((c.number,), descending=True),
        walk=walk_of("mails"),
        total=counts.total(connection, "mails"),
    )
    return fetch(connection, listing, paging, _views(connection))


def mail(connection: Connection, id: str) -> MailView | None:
    """The one with this identity."""
    found = _views(connection)(connection.execute(select(mails).where(c.id == id)).all())
    return found[0] if found else None


def by_id(connection: Connection, ids: Collection[str]) -> dict[str, MailView]:
    """Those of these that there are."""
    rows = connection.execute(select(mails).where(c.id.in_(ids))).all()
    return {view["id"]: view for view in _views(connection)(rows)}


def _views(connection: Connection) -> Callable[[Sequence[AnyRow]], list[MailView]]:
    def views(rows: Sequence[AnyRow]) -> list[MailView]:
        dead = _dead(connection, [row.id for row in rows])
        return [_view(row, dead.get(row.id, 0)) for row in rows]

    return views


def _dead(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """How many dead letters of these mails there are: apps, too, refuse what a mail carried."""
    mail = dead_letters.c.mail
    counted = select(mail, func.count().label("dead")).where(mail.in_(ids)).group_by(mail)
    return {row.mail: row.dead for row in connection.execute(counted)}


def _view(row: AnyRow, dead: int) -> MailView:
    return {
        "id": row.id,
        "at": moment(row.at),
        "door": row.door,
        "sender": row.sender,
        "size": row.size,
        "sent_at": maybe_moment(row.sent_at),
        "messages": decode_object(row.messages),
        "repairs": row.repairs,
        # Those that were dropped since were there when the mail was decoded.
        "dead": max(row.dead, dead),
        "receipts": row.receipts,
        "latency": None if row.sent_at is None else (row.stored_at - row.sent_at) / _SECOND,
    }
