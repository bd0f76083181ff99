"""Real mails of 2014 and 2015 through the SMTP door, the inbox and the pump."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from support.ingest import Works, line, mail, message, opened, send, wait_for


def pumped(works: Works, folder: Path) -> None:
    with opened(works.inbox) as door, works.pumping():
        for path in sorted(folder.glob("*.eml")):
            send(door.address, path.read_bytes())
        wait_for(lambda: works.inbox.count() == 0, "an empty inbox")


def test_all_6045_messages_of_2014_are_published_exactly_once(
    works: Works, real_data: Path
) -> None:
    pumped(works, real_data / "mail" / "run-2014")

    deliveries = works.published()
    codes = Counter(
        one.properties.headers.get("received_code", one.properties.type) for one in deliveries
    )
    assert len({one.properties.message_id for one in deliveries}) == len(deliveries) == 6045
    assert codes == {
        "0000": 1,
        "1000": 1,
        "1100": 2,
        "0100": 1,
        "2000": 2919,
        "3000": 2921,
        "7000": 200,
    }
    trace = (real_data / "mail" / "run-2014" / "trace.txt").read_text("utf-8")
    assert all(str(one.properties.message_id) in trace for one in deliveries)
    assert works.dead() == []
    assert sum(sum(record["messages"].values()) for record in works.mails()) == 6045
    [start] = [one for one in deliveries if one.properties.type == "0000"]
    assert json.loads(start.body)["configuration"]


def test_the_mails_sent_twice_are_four_mails(works: Works, real_data: Path) -> None:
    pumped(works, real_data / "mail" / "run-2014")
    pumped(works, real_data / "mail" / "run-2014")

    uids = works.uids()
    assert (len(uids), len(set(uids))) == (12_090, 6045)
    assert len(works.mails()) == 4


def test_a_run_that_fails_is_published_with_its_codes_translated(
    works: Works, real_data: Path
) -> None:
    pumped(works, real_data / "mail" / "run-2015")

    deliveries = works.published()
    types = Counter(one.properties.type for one in deliveries)
    assert types["0000"] >= 1
    assert types["1999"] >= 1
    assert not {"9000", "9999"} & set(types)
    assert works.dead() == []


def test_good_lines_of_a_modern_mail_act_and_bad_ones_are_kept(
    works: Works, real_data: Path
) -> None:
    pumped(works, real_data / "mail" / "modern")

    assert len(works.mails()) == len(list((real_data / "mail" / "modern").glob("*.eml")))
    reasons = Counter(letter["reason"].partition(":")[0] for letter in works.dead())
    assert reasons["not-base64"] >= 1
    assert reasons["missing-attachment"] == 1
    assert "crash" not in reasons


def test_two_mails_with_the_same_messages_are_a_union(works: Works) -> None:
    one, two, three = message(), message(), message()
    works.put(mail(line(one), line(two)))
    works.put(mail(line(two), line(three)))
    works.pumped()

    assert set(works.uids()) == {str(sent["msgUID"]) for sent in (one, two, three)}
    assert len(works.mails()) == 2
