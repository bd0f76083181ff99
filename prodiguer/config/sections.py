"""Every setting of the platform, with its default and what it is for.

One frozen class a section, one line an option: the documentation, `config show`, `doctor` and
the refusal of unknown keys all come from these lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def option(default: Any, help: str) -> Any:
    """A field of a section: its default and one sentence for the manual."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSettings:
    """``[broker]``: Where messages are exchanged."""

    url: str = option("embedded:", "`embedded:`, or the scheme of an installed transport")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """``[database]``: Where state is kept."""

    url: str = option("", "`sqlite:///PATH`; empty: a file in the data directory")
    events: int = option(1_000_000, "newest events kept for live clients that come back")
    events_days: int = option(7, "days that an event is kept at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """``[smtp]``: The door for mails."""

    host: str = option("127.0.0.1", "address to listen on")
    port: int = option(2525, "port to listen on")
    account: str = option("smtp", "the user word of routing keys for mails")
    tls: str = option("", "`starttls` or empty")
    tls_certificate: str = option("", "PEM file with the certificate chain")
    tls_key: str = option("", "PEM file with the private key")
    auth: str = option("", "file with `user:scrypt-hash` lines; empty: no AUTH")
    allowed_senders: tuple[str, ...] = option((), "addresses or @domains that may send; empty: all")
    allowed_recipients: tuple[str, ...] = option(
        (), "addresses or @domains to take mail for; empty: all"
    )
    max_size: int = option(96 * 1024 * 1024, "largest mail in bytes")
    max_sessions: int = option(500, "connections at once")
    idle_timeout: int = option(60, "seconds that a connection may be silent")
    total_timeout: int = option(300, "seconds that a mail may take")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """``[web]``: The HTTP API and the pages."""

    host: str = option("127.0.0.1", "address to listen on")
    port: int = option(8080, "port to listen on")
    base_url: str = option("", "the public URL, where a proxy stands in front")
    account: str = option("http", "the user word of routing keys for messages over HTTP")
    tokens: str = option("auto", "`auto`: asked for once one exists; `required`: always asked for")
    max_body: int = option(96 * 1024 * 1024, "largest body of POST /api/v1/messages in bytes")
    rate: int = option(1000, "requests a second from one address before 429; 0: no limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSettings:
    """``[send]``: How `prodiguer send` reaches the platform."""

    channel: str = option("http", "`http` or `mail`")
    smtp: str = option("127.0.0.1:2525", "HOST:PORT of the relay or of the platform, for `mail`")
    sender: str = option("prodiguer@localhost", "the address that mails come from")
    recipient: str = option("prodiguer@localhost", "the address that mails go to")
    token_file: str = option("", "file with an API token of scope `ingest`, for `http`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration."""

    mode: str = option("prod", "`dev`, `test` or `prod`: the first word of every routing key")
    data: str = option("./prodiguer-data", "directory of the embedded broker, database and spool")
    broker: BrokerSettings = field(default_factory=BrokerSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    smtp: SmtpSettings = field(default_factory=SmtpSettings)
    web: WebSettings = field(default_factory=WebSettings)
    send: SendSettings = field(default_factory=SendSettings)
    #: Each app's own options, by app name.
    apps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
