"""The few things that the two databases do differently, each in one function.

`Write` is the hot path: a statement that SQLAlchemy compiles once and that then goes to the
driver with all rows at once. SQLite runs it row by row in C; psycopg2 would send one round trip
a row, so there all rows go into one statement.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from prodiguer.storage.failures import translation
from prodiguer.storage.json_text import encode

#: An insert of either database; both have the same methods for conflicts.
Insert = sqlite.Insert
Row = tuple[Any, ...]
#: What to do on a conflict.
Rule = Callable[[Insert], Insert]

_VALUES = re.compile(r"VALUES \((?:%\(\w+\)s(?:, )?)+\)")


def insert(dialect: Dialect, table: Table) -> Insert:
    """An insert that can say what to do on a conflict."""
    if dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]  # alike in all that we use
    return sqlite.insert(table)


class Write:
    """An insert of many rows, each a tuple in the order of ``columns`` (the table's own order)."""

    def __init__(self, table: Table, columns: Sequence[str], rule: Rule) -> None:
        if [c.name for c in table.columns if c.name in set(columns)] != list(columns):
            raise ValueError(f"{table.name}: columns must stand in the order of the table")
        self._table = table
        self._columns = list(columns)
        self._rule = rule
        self._compiled: dict[str, str] = {}

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> int:
        """How many rows were inserted or updated; sorted they are by whoever calls."""
        if not rows:
            return 0
        sql = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        if connection.dialect.name == "postgresql":
            return _in_one_statement(connection, sql, rows)
        return connection.exec_driver_sql(sql, list(rows)).rowcount

    def _compile(self, dialect: Dialect) -> str:
        statement = self._rule(insert(dialect, self._table).inline())
        sql = str(statement.compile(dialect=dialect, column_keys=self._columns))
        if dialect.name == "postgresql":
            sql = _VALUES.sub("VALUES %s", sql, count=1)
        self._compiled[dialect.name] = sql
        return sql


def _in_one_statement(connection: Connection, sql: str, rows: Sequence[Row]) -> int:
    extras = importlib.import_module("psycopg2.extras")  # only sites with PostgreSQL have it
    cursor = connection.connection.cursor()
    with translation(), closing(cursor):
        extras.execute_values(cursor, sql, rows, page_size=len(rows))
        return int(cursor.rowcount)


def nothing(statement: Insert) -> Insert:
    """On a conflict the row that is there stays."""
    return statement.on_conflict_do_nothing()


def replacing(columns: Sequence[str], keys: Sequence[str], steady: Collection[str] = ()) -> Rule:
    """On a conflict of the keys all other columns take the new values, but for ``steady`` ones."""

    def rule(statement: Insert) -> Insert:
        kept = {*keys, *steady}
        news = {name: statement.excluded[name] for name in columns if name not in kept}
        return statement.on_conflict_do_update(index_elements=list(keys), set_=news)

    return rule


# --- sets of keys as one parameter: no limit of variables, one statement for all sizes -----------


def as_list(values: Iterable[Any]) -> str:
    """Texts, or rows of values, as the parameter of `texts` and `rows`."""
    return encode(list(values))


def texts(dialect: Dialect, name: str) -> Select[Any]:
    """The texts that the parameter ``name`` (of `as_list`) holds."""
    if dialect.name == "postgresql":
        array = cast(bindparam(name), postgresql.JSONB)
        return select(func.jsonb_array_elements_text(array).table_valued("value").c.value)
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def each_text(dialect: Dialect, name: str) -> str:
    """The same for SQL that is written out: a table ``NAME`` with the column ``value``."""
    if dialect.name == "postgresql":
        return f"jsonb_array_elements_text(CAST(:{name} AS jsonb)) AS {name}(value)"
    return f"json_each(:{name}) AS {name}"


def rows(dialect: Dialect, name: str, types: Sequence[type]) -> Select[Any]:
    """The rows that the parameter ``name`` (of `as_list`) holds, each of these types."""
    if dialect.name == "postgresql":
        array = cast(bindparam(name), postgresql.JSONB)
        value = func.jsonb_array_elements(array).table_valued("value").c.value
        return select(*(_item(value, i, type_) for i, type_ in enumerate(types)))
    value = func.json_each(bindparam(name)).table_valued("value").c.value
    return select(*(func.json_extract(value, text(f"'$[{i}]'")) for i in range(len(types))))


def _item(value: ColumnElement[Any], place: int, type_: type) -> ColumnElement[Any]:
    """One item of a JSON array of PostgreSQL."""
    return cast(value.op("->>")(text(str(place))), BigInteger if type_ is int else Text)


# --- locks beyond rows --------------------------------------------------------------------------


def lock_words(connection: Connection, words: Iterable[str]) -> None:
    """Keep other writers that name one of these words out until commit.

    On SQLite there is one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        for word in sorted(set(words)):
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(word, 0))))
