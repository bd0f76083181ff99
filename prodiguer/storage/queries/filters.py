"""Conditions from the filters of a reader: what is not given restricts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, exists

from prodiguer.ports.queries import Span
from prodiguer.storage.schema import simulations
from prodiguer.storage.times import plain_micros

Conditions = list[ColumnElement[bool]]


def equal(wanted: Mapping[Column[Any], str | None]) -> Conditions:
    """Each column has the word that is given for it."""
    return [column == word for column, word in wanted.items() if word is not None]


def since(column: ColumnElement[Any], moment: datetime | Span | None) -> Conditions:
    """At or after a moment."""
    if moment is None:
        return []
    return [column >= plain_micros(moment.begin if isinstance(moment, Span) else moment)]


def of_visible_run(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The run that a column names is there and not deleted."""
    run = exists().where(simulations.c.uid == column, simulations.c.hidden.is_(False))
    return run.correlate_except(simulations)
