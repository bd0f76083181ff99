"""Who may do what: every route for every kind of bearer."""

import socket
from datetime import timedelta

import pytest

from prodiguer.config import WebSettings
from prodiguer.errors import ConfigurationError, NotAllowed
from prodiguer.ports.tokens import SCOPES
from prodiguer.web.auth import new_token
from prodiguer.web.limits import Limits
from prodiguer.web.routes import ROUTES
from support.built_pages import SCRIPT
from support.web import JSON, Client, Reply
from support.web_platform import HOPELESS, LETTER, NOW, RUN, Platform, element

BEARERS = ("none", "garbage", "revoked", "expired", *SCOPES)

#: What each route answers to whom may use it.
ALLOWED = {
    ("GET", "/"): 200,
    ("GET", "/simulations/{uid}"): 200,
    ("GET", "/dead-letters"): 200,
    ("GET", "/platform"): 200,
    ("GET", "/assets/{name}"): 200,
    ("GET", "/favicon.svg"): 200,
    ("GET", "/health"): 200,
    ("GET", "/ready"): 200,
    ("GET", "/metrics"): 200,
    ("GET", "/api/v1/openapi.json"): 200,
    ("GET", "/api/v1/simulations"): 200,
    ("GET", "/api/v1/simulations/{uid}"): 200,
    ("GET", "/api/v1/simulations/{uid}/jobs"): 200,
    ("GET", "/api/v1/simulations/{uid}/periods"): 200,
    ("GET", "/api/v1/simulations/{uid}/messages"): 200,
    ("GET", "/api/v1/simulations/{uid}/timeline"): 200,
    ("GET", "/api/v1/jobs"): 200,
    ("GET", "/api/v1/jobs/{uid}"): 404,
    ("GET", "/api/v1/messages"): 200,
    ("GET", "/api/v1/messages/{uid}"): 404,
    ("POST", "/api/v1/messages"): 202,
    ("GET", "/api/v1/mails"): 200,
    ("GET", "/api/v1/mails/{id}"): 404,
    ("GET", "/api/v1/dead-letters"): 200,
    ("GET", "/api/v1/dead-letters/{id}"): 200,
    ("POST", "/api/v1/dead-letters/{id}/resend"): 202,
    ("DELETE", "/api/v1/dead-letters/{id}"): 204,
    ("GET", "/api/v1/environment"): 200,
    ("GET", "/api/v1/stats"): 200,
    ("GET", "/api/v1/live"): 400,
    ("POST", "/api/v1/live/tickets"): 201,
}


def ask(client: Client, method: str, path: str) -> Reply:
    target = path.replace("{uid}", RUN).replace("{id}", LETTER).replace("{name}", SCRIPT)
    body = element() if path == "/api/v1/messages" else None
    return (
        client.post(target, body) if method == "POST" else client.send(method, target, None, JSON)
    )


def bearer(platform: Platform, kind: str) -> str | None:
    if kind == "none":
        return None
    if kind == "garbage":
        return "pdg_" + "x" * 43
    if kind == "revoked":
        return platform.token("admin", revoked=True)
    if kind == "expired":
        return platform.token("admin", expires=NOW)
    return platform.token(kind)


def test_the_matrix_knows_every_route() -> None:
    assert set(ALLOWED) == {(route.method, route.path) for route in ROUTES}


@pytest.mark.parametrize("kind", BEARERS)
def test_each_bearer_is_answered_by_the_table_alone(platform: Platform, kind: str) -> None:
    client = platform.serve(WebSettings(port=0, rate=0, tokens="required"))
    client.token = bearer(platform, kind)

    answers = {place: ask(client, *place).status for place in ALLOWED}

    scopes = {(route.method, route.path): route.scope for route in ROUTES}
    for place, scope in scopes.items():
        if scope is None or kind in (scope, "admin"):
            assert answers[place] == ALLOWED[place], place
        else:
            assert answers[place] == (403 if kind in SCOPES else 401), place


def test_tokens_are_asked_for_from_the_moment_that_one_exists(platform: Platform) -> None:
    client = platform.serve()
    assert client.get("/api/v1/jobs").status == 200

    token = platform.token("read")

    assert client.get("/api/v1/jobs").status == 401
    client.token = token
    assert client.get("/api/v1/jobs").status == 200


def test_a_revoked_token_opens_nothing_from_that_moment(platform: Platform) -> None:
    client = platform.serve(token=platform.token("read"))
    assert client.get("/api/v1/jobs").status == 200

    (known,) = platform.store.tokens.list()
    platform.store.tokens.revoke(known.id, NOW)
    platform.token("read")

    assert client.get("/api/v1/jobs").status == 401


def test_a_token_ends_when_it_says(platform: Platform) -> None:
    client = platform.serve(WebSettings(port=0, tokens="required"))
    client.token = platform.token("read", expires=NOW + timedelta(seconds=1))
    assert client.get("/api/v1/jobs").status == 200

    platform.clock.time = NOW + timedelta(seconds=1)

    assert client.get("/api/v1/jobs").status == 401


def test_the_last_token_leaves_no_door_open_when_it_ends(platform: Platform) -> None:
    client = platform.serve()
    platform.token("admin", expires=NOW + timedelta(seconds=1))
    platform.clock.time = NOW + timedelta(seconds=1)

    assert client.get("/api/v1/jobs").status == 401


def test_the_last_token_leaves_no_door_open_when_it_is_revoked(platform: Platform) -> None:
    client = platform.serve()
    platform.token("admin", revoked=True)

    assert client.get("/api/v1/jobs").status == 401


def test_the_use_of_a_token_is_noted(platform: Platform) -> None:
    client = platform.serve(token=platform.token("read"))
    client.get("/api/v1/jobs")
    client.get("/api/v1/jobs")

    platform.stack.close()  # the server has stopped: what it had to write is written

    from prodiguer.storage.store import open_store

    store = open_store(data=platform.data)
    (token,) = store.tokens.list()
    store.close()
    assert token.last_used_at == NOW


def test_with_a_token_an_action_needs_no_content_type(platform: Platform) -> None:
    client = platform.serve(token=platform.token("operate"))

    assert client.send("POST", f"/api/v1/dead-letters/{LETTER}/resend").status == 202
    assert client.send("DELETE", f"/api/v1/dead-letters/{HOPELESS}").status == 204


def test_a_token_that_is_sent_is_looked_at_even_where_none_is_asked_for(client: Client) -> None:
    client.token = "pdg_unknown"

    assert client.get("/api/v1/jobs").status == 401


@pytest.mark.parametrize(
    "settings",
    [
        WebSettings(host="0.0.0.0", port=0),  # noqa: S104 - it must be refused
        WebSettings(port=0, base_url="https://runs.example"),
    ],
)
def test_what_others_can_reach_does_not_start_without_a_token(
    platform: Platform, settings: WebSettings
) -> None:
    platform.token("admin", revoked=True)

    with pytest.raises(ConfigurationError, match="prodiguer token create"):
        platform.serve(settings)


def test_behind_a_proxy_a_token_is_always_asked_for(platform: Platform) -> None:
    token = platform.token("read")
    client = platform.serve(WebSettings(port=0, base_url="https://runs.example"))
    platform.store.tokens.revoke(platform.store.tokens.list()[0].id, NOW)

    assert client.get("/api/v1/jobs").status == 401
    assert client.get("/api/v1/jobs", {"Authorization": f"Bearer {token}"}).status == 401


def test_an_address_that_is_taken_is_refused_with_the_remedy(platform: Platform) -> None:
    client = platform.serve()

    with pytest.raises(NotAllowed, match="choose another `host` or `port`"):
        platform.serve(WebSettings(port=client.address[1]))


def test_guessing_is_slowed_down_and_harms_nobody_else(platform: Platform) -> None:
    good = platform.token("read")
    client = platform.serve(limits=Limits(failures=5, failures_rate=0.001))
    client.token = "pdg_guess"

    answers = [client.get("/api/v1/jobs") for _ in range(7)]

    assert [answer.status for answer in answers] == [401] * 5 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 100
    client.token = good
    assert client.get("/api/v1/jobs").status == 200


def test_a_new_token_is_long_and_its_text_is_not_in_what_is_stored() -> None:
    text, token, digest = new_token("ci", ["read", "ingest"], NOW)
    other, _, _ = new_token("ci", ["read"], NOW)

    assert text.startswith("pdg_")
    assert len(text) >= 47
    assert text != other
    assert text not in repr((token, digest))
    assert token.scopes == ("read", "ingest")


@pytest.mark.parametrize("scopes", [[], ["root"], ["read", ""]])
def test_a_token_has_known_scopes(scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="scopes are some of"):
        new_token("ci", scopes, NOW)


def test_a_host_name_is_listened_on_at_each_of_its_addresses(platform: Platform) -> None:
    client = platform.serve(WebSettings(host="localhost", port=0))
    port = client.address[1]

    for _, _, _, _, address in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM):
        assert Client((str(address[0]), port)).get("/health").status == 200


def test_a_host_that_is_not_this_machine_is_refused_with_the_remedy(platform: Platform) -> None:
    platform.token("read")

    for host in ("192.0.2.1", "no-such-host.invalid"):
        with pytest.raises(NotAllowed, match="choose another `host`"):
            platform.serve(WebSettings(host=host, port=0))
