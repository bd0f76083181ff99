"""What the queries answer, for a story of three runs."""

from datetime import timedelta
from typing import Any

import pytest

from support.web import Client
from support.web_platform import (
    DONE,
    GONE,
    HOPELESS,
    JOB,
    LETTER,
    MAIL,
    POST_JOB,
    RUN,
    Platform,
    uid,
)


def uids(client: Client, path: str, **query: Any) -> list[str]:
    reply = client.get(path, **query)
    assert reply.status == 200
    return [item["uid"] for item in reply.json["items"]]


def test_simulations_are_listed_with_their_state_and_the_deleted_are_not(client: Client) -> None:
    found = client.get("/api/v1/simulations", sort="name").json

    assert [(item["uid"], item["state"]) for item in found["items"]] == [
        (DONE, "complete"),
        (RUN, "late"),
    ]
    assert found["total"] == 2
    assert found["next"] is None


def test_facets_count_by_value_narrowed_by_the_other_filters(client: Client) -> None:
    facets = client.get("/api/v1/simulations", machine="irene").json["facets"]

    assert {(f["value"], f["count"]) for f in facets["machine"]} == {("curie", 1), ("irene", 1)}
    assert [(f["value"], f["count"]) for f in facets["state"]] == [("complete", 1)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "late"}, [RUN]),
        ({"machine": "irene"}, [DONE]),
        ({"centre": "ipsl", "experiment": "historical"}, [RUN]),
        ({"accounting_project": "gencmip6"}, [RUN]),
        ({"login": "nobody"}, []),
        ({"q": "AMI*"}, [DONE]),
        ({"q": "pi*ntrol"}, [RUN]),
        ({"q": "%"}, []),
        ({"since": "1W"}, [RUN, DONE]),
        ({"since": "2026-01-01T00:00:45Z"}, [DONE]),
        ({"since": "2200-01-01T00:00:00+14:00"}, []),
        ({"tries": "all", "sort": "-name"}, [RUN, DONE]),
    ],
)
def test_filters_narrow_the_list(client: Client, query: dict[str, str], found: list[str]) -> None:
    assert set(uids(client, "/api/v1/simulations", **query)) == set(found)


def test_a_list_is_walked_page_by_page(client: Client) -> None:
    first = client.get("/api/v1/simulations", sort="-name", limit=1).json
    second = client.get("/api/v1/simulations", sort="-name", limit=1, cursor=first["next"]).json

    assert [page["items"][0]["uid"] for page in (first, second)] == [RUN, DONE]
    assert (first["total"], second["next"]) == (2, None)


@pytest.mark.parametrize("path", ["/api/v1/simulations", "/api/v1/jobs", "/api/v1/messages"])
def test_a_list_since_a_span_is_walked_while_time_goes_on(platform: Platform, path: str) -> None:
    client = platform.serve()
    first = client.get(path, since="1W", limit=1).json
    platform.clock.time += timedelta(minutes=5)
    second = client.get(path, since="1W", limit=1, cursor=first["next"])
    other = client.get(path, since="2W", limit=1, cursor=first["next"])

    assert (second.status, other.status) == (200, 400)
    assert first["items"][0]["uid"] != second.json["items"][0]["uid"]


def test_one_simulation_has_its_config_card_and_its_job_counts(client: Client) -> None:
    run = client.get(f"/api/v1/simulations/{RUN}").json

    assert run["config_card"] == "CalendarType=360d\n"
    assert run["jobs"]["compute"]["late"] == 1
    assert run["jobs"]["post_processing"]["complete"] == 1
    assert run["started_at"] == "2026-01-01T00:00:00Z"
    assert (run["try"], run["tries"], run["active"]) == (1, 1, True)


@pytest.mark.parametrize("below", ["", "/jobs", "/periods", "/messages", "/timeline"])
def test_a_deleted_run_and_one_that_never_was_are_told_apart_by_nothing(
    client: Client, below: str
) -> None:
    gone = client.get(f"/api/v1/simulations/{GONE}{below}")
    never = client.get(f"/api/v1/simulations/{uid('never')}{below}")

    assert gone.status == 404
    assert gone.content == never.content


def test_the_messages_of_a_deleted_run_stay(client: Client) -> None:
    found = client.get("/api/v1/messages", simulation=GONE).json["items"]

    assert [message["code"] for message in found] == ["8888", "0000"]


def test_the_parts_of_a_run_are_listed(client: Client) -> None:
    path = f"/api/v1/simulations/{RUN}"

    assert set(uids(client, f"{path}/jobs")) == {JOB, POST_JOB}
    assert uids(client, f"{path}/jobs", kind="post_processing") == [POST_JOB]
    assert [p["end"] for p in client.get(f"{path}/periods").json["items"]] == ["18500130"]
    codes = [m["code"] for m in client.get(f"{path}/messages", code="1001").json["items"]]
    assert codes == ["1001"]
    timeline = client.get(f"{path}/timeline").json["items"]
    assert [entry["code"] for entry in timeline][:2] == ["0000", "1001"]


def test_jobs_of_all_runs_are_filtered_by_state(client: Client) -> None:
    assert uids(client, "/api/v1/jobs", state="late") == [JOB]
    assert set(uids(client, "/api/v1/jobs", simulation=RUN)) == {JOB, POST_JOB}
    assert client.get(f"/api/v1/jobs/{POST_JOB}").json["post_processing"]["name"] == "ts"
    assert client.get(f"/api/v1/jobs/{uid('never')}").status == 404


def test_a_message_is_shown_as_it_was_received(client: Client) -> None:
    listed = client.get("/api/v1/messages", code="1900", job=JOB, producer="libigcm").json
    (message,) = listed["items"]

    assert client.get(f"/api/v1/messages/{message['uid']}").json == message
    assert message["body"]["command"] == "cp a b"
    assert client.get(f"/api/v1/messages/{uid('never')}").status == 404


def test_mails_say_what_they_carried(client: Client) -> None:
    (mail,) = client.get("/api/v1/mails").json["items"]

    assert client.get(f"/api/v1/mails/{MAIL}").json == mail
    assert (mail["messages"], mail["latency"]) == ({"0000": 3, "1001": 1}, 6.0)
    assert client.get("/api/v1/mails/unknown").status == 404


def test_dead_letters_are_listed_and_shown(client: Client) -> None:
    listed = client.get("/api/v1/dead-letters", reason="crash", resent="false", door="http").json

    assert {item["id"] for item in listed["items"]} == {LETTER, HOPELESS}
    assert client.get(f"/api/v1/dead-letters/{HOPELESS}").json["bytes"] == "ew=="
    assert client.get("/api/v1/dead-letters", resent="true").json["items"] == []
    assert client.get(f"/api/v1/dead-letters/{'c' * 64}").status == 404


def test_the_environment_is_that_of_file_transfers(client: Client) -> None:
    (transfer,) = client.get("/api/v1/environment", simulation=RUN, action="archive").json["items"]

    assert (transfer["size_mo"], transfer["throughput_mo_s"]) == (12.5, 50.0)
    assert client.get("/api/v1/environment", action="copy").json["total"] == 0


def test_the_statistics_name_each_queue(client: Client) -> None:
    stats = client.get("/api/v1/stats").json

    assert {"test.archive", "test.sim-mon"} <= {queue["name"] for queue in stats["queues"]}
    assert stats["spool"] == 0
