"""Sound requests for what there is not: B111 to B114 and B116."""

import time
from urllib.parse import quote

import pytest

from support.web import JSON, Client, answered, raw
from support.web_platform import DONE, GONE, RUN, Platform, uid

LISTS = [
    "/api/v1/simulations",
    "/api/v1/jobs",
    "/api/v1/messages",
    "/api/v1/mails",
    "/api/v1/dead-letters",
    "/api/v1/environment",
    f"/api/v1/simulations/{RUN}/jobs",
    f"/api/v1/simulations/{RUN}/periods",
    f"/api/v1/simulations/{RUN}/messages",
    f"/api/v1/simulations/{RUN}/timeline",
]


@pytest.mark.bad_input("B111")
@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/..%2f..%2fetc/passwd", 404),
        ("/../../etc/passwd", 404),
        ("/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/%252e%252e%252f", 404),
        ("/%00", 404),
        ("/health%00", 404),
        ("/%ff", 404),
        ("/health%ff.html", 404),
        ("//evil.example", 404),
        ("//evil.example/%2f..", 404),
        ("///evil.example//", 404),
        ("/\\evil.example", 404),
        ("/https://evil.example", 404),
        ("/" + "a" * 10_000, 404),
        ("/" + "a" * 20_000, 400),
        ("/health.", 404),
        ("/health/", 404),
        ("/health/..", 404),
        ("/./health", 404),
        ("//health", 404),
        ("/HEALTH", 404),
        ("/%68ealth", 404),
        ("/health;a=b", 404),
        ("/health#x", 404),
        ("/health%3flimit=1", 404),
        ("/api/v1/jobs%2f", 404),
        ("/api/v1/jobs/%00", 400),
        ("/api/v1/jobs/..", 400),
        ("/api/v1/jobs/%2e%2e%2fmails", 400),
        ("/api/v1/mails/..%2f..%2fetc%2fpasswd", 400),
        ("/api/v1/simulations//jobs", 404),
        ("/api/v1", 404),
        ("/static/index.html", 404),
        ("/favicon.ico", 404),
        ("/.git/config", 404),
    ],
)
def test_a_path_that_is_not_in_the_table_leads_nowhere(
    client: Client, target: str, status: int
) -> None:
    head = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    assert answered(raw(client.address, head.encode("latin-1"))).status == status


@pytest.mark.bad_input("B112")
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=1&limit=2", "limit"),
        ("limit[]=1", "limit[]"),
        ("a[]=1", "a[]"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=1001", "limit"),
        ("limit=1000000000", "limit"),
        ("limit=9223372036854775808", "limit"),
        ("limit=1.0", "limit"),
        ("limit=0x10", "limit"),
        ("limit=%201", "limit"),
        ("limit=", "limit"),
        ("offset=9223372036854775808", "offset"),
        ("token=pdg_x", "token"),
        ("cursor=", "cursor"),
        ("cursor=x", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=" + "A" * 9000, "cursor"),
        ("cursor=eyJ2IjpbMV0sIm4iOjEsImgiOiJ4In0", "cursor"),
        ("__proto__=1", "__proto__"),
        ("%ff=1", "%ff"),
        ("limit=%ff", "limit"),
        ("limit=%zz", "limit"),
    ],
)
def test_a_bad_parameter_of_any_list_is_400_and_named(
    client: Client, path: str, query: str, parameter: str
) -> None:
    assert client.send("GET", f"{path}?{query}").problem == (400, parameter)


@pytest.mark.bad_input("B112")
@pytest.mark.parametrize("path", LISTS)
def test_thousands_of_parameters_are_400(client: Client, path: str) -> None:
    few, many = ("&".join(f"p{n}=1" for n in range(count)) for count in (100, 10_000))

    assert client.send("GET", f"{path}?{few}").problem == (400, "")
    assert client.send("GET", f"{path}?{many}").status == 400


@pytest.mark.bad_input("B112")
@pytest.mark.parametrize("sort", ["password", "uid; DROP TABLE simulations", "name,state", "-", ""])
@pytest.mark.parametrize("path", ["/api/v1/simulations", "/api/v1/jobs"])
def test_a_sort_by_what_is_no_field_is_400(client: Client, path: str, sort: str) -> None:
    assert client.get(path, sort=sort).problem == (400, "sort")


@pytest.mark.bad_input("B112")
def test_a_cursor_that_was_changed_or_is_of_another_list_is_400(client: Client) -> None:
    cursor = client.get("/api/v1/simulations", limit=1, sort="name").json["next"]
    changed = cursor[:-4] + ("AAAA" if cursor[-4:] != "AAAA" else "BBBB")

    assert client.get("/api/v1/simulations", cursor=cursor, sort="name").status == 200
    for query in (
        {"cursor": changed, "sort": "name"},
        {"cursor": cursor},
        {"cursor": cursor, "sort": "-name"},
        {"cursor": cursor, "sort": "name", "state": "late"},
        {"cursor": cursor, "sort": "name", "tries": "all"},
    ):
        assert client.get("/api/v1/simulations", **query).problem == (400, "cursor")
    assert client.get("/api/v1/jobs", cursor=cursor).problem == (400, "cursor")


@pytest.mark.bad_input("B113")
@pytest.mark.parametrize(
    ("id", "status"),
    [
        ("1", 400),
        ("not-a-uuid", 400),
        (RUN.upper(), 400),
        (RUN.replace("-", ""), 400),
        (f"{{{RUN}}}", 400),
        (f"urn:uuid:{RUN}", 400),
        (RUN + "0", 400),
        (RUN[:-1], 400),
        (RUN[:-1] + "g", 400),
        (quote(f"{RUN}' OR '1'='1"), 400),
        (quote(RUN[:-1] + "\uff10"), 400),
        ("9" * 10_000, 400),
        (",".join([RUN] * 300), 400),
        ("00000000-0000-0000-0000-000000000000", 404),
        (uid("never"), 404),
    ],
)
def test_an_id_that_is_no_uuid_is_400_and_one_that_nobody_has_is_404(
    client: Client, id: str, status: int
) -> None:
    parameter = "uid" if status == 400 else None
    for path in ("simulations", "jobs", "messages"):
        assert client.send("GET", f"/api/v1/{path}/{id}").problem == (status, parameter)
    for below in ("jobs", "periods", "messages", "timeline"):
        path = f"/api/v1/simulations/{id}/{below}"
        assert client.send("GET", path).problem == (status, parameter)


@pytest.mark.bad_input("B113")
def test_ids_of_mails_and_dead_letters_are_short_words(client: Client) -> None:
    for path in ("mails", "dead-letters"):
        assert client.get(f"/api/v1/{path}/unknown").problem == (404, None)
        for bad in ("%27", "a%20b", "a" * 201, "%00", "*"):
            assert client.get(f"/api/v1/{path}/{bad}").problem == (400, "id")
    assert client.send("DELETE", "/api/v1/dead-letters/%27", None, JSON).problem == (400, "id")


@pytest.mark.bad_input("B113")
def test_a_deleted_run_is_404(client: Client) -> None:
    assert client.get(f"/api/v1/simulations/{GONE}").problem == (404, None)
    assert GONE not in [
        x["uid"] for x in client.get("/api/v1/simulations", tries="all").json["items"]
    ]


@pytest.mark.bad_input("B113")
@pytest.mark.parametrize("name", ["simulation", "job"])
def test_filters_by_id_want_a_uuid_too(client: Client, name: str) -> None:
    for bad in ("x", RUN.upper(), f"{RUN},{DONE}"):
        assert client.get("/api/v1/messages", **{name: bad}).problem == (400, name)


@pytest.mark.bad_input("B114")
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"q": "*" * 17}, "q"),
        ({"q": "a*" * 100}, "q"),
        ({"q": "a" * 201}, "q"),
        ({"q": ""}, "q"),
        ({"q": "a\nb"}, "q"),
        ({"machine": "x" * 257}, "machine"),
        ({"state": "*"}, "state"),
        ({"tries": "none"}, "tries"),
        ({"filter[machine]": "x"}, "filter[machine]"),
        ({"[" * 1000 + "]" * 1000: "x"}, "[" * 100),
        ({"password": "x"}, "password"),
        ({"since": "1Y"}, "since"),
    ],
)
def test_a_filter_that_is_no_filter_is_400_and_named(
    client: Client, query: dict[str, str], parameter: str
) -> None:
    assert client.get("/api/v1/simulations", **query).problem == (400, parameter)


@pytest.mark.bad_input("B114")
def test_ten_thousand_wildcards_are_400_and_named(client: Client) -> None:
    target = "/api/v1/simulations?q=" + "*" * 10_000

    assert client.send("GET", target).problem == (400, "q")


@pytest.mark.bad_input("B114")
@pytest.mark.parametrize(
    "text",
    ["(a+)+$", "%", "_", "\\", "%%%", "' OR 1=1 --", "%s", ":name", "[a-z]", "?", "\\*x", "$where"],
)
def test_what_is_special_elsewhere_is_plain_text_in_a_filter(client: Client, text: str) -> None:
    began = time.monotonic()

    for name in ("q", "machine", "experiment"):
        assert client.get("/api/v1/simulations", **{name: text}).json["items"] == []

    assert time.monotonic() - began < 10


@pytest.mark.bad_input("B114")
def test_sixteen_wildcards_find_what_they_fit(client: Client) -> None:
    assert client.get("/api/v1/simulations", q="*" * 16).json["total"] == 2


@pytest.mark.bad_input("B116")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "text/plain; x=application/json"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json; charset=''"},
        {"Content-Type": "application/json, application/json"},
        {"Content-Type": "application/jsonlines"},
        {"Content-Type": "application/octet-stream"},
        {"Content-Type": "*/*"},
    ],
)
def test_a_body_that_does_not_say_that_it_is_json_in_utf_8_is_415(
    platform: Platform, client: Client, fields: dict[str, str]
) -> None:
    reply = client.send("POST", "/api/v1/messages", b'{"msgCode": "1100"}', fields)

    assert reply.problem == (415, None)
    assert client.get("/api/v1/dead-letters").json["total"] == 2
    assert {queue["ready"] for queue in client.get("/api/v1/stats").json["queues"]} == {0}
