"""A platform behind the web server: a real database with a story in it, and a real broker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import prodiguer_archive
import prodiguer_metrics
import prodiguer_sim_mon
from prodiguer import App, Context, FileTransferred, Message, transport
from prodiguer.config import WebSettings
from prodiguer.ingest.intake import HttpIntake
from prodiguer.ports.store import DeadLetter, MailRecord
from prodiguer.runner.queues import dead_queue, queue_of
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.queries.service import open_queries
from prodiguer.storage.store import SqlStore, open_store
from prodiguer.web.auth import new_token
from prodiguer.web.limits import Limits
from prodiguer.web.server import WebServer
from prodiguer.web.services import Services
from prodiguer.wire.catalog import Catalog
from support.built_pages import make_pages
from support.monitoring import T0, at, say
from support.web import Client

MODE = "test"
APPS = (prodiguer_archive.app, prodiguer_sim_mon.app, prodiguer_metrics.app)


def uid(name: str) -> str:
    """The same UUID for the same name."""
    return str(uuid5(NAMESPACE_OID, name))


#: A run that is late: its compute job said that it would take a minute, an hour ago.
RUN, JOB, POST_JOB = uid("run"), uid("job"), uid("post job")
#: A run that has ended well, and one that somebody deleted.
DONE, GONE = uid("done"), uid("gone")
NOW = T0 + timedelta(hours=1)

MAIL = "5" * 64
LETTER, HOPELESS = "a" * 64, "b" * 64


class Clock:
    """Shows the time that it is set to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time


def element(
    code: str = "1100", *, run: str = RUN, job: str = JOB, name: str = "one"
) -> dict[str, Any]:
    """A message as a client sends it."""
    return {
        "msgApplication": "monitoring",
        "msgCode": code,
        "msgProducer": "libigcm",
        "msgProducerVersion": "2.8.4",
        "msgTimestamp": "2026-01-01T00:30:00.000000Z",
        "msgUID": uid(name),
        "simuid": run,
        "jobuid": job,
    }


def story() -> list[Message]:
    """Three runs."""
    words = {"experiment": "historical", "accountingProject": "gencmip6", "jobWarningDelay": "60"}
    dates = {"startDate": "18500101", "endDate": "18591231"}
    period = {"CumulPeriod": "1", "PeriodDateBegin": "18500101", "PeriodDateEnd": "18500130"}
    card = {"configuration": "Q2FsZW5kYXJUeXBlPTM2MGQK"}
    messages = [
        say("0000", 0, run=RUN, job=JOB, **words, **dates, **card),
        say("1001", 10, run=RUN, job=JOB, **period),
        say("1900", 20, run=RUN, job=JOB, command="cp a b"),
        say("2000", 30, run=RUN, job=POST_JOB, postProcessingName="ts", postProcessingDate="1850"),
        say("2100", 40, run=RUN, job=POST_JOB),
        say("0000", 0, run=DONE, job=uid("done job"), name="amip", machine="irene"),
        say("0100", 50, run=DONE, job=uid("done job")),
        say("0000", 5, run=GONE, job=uid("gone job"), name="mistake"),
        say("8888", 60, run=GONE),
    ]
    return [replace(message, uid=uid(message.uid)) for message in [*messages, transfer()]]


def transfer() -> Message:
    """A file transfer of the run."""
    body = {
        "actionName": "archive",
        "size_Mo": "12.5",
        "duration_ms": "250",
        "throughput_Mo_s": "50",
        "dirFrom": "/scratch",
        "dirTo": "/store",
    }
    like = say("1001", 25, run=RUN, job=JOB, uid="transfer")
    told = {field.name: getattr(like, field.name) for field in fields(like)}
    return FileTransferred(**{**told, "code": "7000", "app": "metrics", "body": body})


def seed(store: SqlStore) -> None:
    """Write the story."""
    messages = story()
    for app in APPS:
        tell(store, app, [m for m in messages if takes(app, m)])
    with store.unit("smtp") as unit:
        unit.add_mail(
            MailRecord(
                id=MAIL,
                at=at(70),
                door="smtp",
                sender="jobs@centre.example",
                size=4096,
                sent_at=at(65),
                messages={"0000": 3, "1001": 1},
                repairs=0,
                dead=1,
                stored_at=at(71),
            )
        )
        unit.add_dead_letters([letter(LETTER), letter(HOPELESS, content=b"{")])


def letter(id: str, content: bytes = b"", **more: Any) -> DeadLetter:
    """A dead letter of the HTTP door; by default it holds a message that is sound."""
    import json

    return DeadLetter(
        id=id,
        at=at(80),
        reason="crash",
        stage="door",
        door="http",
        position=0,
        code="1100",
        bytes=content or json.dumps(element(name=id)).encode(),
        form="element",
        context={"received_at": at(80).isoformat(), "user": "http"},
        **more,
    )


def takes(app: App, message: Message) -> bool:
    """Whether it is among the types of a batch handler; one without types takes all."""
    return not app.batch_types or isinstance(message, app.batch_types)


def tell(store: SqlStore, app: App, messages: list[Message]) -> None:
    """Let an app handle messages as the runner would."""
    assert app.batch_handler is not None
    with store.unit(app.name) as unit:
        fresh = unit.admit(messages).fresh
        app.batch_handler(fresh, Context(app=app.name, now=NOW, settings={}, unit=unit))


@dataclass
class Platform:
    """What a test may look into, and the doors that it opens."""

    data: Path
    store: SqlStore
    services: Services
    clock: Clock
    stack: ExitStack

    def serve(
        self,
        settings: WebSettings | None = None,
        *,
        limits: Limits | None = None,
        token: str | None = None,
        pages: Path | None = None,
        **services: Any,
    ) -> Client:
        """A server on a port of its own; ``services`` are taken instead of the real ones."""
        server = WebServer(
            settings or WebSettings(port=0, rate=0),
            replace(self.services, **services),
            limits or Limits(drain=0.5),
            pages or make_pages(self.data.parent / "pages"),
        )
        server.start()
        self.stack.callback(server.stop)
        return Client(server.address, token)

    def token(self, *scopes: str, expires: datetime | None = None, revoked: bool = False) -> str:
        """A new token's text."""
        text, token, digest = new_token("test", scopes, self.clock.now(), expires)
        self.store.tokens.create(token, digest)
        if revoked:
            self.store.tokens.revoke(token.id, self.clock.now())
        return text


@contextmanager
def opened(data: Path) -> Iterator[Platform]:
    """The platform of a data directory, closed in the end."""
    clock = Clock()
    with ExitStack() as stack:
        store = open_store(data=data, clock=clock)
        stack.callback(store.close)
        queries = open_queries(store.engine)
        stack.callback(queries.close)
        broker = transport.connect("embedded:", data=data)
        stack.callback(broker.close)
        broker.declare([*(queue_of(app, MODE) for app in APPS), dead_queue(MODE)])
        intake = HttpIntake(
            broker.publisher, store, Catalog.installed(), MODE, queries.known_messages
        )
        stack.callback(intake.close)
        services = Services(
            queries=queries,
            intake=intake,
            dead_letters=store.dead_letters,
            tokens=store.tokens,
            log=queries.log,
            tickets=store.tickets,
            queues=broker.status,
            checks={"broker": broker.ping, "database": store.ping},
            clock=clock,
        )
        yield Platform(data, store, services, clock, stack)


def make_data(data: Path) -> Path:
    """A data directory with the story in it."""
    data.mkdir()
    upgrade(data=data)
    store = open_store(data=data, clock=Clock())
    try:
        seed(store)
    finally:
        store.close()
    return data


def copy_data(template: Path, data: Path) -> Path:
    """The same again, for one test alone."""
    shutil.copytree(template, data)
    return data
