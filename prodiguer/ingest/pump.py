"""The pump: takes mails out of the inbox, publishes what they say, notes what they were.

A mail leaves the inbox only after its messages are confirmed by the broker and its record and its
dead letters are committed. A crash anywhere before that means the same again, which the ids of
messages, mails and dead letters absorb.
"""

from __future__ import annotations

import itertools
import logging
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from prodiguer import faults
from prodiguer.errors import Unavailable
from prodiguer.ingest.inbox import Inbox, Torn
from prodiguer.ingest.lanes import Schedule
from prodiguer.ingest.publishing import WINDOW
from prodiguer.ingest.reading import Reading
from prodiguer.ingest.statistics import Statistics
from prodiguer.ports.clock import Clock
from prodiguer.ports.store import Store
from prodiguer.ports.transport import Publication, Publisher
from prodiguer.wire.catalog import Catalog

log = logging.getLogger(__name__)

#: Who writes, as the store knows it.
_WRITER = "smtp"
#: Times that a mail may break the decoder before it becomes a dead letter.
_TRIES = 3
#: Seconds between looks into the inbox when nobody says that there is news.
_IDLE = 0.5
#: Seconds before a mail that could be decoded, but not published or stored, is tried again.
_CALM = 1.0
_CLOSERS = 4
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class Pump:
    """A thread between the inbox and the broker.

    Args:
        inbox: where the door puts mails.
        publishers: opens a publisher; called again after the broker was away.
        store: for the records of mails and the dead letters.
        catalog: the message types.
        clock: when a mail is dealt with.
        mode: of the platform.
        account: the user word of routing keys where a sender proved no name.
    """

    def __init__(
        self,
        inbox: Inbox,
        publishers: Callable[[], Publisher],
        store: Store,
        catalog: Catalog,
        clock: Clock,
        mode: str,
        account: str,
    ) -> None:
        self._inbox = inbox
        self._publishers = publishers
        self._store = store
        self._clock = clock
        self._catalog, self._mode, self._account = catalog, mode, account
        self._schedule = Schedule(inbox.size)
        self._publisher: Publisher | None = None
        self._open: dict[str, Reading] = {}
        self._crashes: Counter[str] = Counter()
        self._pauses = 0
        # To close a file that is removed frees its blocks, which takes milliseconds on some disks.
        self._closers = ThreadPoolExecutor(_CLOSERS, thread_name_prefix="pump-close")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pump")
        self.statistics = Statistics()

    def start(self) -> None:
        """Begin; mails that were left from before come first."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being done; mails that are not dealt with stay in the inbox."""
        self._stop.set()
        self._inbox.wake()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                busy = self._round()
                self._pauses = 0
            except Unavailable as error:
                self._pause(error)
            except Exception:
                log.exception("the pump failed", extra={"action": "pump_error"})
                self.statistics.errors += 1
                self._pause(None)
            else:
                if not busy:
                    self._inbox.wait(_IDLE)
        for name in list(self._open):
            self._open.pop(name).close()
        self._close_publisher()
        self._closers.shutdown()

    def _pause(self, error: Unavailable | None) -> None:
        self._close_publisher()
        whole = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(self._pauses, 20))
        seconds = whole * random.uniform(0.5, 1.0)  # noqa: S311 - spread, not secrecy
        if error is not None and self._pauses == 0:
            log.warning("the pump waits: %s", error, extra={"action": "pump_paused"})
        self._pauses += 1
        self.statistics.paused += seconds
        self._stop.wait(seconds)

    def _close_publisher(self) -> None:
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None

    # -- one round: the small mails that wait, then a window of each big one

    def _round(self) -> bool:
        """Whether there was anything to do."""
        self._schedule.look(self._inbox.pending())
        for name in self._schedule.big(self._open):
            self._begin(name)
        small = self._schedule.small()
        if small:
            self._together(small)
        for reading in list(self._open.values()):
            self._advance(reading)
        return bool(small or self._open)

    def _begin(self, name: str) -> None:
        for reading in self._reading(name):
            self._open[name] = reading

    def _reading(self, name: str) -> list[Reading]:
        """A waiting mail, opened; none where the file is no mail."""
        try:
            waiting = self._inbox.read(name)
        except Torn as torn:
            self._put_aside(name, str(torn))
            return []
        return [Reading(name, waiting, self._catalog, self._mode, self._account)]

    def _together(self, names: Sequence[str]) -> None:
        """Small mails in one go: their messages share windows, their records a transaction."""
        found: list[Reading] = []
        try:
            for name in names:
                found += self._reading(name)
            readings = [reading for reading in found if self._decode_all(reading)]
            try:
                self._finish(readings)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - a mail with a flaw of ours stops no other
                self._not_together(readings, error)
        finally:
            list(self._closers.map(Reading.close, found))

    def _not_together(self, readings: Sequence[Reading], error: Exception) -> None:
        """Something breaks publishing or storing: find which by dealing with each alone."""
        if len(readings) > 1:
            log.warning("mails go alone now", extra={"action": "pump_alone"}, exc_info=error)
            self._schedule.separate([reading.name for reading in readings])
        elif readings and self._crashed(readings[0], error):
            self._finish_at_last(readings[0])
        # It may be the machine and not the mail: three tries should not be over in no time.
        self._stop.wait(_CALM)

    def _finish_at_last(self, reading: Reading) -> None:
        try:
            self._finish([reading])
        except Unavailable:
            raise
        except Exception:
            log.exception("a dead letter cannot be stored", extra={"action": "mail_crash"})
            self._put_aside(reading.name, "the pump fails on it again and again")

    def _put_aside(self, name: str, why: str) -> None:
        self._inbox.put_aside(name, why)
        self.statistics.put_aside += 1

    def _advance(self, reading: Reading) -> None:
        """One window of a big mail; its record after the last one."""
        try:
            if not reading.waiting and not reading.finished:
                self._decode(reading)
            self._publish(reading.waiting)
            reading.waiting = []
            if reading.finished:
                self._finish([reading])
                self._open.pop(reading.name).close()
            elif reading.heavy:
                self._bury(reading)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a mail with a flaw of ours stops no other
            if not self._crashed(reading, error):
                self._open.pop(reading.name).close()

    def _decode(self, reading: Reading) -> None:
        reading.fill(WINDOW)
        faults.point("pump.read")

    def _decode_all(self, reading: Reading) -> bool:
        """Whether it could be decoded, or is given up."""
        try:
            while not reading.finished:
                self._decode(reading)
        except Exception as error:  # noqa: BLE001 - a mail with a flaw of ours stops no other
            return self._crashed(reading, error)
        return True

    def _crashed(self, reading: Reading, error: Exception) -> bool:
        """A mail breaks us: True when that was once too often and it is now a dead letter."""
        self.statistics.errors += 1
        self._crashes[reading.name] += 1
        log.error(
            "a mail breaks the pump",
            exc_info=error,
            extra={"action": "mail_crash", "file": reading.name},
        )
        if self._crashes[reading.name] < _TRIES:
            return False
        try:
            reading.give_up(error)
        except Exception:
            log.exception("a mail cannot be kept as a dead letter", extra={"action": "mail_crash"})
            self._put_aside(reading.name, "the pump fails on it again and again")
            return False
        return True

    # -- what makes a mail done

    def _publish(self, publications: Iterable[Publication]) -> None:
        left = iter(publications)
        while window := list(itertools.islice(left, WINDOW)):
            if self._publisher is None:
                self._publisher = self._publishers()
            self._publisher.publish(window)

    def _bury(self, reading: Reading) -> None:
        with self._store.unit(_WRITER) as unit:
            unit.add_dead_letters(reading.dead)
        reading.dead = []

    def _finish(self, readings: Sequence[Reading]) -> None:
        """Publish what is left, commit the records and the dead letters, empty the inbox."""
        if not readings:
            return
        self._publish(itertools.chain.from_iterable(r.waiting for r in readings))
        faults.point("pump.published")
        with self._store.unit(_WRITER) as unit:
            for reading in readings:
                unit.add_dead_letters(reading.dead)
                unit.add_mail(reading.record(self._clock.now()))
        faults.point("pump.recorded")
        for reading in readings:
            self._inbox.remove(reading.name)
            self._count(reading)
        faults.point("pump.removed")

    def _count(self, reading: Reading) -> None:
        self._crashes.pop(reading.name, None)
        messages, dead = reading.carried
        self.statistics.mails += 1
        self.statistics.bytes += reading.size
        self.statistics.messages += messages
        self.statistics.dead += dead
