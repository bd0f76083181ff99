"""The plain page at the root: where to go from here."""

from __future__ import annotations

from html import escape

from prodiguer.web.route import Answer, Call, Route

MEDIA = "text/html; charset=utf-8"

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>prodiguer</title></head>
<body>
<h1>prodiguer</h1>
<p>The platform is running. Its HTTP API is described at
<a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
<ul>
{items}
</ul>
</body>
</html>
"""


def landing(call: Call) -> Answer:
    """Links to every route that can be read as it stands."""
    readable = [route for route in call.table if route.method == "GET" and not route.path_names]
    items = "\n".join(
        f'<li><a href="{escape(route.path)}">{escape(route.path)}</a> {escape(route.summary)}</li>'
        for route in readable
    )
    return Answer(_PAGE.format(items=items).encode(), media=MEDIA)


ROUTES = (
    Route(
        path="/",
        summary="This page",
        answer=landing,
        scope=None,
        view=str,
        media=MEDIA,
        at_once=True,
    ),
)
