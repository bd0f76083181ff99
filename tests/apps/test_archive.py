"""The archive: every message, as it came, once."""

from __future__ import annotations

import json

from prodiguer.ports.queries import MessageFilter, Paging
from prodiguer.testing import Harness, message
from prodiguer_archive import app


def archived(harness: Harness) -> dict[str, str]:
    page = harness.queries.messages(MessageFilter(), Paging(limit=1000))
    return {view["uid"]: view["code"] for view in page.items}


def test_messages_of_every_kind_are_kept_known_or_not_of_any_mode() -> None:
    with Harness(app) as harness:
        sent = {
            harness.send("0000").uid: "0000",
            harness.send("7000").uid: "7000",
            harness.send("4242").uid: "4242",
            harness.send("2000", msgProducerVersion=None).uid: "2000",
            harness.send("9999", msgProducerVersion=None, simuid=_UID, jobuid=_UID).uid: "9999",
        }
        other = message("1100", mode="test")
        harness.publish(other)
        statistics = harness.run_until_idle()
        assert archived(harness) == {**sent, other.uid: "1100"}
        assert (statistics.handled, statistics.ignored) == (6, 0)
        assert harness.dead_letters() == []


_UID = "5d1f3c7e-9a64-4a0e-8f0b-2c6f0f6f9a11"


def test_a_body_is_kept_as_received_and_times_to_the_microsecond() -> None:
    element = {
        "msgCode": "1100",
        "msgUID": "11111111-0000-4000-8000-000000000003",
        "msgProducer": "libIGCM",
        "msgProducerVersion": "2.8.2",
        "msgTimestamp": "2018-03-05T14:11:02.500000999+0100",
        "simuid": _UID,
        "jobuid": _UID.upper(),
        "extra": "kept é",
    }
    with Harness(app) as harness:
        harness.send_json(json.dumps(element))
        harness.run_until_idle()
        view = harness.queries.message(element["msgUID"])
        assert view is not None
        assert view["body"] == {name: element[name] for name in ("simuid", "jobuid", "extra")}
        assert view["timestamp"].isoformat() == "2018-03-05T13:11:02.500000+00:00"
        assert view["timestamp_raw"] == element["msgTimestamp"]
        assert view["received_at"] == harness.clock.now()
        assert (view["job_uid"], view["producer"]) == (_UID, "libigcm")


def test_what_comes_twice_is_kept_once_and_raises_no_event() -> None:
    with Harness(app) as harness:
        sent = harness.send("1999")
        harness.publish(sent, sent)
        statistics = harness.run_until_idle()
        assert (statistics.handled, statistics.duplicates) == (1, 2)
        assert len(archived(harness)) == 1
        assert harness.queries.counts()["messages"] == 1
