"""The version of the score database's tables, in a table of one row."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, inspect, select
from sqlalchemy.engine import Connection, Engine

from dealml.errors import SetupError
from dealml.scoring.database import append

STORE_VERSION = 1
"""Raise it when a table changes so that an older dealml would read it wrongly."""

VERSION_SCHEMA = MetaData()
_VERSIONS = Table(
    "store_version", VERSION_SCHEMA, Column("store", String(50), primary_key=True), Column("version", Integer, nullable=False)
)
_STORE = "dealml"


def check_version(engine: Engine) -> None:
    """Refuse a database that a newer dealml wrote. One without a version is of version 1.

    Raises
    ------
    SetupError
        When the version is newer than this dealml knows.
    """
    if not inspect(engine).has_table(_VERSIONS.name):
        return
    with engine.connect() as connection:
        version = connection.execute(select(_VERSIONS.c.version).where(_VERSIONS.c.store == _STORE)).scalar()
    if version is not None and version > STORE_VERSION:
        raise SetupError(
            f"scores.url: the score database is of version {version}, and this dealml reads up to version {STORE_VERSION}; upgrade dealml"
        )


def mark_version(connection: Connection) -> None:
    """Write the version into a database that has none, in the transaction of what else is written."""
    append(connection, _VERSIONS, [{"store": _STORE, "version": STORE_VERSION}])
