"""The route table, the description for machines, and the page for people say the same."""

import re
from pathlib import Path

from jsonschema import Draft202012Validator

from prodiguer.web import openapi
from prodiguer.web.routes import ROUTES
from support.web import Client

DASH = "\N{EN DASH}"
PAGE = Path(__file__).parents[2] / "docs" / "http-api.md"


def test_the_page_has_a_row_for_each_route_and_no_other() -> None:
    rows = re.findall(
        r"^\| (?:GET|POST|DELETE|PUT|PATCH) .*$", PAGE.read_text("utf-8"), re.MULTILINE
    )

    assert rows == [
        f"| {route.method} | `{route.path}` | {route.scope or 'none'} "
        f"| {', '.join(f'`{p.name}`' for p in route.parameters) or DASH} | {route.summary} |"
        for route in ROUTES
    ]


def test_the_examples_of_the_page_are_answered(client: Client) -> None:
    targets = re.findall(r"curl -s '?http://127\.0\.0\.1:8080(/[^\s']*)", PAGE.read_text("utf-8"))

    assert targets
    assert {client.send("GET", target).status for target in targets} == {200}


def test_the_page_explains_each_status_that_is_promised() -> None:
    explained = set(re.findall(r"^\| (\d{3}) \|", PAGE.read_text("utf-8"), re.MULTILINE))

    promised = {status for route in ROUTES for status in openapi.statuses(route)}
    assert explained == {str(status) for status in promised | {405}}


def test_the_page_names_each_action_of_the_logs() -> None:
    source = Path(openapi.__file__).parent
    actions = {
        action
        for file in source.rglob("*.py")
        for action in re.findall(r'"action": "([a-z-]+)"', file.read_text("utf-8"))
    }

    assert actions
    assert [action for action in actions if f"`{action}`" not in PAGE.read_text("utf-8")
            and f"action: {action}" not in PAGE.read_text("utf-8")] == []  # fmt: skip


def test_the_description_is_served_and_describes_exactly_the_table(client: Client) -> None:
    served = client.get("/api/v1/openapi.json").json

    assert served["openapi"] == "3.1.0"
    assert {
        (method.upper(), path) for path, here in served["paths"].items() for method in here
    } == {(route.method, route.path) for route in ROUTES if not route.for_people}


def test_every_schema_of_the_description_is_one() -> None:
    document = openapi.document(ROUTES)

    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for name, schema in document["components"]["schemas"].items():
        if schema.get("type") == "object":
            assert "additionalProperties" in schema, name


def test_no_two_routes_share_a_method_and_a_path() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


def test_every_route_that_reads_or_changes_data_asks_for_a_scope() -> None:
    open_to_all = {route.path for route in ROUTES if route.scope is None and not route.for_people}

    assert open_to_all == {"/health", "/ready", "/api/v1/openapi.json"}
    assert not [r.path for r in ROUTES if r.for_people and (r.scope or r.method != "GET")]
    changing = [route for route in ROUTES if route.method != "GET"]
    assert {route.path for route in changing if route.scope == "read"} == {"/api/v1/live/tickets"}
    assert {route.scope for route in changing} == {"read", "ingest", "operate"}
