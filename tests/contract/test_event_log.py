"""The log of events on both databases: no reader misses one, whoever commits when."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from live import wait_for
from prodiguer.ports.live import RESET, Ticket
from prodiguer.storage.migrate import upgrade
from prodiguer.storage.pruning import prune_events
from prodiguer.storage.queries import SqlQueries, open_queries
from prodiguer.storage.store import SqlStore, open_store
from prodiguer.storage.tail import Tail
from support.postgres import Server, running
from support.web_platform import DONE, GONE, JOB, LETTER, MAIL, RUN, seed, uid

NOW = datetime(2026, 1, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A new database with the schema of this version."""
    if request.param == "postgresql":
        made: str = request.getfixturevalue("postgres").make()
    else:
        made = f"sqlite:///{tmp_path_factory.mktemp('database') / 'prodiguer.db'}"
    upgrade(made)
    return made


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def queries(store: SqlStore, url: str) -> Iterator[SqlQueries]:
    opened = open_queries(store.engine)
    yield opened
    opened.close()


class Follower:
    """Reads the log as live views do: from where it stands, and never back."""

    def __init__(self, queries: SqlQueries) -> None:
        self._log = queries.log
        self.position = 0
        self.heard: list[str] = []

    def look(self) -> int:
        """Read on; how many came."""
        stretch = self._log.after(self.position, 1000)
        self.heard += [change.uid for change in stretch.changes]
        self.position = stretch.end
        return len(stretch.changes)


def test_a_writer_that_commits_late_is_not_missed(
    store: SqlStore, queries: SqlQueries, url: str
) -> None:
    """The one with the lower number keeps its transaction open while another one writes."""
    follower, other = Follower(queries), open_store(url)
    numbered, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def late() -> None:
        tail = Tail(events=[("job", "late", None)])
        with store.writing() as connection:
            tail.write(connection, "test", 0)
            numbered.set()
            go_on.wait(60)

    def early() -> None:
        with other.unit("test") as unit:
            unit.events.add("job", "early")
        done.set()

    threads = [threading.Thread(target=late), threading.Thread(target=early)]
    threads[0].start()
    numbered.wait(60)
    threads[1].start()
    wait_for(lambda: done.is_set() or waits(store), "the second writer to come to its turn")
    for _ in range(20):
        follower.look()
    go_on.set()
    for thread in threads:
        thread.join()
    wait_for(lambda: not follower.look() and len(follower.heard) > 1, "both events", 10)
    other.close()

    assert follower.heard == ["late", "early"]


def waits(store: SqlStore) -> bool:
    """Somebody waits for the lock of the log; nobody can be seen to wait for SQLite's."""
    if store.engine.dialect.name == "sqlite":
        return True
    with store.reading() as connection:
        statement = text("SELECT count(*) FROM pg_locks WHERE locktype='advisory' AND NOT granted")
        return connection.execute(statement).scalar_one() > 0


def test_many_writers_at_once_are_all_heard_in_order(
    store: SqlStore, queries: SqlQueries, url: str
) -> None:
    follower, going = Follower(queries), 4

    def write(writer: int) -> None:
        nonlocal going
        mine = open_store(url)
        for number in range(50):
            with mine.unit(f"writer {writer}") as unit:
                unit.events.add("job", f"{writer} {number}")
        mine.close()
        going -= 1

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    while going:
        follower.look()
    for thread in threads:
        thread.join()
    follower.look()

    assert sorted(follower.heard) == sorted(f"{w} {n}" for w in range(4) for n in range(50))
    for writer in range(4):
        mine = [heard for heard in follower.heard if heard.startswith(f"{writer} ")]
        assert mine == [f"{writer} {number}" for number in range(50)]


def test_a_transaction_that_is_undone_leaves_no_event_and_stops_nobody(
    store: SqlStore, queries: SqlQueries
) -> None:
    follower = Follower(queries)

    def undone() -> None:
        with store.unit("test") as unit:
            unit.events.add("job", "undone")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    with store.unit("test") as unit:
        unit.events.add("job", "kept")
    follower.look()

    assert follower.heard == ["kept"]


def test_objects_are_seen_as_http_shows_them(store: SqlStore, queries: SqlQueries) -> None:
    seed(store)
    changes = queries.log.after(0, 1000).changes
    seen = dict(zip(changes, queries.log.look(changes, NOW), strict=True))
    found = {(change.type, change.uid): each for change, each in seen.items()}

    detail = queries.simulation(RUN, NOW)
    assert detail is not None
    view = found["simulation", RUN].view
    assert view is not None
    assert view.items() <= dict(detail).items()
    run = found["simulation", RUN].run
    assert run is not None
    assert (run.words["state"], run.name, run.active, run.gone) == (
        "late", "piControl", True, False,
    )  # fmt: skip
    assert found["simulation", DONE].view is not None
    gone = found["simulation", GONE]
    assert gone.view is None
    assert gone.run is not None
    assert gone.run.gone
    assert found["job", JOB].view == queries.job(JOB, NOW)
    assert found["job", uid("gone job")].view is None
    assert found["mail", MAIL].view == queries.mail(MAIL)
    assert found["dead-letter", LETTER].view == queries.dead_letter(LETTER)
    messages = {uid: each for (kind, uid), each in found.items() if kind == "message"}
    assert {uid: each.view for uid, each in messages.items()} == {
        uid: queries.message(uid) for uid in messages
    }
    assert [each.view for (kind, _), each in found.items() if kind == "period"]


def test_a_part_of_the_log_can_be_asked_for(store: SqlStore, queries: SqlQueries) -> None:
    with store.unit("test") as unit:
        for run in ("a", "b"):
            unit.events.add("simulation", run, simulation_uid=run)
            unit.events.add("job", f"job of {run}", simulation_uid=run)
        unit.events.add(RESET, "")
        unit.events.add("mail", "m")
    log = queries.log

    def uids(*wanted: object) -> list[str]:
        return [change.uid for change in log.after(0, 100, *wanted).changes]  # type: ignore[arg-type]

    assert uids(["job"]) == ["job of a", "job of b", ""]
    assert uids(None, "a") == ["a", "job of a", ""]
    assert uids(["mail"], "b") == [""]
    assert log.after(0, 2).end == log.bounds()[0] + 1
    assert log.after(0, 2, ["mail"]).end == log.head()


def test_a_log_that_is_empty_has_no_bounds(queries: SqlQueries) -> None:
    assert queries.log.bounds() == (0, 0)
    assert queries.log.head() == 0
    stretch = queries.log.after(0, 10)
    assert (stretch.first, stretch.end, list(stretch.changes)) == (0, 0, [])


def test_old_events_go_and_numbers_are_not_given_again(
    store: SqlStore, queries: SqlQueries
) -> None:
    with store.unit("test") as unit:
        for number in range(10):
            unit.events.add("job", str(number))
    first, last = queries.log.bounds()

    assert prune_events(store, 3, datetime.now(UTC) - timedelta(days=1)) == 7
    assert prune_events(store, 3, datetime.now(UTC) - timedelta(days=1)) == 0
    assert queries.log.bounds() == (last - 2, last)
    assert prune_events(store, 3, datetime.now(UTC) + timedelta(days=1)) == 2
    assert queries.log.bounds() == (last, last)
    assert prune_events(store, 0, datetime.now(UTC) + timedelta(days=1)) == 0
    assert first == last - 9


def test_a_ticket_is_good_once(store: SqlStore) -> None:
    store.tickets.put(Ticket("digest", "token", NOW), NOW - timedelta(seconds=30))

    assert store.tickets.take("other", NOW - timedelta(seconds=1)) is None
    taken = store.tickets.take("digest", NOW - timedelta(seconds=1))
    assert taken == Ticket("digest", "token", NOW)
    assert store.tickets.take("digest", NOW - timedelta(seconds=1)) is None


def test_a_ticket_that_expired_is_forgotten(store: SqlStore) -> None:
    store.tickets.put(Ticket("old", None, NOW), NOW - timedelta(seconds=30))
    assert store.tickets.take("old", NOW) is None

    store.tickets.put(Ticket("new", None, NOW + timedelta(seconds=30)), NOW)
    with store.reading() as connection:
        kept = connection.execute(text("SELECT digest FROM tickets")).scalars().all()
    assert kept == ["new"]
