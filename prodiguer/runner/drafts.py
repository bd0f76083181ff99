"""Messages that an app says: from its draft to the outbox, from there to the secondary exchange."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from prodiguer.app import Context, Draft
from prodiguer.domain.message import Message
from prodiguer.errors import Refused
from prodiguer.ports.store import OutboxItem
from prodiguer.ports.transport import SECONDARY, Publication
from prodiguer.wire import codec, envelope, fields, uids
from prodiguer.wire.catalog import Catalog

#: User and producer of whatever the platform says to itself.
PLATFORM = "prodiguer"
_VERSION = "1"
_NAMESPACE = uuid.UUID("b1a5f0de-52a3-5c0b-9f0e-0d6a3a3c9b52")


class Drafts:
    """The messages of one app.

    Args:
        app: its name.
        mode: of the platform.
        catalog: the types that may be said.
    """

    def __init__(self, app: str, mode: str, catalog: Catalog) -> None:
        self._app = app
        self._mode = mode
        self._catalog = catalog

    def put(self, draft: Draft, context: Context) -> None:
        """Put a draft into the outbox, within the transaction that is open.

        Raises:
            Refused: nobody declares its code, or its body breaks the rules of its type.
        """
        payload = {
            "code": draft.code,
            "body": _body(draft),
            "time": context.now.isoformat(timespec="microseconds"),
        }
        self._message(draft.key, payload)
        context.unit.put_publication(draft.key, payload)

    def publication(self, item: OutboxItem) -> Publication:
        """The same item makes the same message, whose id follows from app and key."""
        key, properties, body = envelope.to_amqp(self._message(item.key, item.payload))
        return Publication(SECONDARY, key, body, properties)

    def _message(self, key: str, payload: Any) -> Message:
        code, body = payload["code"], payload["body"]
        type_ = self._catalog.find(code)
        if type_ is None:
            raise Refused("bad-field", "code", f"no message type has the code {code!r}")
        checked = fields.check(type_.TYPE, body)
        time = datetime.fromisoformat(payload["time"])
        return type_(
            uid=uids.derive(_NAMESPACE, f"{self._app}\n{key}".encode()),
            code=code,
            app=type_.TYPE.app,
            mode=self._mode,
            user=PLATFORM,
            producer=PLATFORM,
            producer_version=_VERSION,
            simulation_uid=checked.simulation_uid,
            job_uid=checked.job_uid,
            timestamp=time,
            received_at=time,
            door="amqp",
            body=body,
            digest=codec.digest({"msgCode": code, **body}),
        )


def _body(draft: Draft) -> dict[str, Any]:
    uids_of = {"simuid": draft.simulation_uid, "jobuid": draft.job_uid}
    return {**draft.body, **{name: uid for name, uid in uids_of.items() if uid is not None}}
