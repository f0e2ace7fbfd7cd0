"""Which facts are new: neither in the ledger, nor repeated, nor an old value observed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.importing.mapping.extract import Extract
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import CHANGES_OF, TABLES
from dealml.ledger.sql import literal

MEMORY = "1GB"


class Deduplicator:
    """Reads the facts of one extract after the other, and keeps the new ones.

    Facts wait in Parquet files, so that memory stays bounded however long the extracts are.

    Parameters
    ----------
    ledger
        What is on record already.
    folder
        An empty folder to work in.
    extracted_at
        When values without a clock of their own were seen.
    """

    def __init__(self, ledger: Ledger, folder: Path, extracted_at: datetime) -> None:
        self._ledger, self._folder, self._extracted_at = ledger, folder, extracted_at
        self._incoming: dict[int, dict[str, list[Path]]] = {}
        self._new_files: dict[str, list[Path]] = {}
        self._con = duckdb.connect(config={"memory_limit": MEMORY, "threads": 2, "temp_directory": str(folder)})
        self._con.execute("SET TimeZone = 'UTC'")
        self._con.execute("SET preserve_insertion_order = false")

    def add(self, number: int, by_table: dict[str, pa.Table]) -> None:
        """Take in a chunk of an extract: facts of each table with their `row`."""
        for name, facts in by_table.items():
            files = self._incoming.setdefault(number, {}).setdefault(name, [])
            files.append(self._folder / f"in-{number}-{name}-{len(files)}.parquet")
            pq.write_table(facts, files[-1], compression="none")

    def sift(self, number: int, extract: Extract) -> int:
        """Keep the new facts of an extract. Returns the number of rows with a new fact."""
        incoming = self._incoming.pop(number, {})
        if extract.keep == "first" and extract.into in incoming:
            incoming = {extract.into: [self._first(extract.into, incoming[extract.into])]}
        fresh = [self._sift(name, incoming[name], extract) for name in sorted(incoming)]
        for path in (path for files in incoming.values() for path in files):
            path.unlink()
        return self._number(f'SELECT count(DISTINCT "row") FROM {_files(fresh)}') if fresh else 0

    def tables(self) -> Iterator[tuple[str, pa.RecordBatchReader]]:
        """The new facts of each table, in an order that does not depend on the order of files and rows."""
        for name, files in sorted(self._new_files.items()):
            if self._number(f"SELECT count(*) FROM {_files(files)}"):
                schema = TABLES[name].schema
                yield name, pa.RecordBatchReader.from_batches(schema, self._ordered(name, files, schema))

    def require_one_value_each(self) -> None:
        """Refuse an entity with two different rows, which a cross-section cannot hold.

        Raises
        ------
        InputError
            Naming the first one.
        """
        for name in sorted({"deals", "accounts", "outcomes", *CHANGES_OF.values()} & self._new_files.keys()):
            entity = TABLES[name].entity
            key = f"{entity}, field" if name in CHANGES_OF.values() else entity
            contradictions = self._con.sql(_TWICE.format(key=key, stored=self._stored_facts(name))).fetchall()
            if contradictions:
                what = ", ".join(str(part) for part in contradictions[0])
                raise InputError(f"{name}: {what}: told twice, and differently; a cross-section tells it once, so mend the source")

    def _ordered(self, name: str, files: Sequence[Path], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        query = f"SELECT * FROM {_files(files)} ORDER BY {_columns(name)}"
        for batch in self._con.sql(query).to_arrow_reader(100_000):
            yield batch.select(schema.names).cast(schema)

    def _number(self, query: str) -> int:
        return int(self._con.sql(query).fetchall()[0][0])

    def _stored_facts(self, name: str) -> str:
        """The facts that are stored already, in the ledger or from earlier extracts of this import, as a table in SQL."""
        if paths := [*self._ledger.files(name), *self._new_files.get(name, [])]:
            return _files(paths)
        self._con.register(f"no_{name}", TABLES[name].empty)
        return f"no_{name}"

    def _sift(self, name: str, incoming: list[Path], extract: Extract) -> Path:
        columns = _columns(name)
        query = _NEW.format(columns=columns, incoming=_files(incoming), stored=self._stored_facts(name))
        if name in CHANGES_OF.values():
            clashes = _CLASHES if extract.into in CHANGES_OF else "false"
            query = _NEWS.format(
                new=query,
                stored=self._stored_facts(name),
                columns=columns,
                entity=TABLES[name].entity,
                clashes=clashes,
                seen=literal(self._extracted_at),
            )
        new_files = self._new_files.setdefault(name, [])
        path = self._folder / f"kept-{name}-{len(new_files)}.parquet"
        self._con.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet)")
        new_files.append(path)
        return path

    def _first(self, name: str, incoming: list[Path]) -> Path:
        path = self._folder / f"first-{incoming[0].name}"
        query = _FIRST.format(entity=TABLES[name].entity, incoming=_files(incoming), stored=self._stored_facts(name), order=_columns(name))
        self._con.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet)")
        return path


def _columns(name: str) -> str:
    # The clocks first: as an order, it puts facts as they happened.
    names = [column.name for column in TABLES[name].columns]
    return ", ".join(f'"{column}"' for column in sorted(names, key=lambda column: (column not in _CLOCKS, names.index(column))))


_CLOCKS = ("occurred_at", "recorded_at")


def _files(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(map(literal, paths))}])"


# Each fact once, with the first row that has it, unless it is stored already.
_NEW = """
    SELECT {columns}, min("row") AS "row"
    FROM (SELECT {columns}, "row", false AS is_held FROM {incoming} UNION ALL SELECT {columns}, NULL, true FROM {stored})
    GROUP BY {columns} HAVING NOT bool_or(is_held)"""

# Of each entity the first fact, unless an earlier one is held.
_FIRST = """
    SELECT * FROM {incoming} AS i
    WHERE NOT EXISTS (SELECT 1 FROM {stored} AS h WHERE h.{entity} = i.{entity} AND h.occurred_at <= i.occurred_at)
    QUALIFY row_number() OVER (PARTITION BY {entity} ORDER BY {order}, "row") = 1"""

# What has a sequence is a history, dates or not.
_TWICE = """SELECT {key} FROM {stored} WHERE "sequence" IS NULL GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"""

# A current value that a later extract shows unchanged is no news; a value that differs from the last one is.
_NEWS = """
    WITH fresh AS ({new}), held AS (SELECT * FROM {stored}),
    known AS (SELECT DISTINCT {entity}, field, occurred_at, recorded_at, "sequence" FROM held),
    dated AS (
        SELECT fresh.* REPLACE (if({clashes}, {seen}, fresh.occurred_at) AS occurred_at,
                                if({clashes}, {seen}, fresh.recorded_at) AS recorded_at)
        FROM fresh LEFT JOIN known ON fresh.{entity} = known.{entity} AND fresh.field = known.field
            AND fresh.occurred_at = known.occurred_at AND fresh.recorded_at = known.recorded_at
            AND fresh."sequence" IS NOT DISTINCT FROM known."sequence"),
    last AS (
        SELECT {entity}, field,
               arg_max(struct_pack("text", "number", amount, moment),
                       struct_pack(recorded_at, occurred_at, "sequence", "text", "number", amount, moment)) AS value
        FROM held WHERE recorded_at <= {seen} GROUP BY ALL)
    SELECT dated.* FROM dated LEFT JOIN last USING ({entity}, field)
    WHERE NOT (dated.recorded_at = {seen} AND dated.occurred_at = {seen} AND last.value IS NOT NULL
               AND struct_pack("text", "number", amount, moment) IS NOT DISTINCT FROM last.value)"""

# What an attribute is now said to have been at a moment for which another value is on record
# was not known then: it is news of the extract.
_CLASHES = "(known.field IS NOT NULL)"
