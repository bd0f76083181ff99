"""What keeps bad inputs out, each with the way to take exactly it away from this process.

A name is what the control checks. Each imports what it changes itself, so that a process loads
only the door that it takes something from.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

CONTROLS: dict[str, Callable[[], None]] = {}
_ANYTHING = re.compile(r".*", re.DOTALL)
_ENDLESS = sys.maxsize


def control(remove: Callable[[], None]) -> Callable[[], None]:
    CONTROLS[remove.__name__] = remove
    return remove


def nothing(*_: Any, **__: Any) -> None:
    """A check that passes everything."""


# -- the SMTP session


@control
def number_of_recipients() -> None:
    from prodiguer.ingest.smtp import session

    session.RECIPIENTS = _ENDLESS


@control
def size_of_the_text() -> None:
    from dataclasses import replace

    from prodiguer.ingest.smtp.session import MailSession

    receive = MailSession._receive

    async def unbounded(self: MailSession, incoming: Any) -> str | None:
        settings = self.reception.settings
        self.reception.settings = replace(settings, max_size=_ENDLESS)
        try:
            return await receive(self, incoming)
        finally:
            self.reception.settings = settings

    MailSession._receive = unbounded


@control
def size_that_is_announced() -> None:
    from prodiguer.ingest.smtp import grammar

    sender = grammar.sender
    grammar.sender = lambda argument, _, extended: sender(argument, 10**30, extended=extended)


@control
def end_of_the_text() -> None:
    """A dot between bare line feeds ends a mail too."""
    from prodiguer.ingest.smtp.dots import Unstuffer

    feed = Unstuffer.feed
    Unstuffer.feed = lambda self, piece: feed(self, piece.replace(b"\n.\n", b"\r\n.\r\n"))


@control
def form_of_command_lines() -> None:
    from prodiguer.ingest.smtp import conversation

    conversation._well_formed = lambda _: True


@control
def form_of_recipients() -> None:
    from prodiguer.ingest.smtp import grammar

    grammar._RECIPIENT = _ANYTHING


@control
def number_of_commands() -> None:
    from prodiguer.ingest.smtp.budget import Budget

    Budget.spend = lambda *_: True


@control
def reply_to_a_failure() -> None:
    from prodiguer.ingest.smtp.conversation import Conversation

    async def turn(self: Conversation) -> None:
        try:
            await self._obey(await self._read_line())
        except RuntimeError as error:  # as the library answers it
            await self.push(f"500 Error: ({type(error).__name__}) {error}")

    Conversation._turn = turn


# -- the reader of mails


@control
def depth_of_parts() -> None:
    from prodiguer.wire.mail import structure

    structure.DEPTH_LIMIT = _ENDLESS


@control
def number_of_parts() -> None:
    from prodiguer.wire.mail import structure

    structure.PART_LIMIT = _ENDLESS


@control
def size_of_attachments() -> None:
    from prodiguer.wire.mail import attachments

    attachments.LIMIT = _ENDLESS


@control
def alphabet_of_base64() -> None:
    from prodiguer.wire import base64_text

    decode = base64_text.decode
    base64_text.decode = lambda text: decode(base64_text._FOREIGN.sub(b"", text))


@control
def mails_that_are_no_batch() -> None:
    from prodiguer.wire.mail import reader

    reader._is_batch = lambda _: True


# -- the decoder, and what a message may say


def _decoder(**hooks: Any) -> None:
    import json

    from prodiguer.wire import strict

    usual = {
        "object_pairs_hook": strict._object,
        "parse_int": strict._integer,
        "parse_float": strict._float,
        "parse_constant": strict._constant,
    }
    strict._decoder = json.JSONDecoder(**{**usual, **hooks})


@control
def duplicate_keys() -> None:
    from prodiguer.wire import strict

    _decoder(object_pairs_hook=lambda pairs: strict._object(list(dict(pairs).items())))


@control
def integers_beyond_doubles() -> None:
    _decoder(parse_int=int)


@control
def numbers_that_are_none() -> None:
    _decoder(parse_constant=float)


@control
def depth_of_messages() -> None:
    from prodiguer.wire import strict

    strict._check_depth = nothing


@control
def escaped_nul() -> None:
    from prodiguer.wire import strict

    texts = strict._texts
    strict._texts = lambda value, path: (
        (where, text.replace("\0", "")) for where, text in texts(value, path)
    )


@control
def size_of_messages() -> None:
    from prodiguer.wire import codec

    codec.decode_object.__kwdefaults__["limit"] = _ENDLESS


@control
def codes_of_the_platform() -> None:
    from prodiguer.wire.catalog import Catalog

    Catalog.is_internal = lambda *_: False


@control
def required_fields() -> None:
    from prodiguer.wire import fields

    fields._lacks = lambda *_: False


@control
def content_of_a_known_id() -> None:
    from prodiguer.storage import inbox

    class Same(str):
        """A digest like any other."""

        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, _: object) -> bool:
            return True

        def __ne__(self, _: object) -> bool:
            return False

    first = inbox._first_contents
    inbox._first_contents = lambda connection, messages: {
        uid: (Same(digest), at) for uid, (digest, at) in first(connection, messages).items()
    }


# -- HTTP


@control
def name_of_the_server() -> None:
    from prodiguer.web import guard

    guard._name = lambda _: "localhost"


@control
def origin_of_pages() -> None:
    from prodiguer.web.guard import Guard

    check = Guard.check
    Guard.check = lambda self, host, _: check(self, host, ())


@control
def forms_of_other_sites() -> None:
    from prodiguer.web import guard

    guard.check_forgery = nothing


@control
def compressed_bodies() -> None:
    from prodiguer.web import guard

    guard.check_encoding = nothing


@control
def size_of_small_bodies() -> None:
    from prodiguer.web.limits import Limits

    Limits.__init__.__kwdefaults__["small_body"] = _ENDLESS


@control
def form_of_heads() -> None:
    from prodiguer.web import heads

    heads.check = nothing


@control
def rate_of_requests() -> None:
    from prodiguer.web.rate import Rate

    Rate.take = lambda *_: 0


@control
def scopes_of_tokens() -> None:
    from dataclasses import replace

    from prodiguer.web.auth import Doorman

    known = Doorman._known

    def almighty(self: Doorman, given: Any) -> Any:
        token = known(self, given)
        return token and replace(token, scopes=("admin",))

    Doorman._known = almighty


@control
def end_of_tokens() -> None:
    from prodiguer.web import auth

    auth.is_active = lambda *_: True


# -- the command line and the configuration


@control
def unknown_settings() -> None:
    import dataclasses

    load = import_module("prodiguer.config.load")
    build = load._build

    def known(cls: type[Any], tree: Any, prefix: str) -> Any:
        names = {field.name for field in dataclasses.fields(cls)}
        return build(cls, {key: tree[key] for key in tree if key in names}, prefix)

    load._build = known


@control
def secrets_that_others_can_read() -> None:
    from types import SimpleNamespace

    import_module("prodiguer.config.load").stat = SimpleNamespace(S_IRGRP=0, S_IROTH=0)


@control
def links_in_the_spool() -> None:
    from prodiguer.client.spool import SUFFIX, Spool

    Spool.batches = lambda self: sorted(
        path for path in self._directory.iterdir() if path.suffix == SUFFIX and path.is_file()
    )


@control
def formulas_in_csv() -> None:
    from prodiguer.cli import output

    output._FORMULA = ()


@control
def control_characters_on_a_terminal() -> None:
    from prodiguer.cli import output

    output._CONTROLS = re.compile(r"(?!)")
