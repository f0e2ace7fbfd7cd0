"""The score database: SQLite by default, PostgreSQL by URL; whatever fails there is one line that hides the password."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import URL, Column, MetaData, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from dealml.errors import SetupError
from dealml.settings import with_driver

LOCK_SECONDS = 120
"""How long one run waits for another that writes the same SQLite file."""
CACHE_KIB = 131_072
"""Of SQLite's pages in memory. Ids of scores come in no order: with SQLite's own 2 MiB each new one reads and writes a page."""

_CREATION_LOCKS = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(6021)"}
"""Statements that wait for other processes; the number is arbitrary, and the same in all of them."""


@contextmanager
def database(url: str) -> Iterator[Engine]:
    """An engine on the score database, closed in the end.

    Raises
    ------
    SetupError
        When the database cannot be reached, read or written.
    """
    engine = _engine(url)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise SetupError(f"scores.url: the database at {engine.url.render_as_string()} failed: {str(error).splitlines()[0]}") from error
    finally:
        engine.dispose()


def create_tables(engine: Engine, *schemas: MetaData) -> None:
    """Create the tables that are missing, one process at a time: else two could both see none, and the second would fail."""
    with engine.begin() as connection:
        connection.exec_driver_sql(_CREATION_LOCKS[engine.name])
        for schema in schemas:
            schema.create_all(connection)


def append(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add rows whose keys are not there yet, and say how many."""
    return append_columns(connection, table, {column.name: [row[column.name] for row in rows] for column in table.columns})


def append_columns(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> int:
    """The same for rows that come as columns: values are converted column by column, and the driver takes all rows at once.

    SQLAlchemy's own way through dictionaries takes several times as long as the writing.
    """
    if not any(columns.values()):
        return 0
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.engine.name]
    statement = insert(table).on_conflict_do_nothing(index_elements=[column.name for column in table.primary_key])
    compiled = statement.compile(dialect=connection.dialect)
    names = list(compiled.positiontup or table.columns.keys())
    rows = list(zip(*(_converted(connection, table.columns[name], columns[name]) for name in names), strict=True))
    values = rows if compiled.positional else [dict(zip(names, row, strict=True)) for row in rows]
    return int(connection.execution_options(preserve_rowcount=True).exec_driver_sql(compiled.string, values).rowcount)


def _converted(connection: Connection, column: Column[Any], values: Sequence[Any]) -> Sequence[Any]:
    """Values of a column as the driver takes them."""
    convert = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return [convert(value) for value in values] if convert else values


def in_utc(moment: datetime) -> datetime:
    """SQLite keeps no time zone; what was written was in UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(with_driver(url))
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise SetupError(f"scores.url: {parsed.render_as_string()} is neither SQLite nor PostgreSQL")
        return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else create_engine(parsed, json_serializer=_json)
    except (SQLAlchemyError, ImportError) as error:
        raise SetupError(
            f"scores.url: cannot be used ({str(error).splitlines()[0]}); write it as postgresql://user@host/database"
        ) from error


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS}, json_serializer=_json)
    event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}"))
    return engine


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
