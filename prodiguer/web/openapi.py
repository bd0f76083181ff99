"""The description of the API, made of the route table and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import msgspec

from prodiguer.web.parameters import PATH_PARAMETERS, Parameter
from prodiguer.web.problems import MEDIA as PROBLEM
from prodiguer.web.problems import ProblemView
from prodiguer.web.route import Route

_REF = "#/components/schemas/{name}"

Document = dict[str, Any]


@lru_cache(maxsize=4)
def document(table: tuple[Route, ...]) -> Document:
    """OpenAPI 3.1 of these routes, without the pages for people."""
    table = tuple(route for route in table if not route.for_people)
    views = [ProblemView, *(route.view for route in table if route.view is not None)]
    extras = [type_ for route in table for type_ in route.extra.values()]
    schemas, components = msgspec.json.schema_components([*views, *extras], ref_template=_REF)
    by_view = dict(zip(map(_key, [*views, *extras]), schemas, strict=True))
    paths: Document = {}
    for route in table:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, by_view)
    return {
        "openapi": "3.1.0",
        "info": {"title": "prodiguer", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {name: _closed(schema) for name, schema in components.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def statuses(route: Route) -> tuple[int, ...]:
    """The statuses of the problems that a route may answer with."""
    found = {400, 403, 429, 431, 500, 503, *route.refusals}
    found |= {401} if route.scope else set()
    found |= {404} if route.path_names else set()
    found |= {408, 413, 415}
    return tuple(sorted(found))


def _operation(route: Route, schemas: Mapping[str, Any]) -> Document:
    operation: Document = {
        "summary": route.summary,
        "parameters": [
            *(_parameter(PATH_PARAMETERS[name], "path") for name in route.path_names),
            *(_parameter(parameter, "query") for parameter in route.parameters),
        ],
        "responses": _responses(route, schemas),
        "security": [{"token": [route.scope]}, {}] if route.scope else [{}],
    }
    if route.bodies:
        content: Document = {media: {"schema": {}} for media in route.bodies}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _responses(route: Route, schemas: Mapping[str, Any]) -> Document:
    success: Document = {"description": HTTPStatus(route.status).phrase}
    if route.view is not None:
        success["content"] = {route.media: {"schema": _schema(route, schemas)}}
    responses = {str(route.status): success}
    if route.method == "GET" and not route.live:
        responses["304"] = {"description": "Not Modified"}
    problem = {PROBLEM: {"schema": schemas[_key(ProblemView)]}}
    for status in statuses(route):
        responses[str(status)] = {"description": HTTPStatus(status).phrase, "content": problem}
    return responses


def _schema(route: Route, schemas: Mapping[str, Any]) -> Document:
    one: Document = schemas[_key(route.view)]
    if not route.paged:
        return one
    count = {"type": "integer", "minimum": 0}
    extra = {name: schemas[_key(type_)] for name, type_ in route.extra.items()}
    return {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": one},
            "next": {"type": ["string", "null"]},
            "total": count,
            "total_at_least": count,
            **extra,
        },
        "required": ["items", "next", *extra],
        "oneOf": [{"required": ["total"]}, {"required": ["total_at_least"]}],
        "additionalProperties": False,
    }


def _parameter(parameter: Parameter, place: str) -> Document:
    return {
        "name": parameter.name,
        "in": place,
        "required": place == "path",
        "description": parameter.summary,
        "schema": parameter.schema,
    }


def _closed(schema: Mapping[str, Any]) -> Document:
    """The same schema, refusing members that it does not name."""
    return {**schema, **({"additionalProperties": False} if "properties" in schema else {})}


def _key(view: Any) -> str:
    return repr(view)


def names(table: Sequence[Route]) -> list[str]:
    """``METHOD /path`` of each route."""
    return [f"{route.method} {route.path}" for route in table]
