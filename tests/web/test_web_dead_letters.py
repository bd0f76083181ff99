"""Dead letters are sent again or dropped."""

from support.web import JSON, Client
from support.web_platform import HOPELESS, LETTER

PATH = "/api/v1/dead-letters"


def test_a_dead_letter_is_sent_again_and_says_since_when(client: Client) -> None:
    reply = client.post(f"{PATH}/{LETTER}/resend")

    assert (reply.status, reply.json) == (202, {"id": LETTER, "resent_at": "2026-01-01T01:00:00Z"})
    assert client.get(f"{PATH}/{LETTER}").json["resent_at"] == "2026-01-01T01:00:00Z"
    assert [x["id"] for x in client.get(PATH, resent="false").json["items"]] == [HOPELESS]


def test_one_that_is_refused_again_says_why_and_stays(client: Client) -> None:
    reply = client.post(f"{PATH}/{HOPELESS}/resend")

    assert reply.status == 422
    assert reply.json["reason"].startswith("not-json")
    assert client.get(f"{PATH}/{HOPELESS}").json["resent_at"] is None


def test_one_that_is_dropped_is_gone(client: Client) -> None:
    assert client.send("DELETE", f"{PATH}/{LETTER}", None, JSON).status == 204
    assert client.send("DELETE", f"{PATH}/{LETTER}", None, JSON).status == 404
    assert client.get(f"{PATH}/{LETTER}").status == 404
    assert client.get(PATH).json["total"] == 1


def test_what_never_was_is_not_found(client: Client) -> None:
    assert client.post(f"{PATH}/{'c' * 64}/resend").status == 404
    assert client.send("DELETE", f"{PATH}/{'c' * 64}", None, JSON).status == 404
