"""Messages as a busy centre writes them: many runs, a realistic mix, every one unique."""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

#: Shares of the benchmarks: 1 % simulation starts, 20 % job starts, 20 % ends, 39 % periods,
#: 20 % environment metrics.
#: An hour ago: nothing is late, and nothing comes from the future.
START = datetime.now(UTC) - timedelta(hours=1)


def _uuid(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def messages(count: int, *, seed: int, runs: int = 1000) -> Iterator[dict[str, Any]]:
    """So many messages, of so many runs at the most."""
    chance = random.Random(seed)
    known = [(_uuid(chance), [_uuid(chance)]) for _ in range(max(1, min(runs, count // 50)))]
    for number in range(count):
        run, jobs = known[number % len(known)]
        when = (START + timedelta(milliseconds=number)).isoformat()
        said = {
            "msgUID": _uuid(chance),
            "msgTimestamp": when,
            "msgProducer": "libigcm",
            "msgProducerVersion": "2.8.4",
            "simuid": run,
        }
        yield {**said, **_content(chance, number, len(known), run, jobs)}


def _content(
    chance: random.Random, number: int, runs: int, run: str, jobs: list[str]
) -> dict[str, str]:
    if number < runs:
        return {"msgCode": "0000", "jobuid": jobs[0], **_words(chance, run)}
    share = chance.random()
    if share < 0.2:
        jobs.append(_uuid(chance))
        return {"msgCode": "1000", "jobuid": jobs[-1], "accountingProject": "gencmip6",
                "jobSchedulerID": str(number), "jobSubmissionPath": f"/work/{run}"}  # fmt: skip
    if share < 0.4:
        return {"msgCode": "1100", "jobuid": chance.choice(jobs)}
    if share < 0.8:
        month = 1 + number % 12
        return {"msgCode": "1001", "jobuid": jobs[-1], "CumulPeriod": str(number),
                "PeriodDateBegin": f"1850{month:02d}01",
                "PeriodDateEnd": f"1850{month:02d}28"}  # fmt: skip
    return {"msgCode": "7000", "jobuid": jobs[-1], "actionName": "IGCM_sys_Put_Out",
            "size_Mo": "512.250000", "duration_ms": "4100", "throughput_Mo_s": "124.939024",
            "dirFrom": "/ccc/scratch/RUN_DIR", "dirTo": "/ccc/store/IGCM_OUT"}  # fmt: skip


def _words(chance: random.Random, run: str) -> dict[str, str]:
    return {
        "name": f"RUN-{run[:8]}",
        "centre": "TGCC",
        "machine": chance.choice(("irene", "curie")),
        "login": chance.choice(("amartin", "bdurand")),
        "model": "IPSLCM6",
        "space": "PROD",
        "experiment": "piControl",
        "startDate": "1850-01-01",
        "endDate": "1859-12-31",
    }


def mail(batch: Sequence[dict[str, Any]]) -> bytes:
    """A batch as a mail: one base64 line a message."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = "jobs@centre.example", "prodiguer@platform.example"
    letter["Date"] = "Thu, 01 Jan 2026 00:00:00 +0000"
    lines = (base64.b64encode(json.dumps(m).encode() + b"\n").decode() for m in batch)
    letter.set_content("\n".join(lines) + "\n")
    return letter.as_bytes()


def batches(of: Sequence[dict[str, Any]], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    """In order, so many at a time."""
    for start in range(0, len(of), size):
        yield of[start : start + size]
