"""The AMQP properties that travel beside a body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Properties(NamedTuple):
    """AMQP 0-9-1 basic properties that the platform uses.

    A tuple, as publications and deliveries are: one is made for every message at every step.
    """

    message_id: str | None = None
    type: str | None = None
    app_id: str | None = None
    user_id: str | None = None
    #: Whole seconds since the epoch.
    timestamp: int | None = None
    content_type: str | None = "application/json"
    content_encoding: str | None = "utf-8"
    #: 2 is persistent.
    delivery_mode: int | None = 2
    priority: int | None = 4
    headers: Mapping[str, Any] = {}  # nobody writes into it
