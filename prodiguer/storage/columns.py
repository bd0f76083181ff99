"""The kinds of columns that both databases keep alike.

On SQLite the tables are STRICT, so that a text in a column of integers is refused there as it is
by PostgreSQL; STRICT knows only INTEGER, REAL, TEXT and BLOB, hence the variants.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, LargeBinary, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import TypeCompiler


class Flag(Boolean):
    """True or false: a BOOLEAN, but for SQLite, where it is INTEGER 0 or 1."""

    cache_ok = True


@compiles(Flag, "sqlite")
def _flag_on_sqlite(_type: Flag, _compiler: TypeCompiler, **_more: Any) -> str:
    return "INTEGER"


#: A whole number of 64 bits; also microseconds since the epoch.
Whole = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
Real: Double[float] = Double().with_variant(sqlite.REAL(), "sqlite")


def text(name: str, *, null: bool = False, **more: Any) -> Column[str]:
    """Text of any length; JSON is kept as text too, since both databases then keep it alike."""
    return Column(name, Text, nullable=null, **more)


def whole(name: str, *, null: bool = False, **more: Any) -> Column[int]:
    """A whole number."""
    return Column(name, Whole, nullable=null, **more)


def time(name: str, *, null: bool = False) -> Column[int]:
    """A time in microseconds since 1970-01-01T00:00:00Z."""
    return Column(name, Whole, nullable=null)


def real(name: str, *, null: bool = False) -> Column[float]:
    """A number of double precision."""
    return Column(name, Real, nullable=null)


def flag(name: str, default: str) -> Column[bool]:
    """True or false; ``default`` is ``0`` or ``1``."""
    return Column(name, Flag(), nullable=False, server_default=default)


def blob(name: str) -> Column[bytes]:
    """Bytes as they came."""
    return Column(name, LargeBinary, nullable=False)


def number() -> Column[int]:
    """The key of a table that grows: never given twice, so that it can be a cursor."""
    return Column("number", Whole, primary_key=True, autoincrement=True)
