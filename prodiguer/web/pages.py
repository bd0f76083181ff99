"""The pages for people: a closed list of paths, all of them the one shell, and its files.

Which view a path shows is decided in the browser; the server only knows which paths there are.
"""

from __future__ import annotations

from html import escape

from prodiguer.web.problems import nothing_here
from prodiguer.web.reply import Reply
from prodiguer.web.route import Answer, Call, Route
from prodiguer.web.shelf import Sheet, Shelf

MEDIA = "text/html; charset=utf-8"

#: Asked again each time: the shell names the files that belong to it.
_FRESH = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
#: The name of a file changes with its content.
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}

_NOT_BUILT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Prodiguer</title></head>
<body>
<h1>Prodiguer</h1>
<p>The platform is running. Its pages were not built into this installation:
run <code>make frontend</code> in a checkout, or install a wheel that has them,
and start the server again.</p>
<p>The HTTP API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
<ul>
{items}
</ul>
</body>
</html>
"""


def shell(call: Call) -> Answer:
    """The one document of all pages."""
    sheet = call.shelf.sheets.get("index.html")
    return _sent(call, sheet, _FRESH) if sheet else _plain(call)


def for_the_lost(shelf: Shelf, path: str, accepts: str) -> Reply | None:
    """The shell, which says that there is no such page, to a person whose address is mistyped.

    Args:
        shelf: None comes back where it is empty.
        path: of the request; what programs ask for is answered as a problem.
        accepts: the header Accept: a browser that opens an address names HTML.
    """
    sheet = shelf.sheets.get("index.html")
    if sheet is None or path.startswith("/api/") or "text/html" not in accepts.lower():
        return None
    return Reply(404, {"Vary": "Accept", "Content-Type": MEDIA}, sheet.plain.content)


def asset(call: Call) -> Answer:
    """A script, a style or an image that the shell names."""
    return _sent(call, _found(call, f"assets/{call.path['name']}"), _FOR_EVER)


def icon(call: Call) -> Answer:
    """The icon of the pages."""
    return _sent(call, _found(call, "favicon.svg"), _FRESH)


def _found(call: Call, name: str) -> Sheet:
    sheet = call.shelf.sheets.get(name)
    if sheet is None:
        raise nothing_here()
    return sheet


def _sent(call: Call, sheet: Sheet, headers: dict[str, str]) -> Answer:
    pressed = sheet.pressed if call.gzip else None
    form = pressed or sheet.plain
    return Answer(
        form.content,
        media=sheet.media,
        tag=form.tag,
        encoding="gzip" if pressed else None,
        headers=headers,
    )


def _plain(call: Call) -> Answer:
    readable = [r for r in call.table if r.method == "GET" and not (r.path_names or r.for_people)]
    items = "\n".join(
        f'<li><a href="{escape(route.path)}">{escape(route.path)}</a> {escape(route.summary)}</li>'
        for route in readable
    )
    return Answer(_NOT_BUILT.format(items=items).encode(), media=MEDIA)


def _page(path: str, summary: str) -> Route:
    return Route(
        path=path,
        summary=summary,
        answer=shell,
        scope=None,
        media=MEDIA,
        at_once=True,
        for_people=True,
    )


ROUTES = (
    _page("/", "Page: the list of runs"),
    _page("/simulations/{uid}", "Page: a run"),
    _page("/dead-letters", "Page: dead letters"),
    _page("/platform", "Page: queues, doors, mails"),
    Route(
        path="/assets/{name}",
        summary="A file of the pages; its name changes with its content",
        answer=asset,
        scope=None,
        at_once=True,
        for_people=True,
    ),
    Route(
        path="/favicon.svg",
        summary="The icon of the pages",
        answer=icon,
        scope=None,
        media="image/svg+xml",
        at_once=True,
        for_people=True,
    ),
)
