"""Who is let in to a live connection, and how tickets open it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from websockets.exceptions import InvalidStatus

from live import wait_for
from prodiguer.web.limits import Limits
from support.live_door import Live
from support.live_wire import Wire, masked, one_answer, request
from support.web import Client, Reply, answered
from support.web_platform import Platform


def asked(client: Client, target: str = "/api/v1/live", **fields: str | None) -> Reply:
    """The answer to a first request that is refused."""
    return answered(one_answer(client.address, request(client.address, target, **fields)))


@pytest.mark.bad_input("B125")
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"Sec_WebSocket_Key": None}, 400),
        ({"Sec_WebSocket_Key": "c2hvcnQ="}, 400),
        ({"Sec_WebSocket_Key": "no base64 at all"}, 400),
        ({"Sec_WebSocket_Version": None}, 400),
        ({"Sec_WebSocket_Version": "8"}, 400),
        ({"Sec_WebSocket_Version": "13, 8"}, 400),
        ({"Upgrade": None}, 400),
        ({"Upgrade": "h2c"}, 400),
        ({"Connection": "close"}, 400),
        ({"Content_Length": "2"}, 400),
        ({"Host": "evil.example"}, 400),
        ({"Host": "127.0.0.1.evil.example"}, 400),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
    ],
)
def test_a_first_request_that_is_none_is_refused(
    client: Client, fields: dict[str, str | None], status: int
) -> None:
    body = b"{}" if "Content_Length" in fields else b""
    reply = answered(one_answer(client.address, request(client.address, **fields) + body))

    assert reply.problem[0] == status


@pytest.mark.bad_input("B125")
def test_plain_requests_are_told_what_this_is(client: Client) -> None:
    assert client.get("/api/v1/live").problem == (400, None)
    assert client.send("HEAD", "/api/v1/live").status == 400
    assert client.post("/api/v1/live", {}).problem[0] == 405


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("type=nothing", "type"),
        ("type=job,,mail", "type"),
        ("type=", "type"),
        ("coalesce=perhaps", "coalesce"),
        ("simulation=all", "simulation"),
        ("sort=name", "sort"),
        ("since=1&since=2", "since"),
        ("since=", "since"),
        ("state=broken", "state"),
    ],
)
def test_parameters_are_checked_as_everywhere(client: Client, query: str, parameter: str) -> None:
    assert asked(client, f"/api/v1/live?{query}").problem == (400, parameter)


def test_a_page_of_this_server_is_let_in(client: Client) -> None:
    host, port = client.address
    with Live(client.address, {"Origin": f"http://{host}:{port}"}) as live:
        assert live.say({"type": "ping"})["type"] == "pong"


@pytest.mark.bad_input("B125")
def test_without_a_token_nobody_is_let_in_once_there_is_one(platform: Platform) -> None:
    text = platform.token("read")
    client = platform.serve()

    assert asked(client).problem[0] == 401
    assert asked(client, Authorization="Bearer pdg_wrong").problem[0] == 401
    assert asked(client, Authorization=f"Bearer {platform.token('ingest')}").problem[0] == 403
    with Live(client.address, {"Authorization": f"Bearer {text}"}) as live:
        assert live.say({"type": "ping"})["type"] == "pong"


def ticket(client: Client) -> str:
    reply = client.post("/api/v1/live/tickets")
    assert reply.status == 201
    return str(reply.json["ticket"])


def test_a_ticket_opens_one_connection_in_any_process(platform: Platform) -> None:
    text = platform.token("read")
    one, other = platform.serve(token=text), platform.serve()

    with Live(other.address, ticket=ticket(one)) as live:
        assert live.say({"type": "ping"})["type"] == "pong"


@pytest.mark.bad_input("B125")
def test_a_ticket_that_is_not_good_opens_nothing(platform: Platform) -> None:
    client = platform.serve(token=platform.token("read"))
    used, old = ticket(client), ticket(client)
    Live(client.address, ticket=used).close()
    platform.clock.time += timedelta(seconds=31)

    for text in (used, old, "x", "pdg_x", "%00", "a" * 200):
        assert asked(client, f"/api/v1/live?ticket={text}").status in (400, 403), text
    assert asked(client, f"/api/v1/live?ticket={ticket(client)}&ticket=2").problem[0] == 400


@pytest.mark.bad_input("B125")
def test_the_ticket_of_a_token_that_was_revoked_opens_nothing(platform: Platform) -> None:
    platform.token("read")
    other = platform.serve(token=platform.token("read"))
    text = ticket(other)
    for token in platform.store.tokens.list():
        platform.store.tokens.revoke(token.id, platform.clock.now())

    with pytest.raises(InvalidStatus) as refused:
        Live(other.address, ticket=text)
    assert refused.value.response.status_code == 403


@pytest.mark.bad_input("B125")
def test_a_ticket_from_before_there_were_tokens_opens_nothing(platform: Platform) -> None:
    client = platform.serve()
    early, late = ticket(client), ticket(client)
    Live(client.address, ticket=early).close()
    platform.token("read")

    assert asked(client, f"/api/v1/live?ticket={late}").problem[0] == 403


def test_a_connection_ends_with_its_token(platform: Platform) -> None:
    text = platform.token("read")
    client = platform.serve(limits=Limits(live_tokens=0.05))
    with Live(client.address, {"Authorization": f"Bearer {text}"}) as live:
        (token,) = platform.store.tokens.list()
        platform.store.tokens.revoke(token.id, platform.clock.now())

        assert live.closed() == (1008, "the token is no longer good")


def test_who_came_before_there_were_tokens_does_not_stay(platform: Platform) -> None:
    client = platform.serve(limits=Limits(live_tokens=0.05))
    with Live(client.address) as live:
        assert live.say({"type": "ping"})["type"] == "pong"
        platform.token("read")

        assert live.closed() == (1008, "a token is asked for now")


def test_there_is_an_end_to_live_connections_and_http_has_its_own(platform: Platform) -> None:
    client = platform.serve(limits=Limits(live=3, connections=4, idle=0.5))
    crowd = [Live(client.address) for _ in range(3)]
    try:
        with pytest.raises(InvalidStatus) as refused:
            Live(client.address)
        assert refused.value.response.status_code == 503
        assert "Retry-After" in refused.value.response.headers
        # They take no place of HTTP, and are idle for as long as they like.
        assert client.get("/health").status == 200
        assert b"prodiguer_live_clients 3.0" in client.get("/metrics").content
        assert crowd[0].say({"type": "ping"})["type"] == "pong"
    finally:
        for live in crowd:
            live.close()

    def comes_in() -> bool:
        try:
            Live(client.address).close()
        except InvalidStatus:
            return False
        return True

    assert wait_for(comes_in, "a place")


def test_a_server_that_stops_says_so(platform: Platform) -> None:
    client = platform.serve()
    with Live(client.address) as live, Wire(client.address) as silent:
        platform.stack.pop_all().close()

        assert live.closed() == (1001, "the server stops")
        silent.send(masked(0x9))
        assert silent.ended()
