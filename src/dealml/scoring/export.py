"""Writing tables to files: Parquet or CSV, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from dealml.errors import InputError, UsageError
from dealml.files import atomic_write

FORMULA = r"^[=+\-@\t\r\n]"
NUMBER = r"^[+-]?[0-9.]+(e[+-]?[0-9]+)?$"
"""Texts that a spreadsheet takes for formulas, and those among them that are numbers and do no harm."""


def write_table(path: Path, schema: pa.Schema, batches: Iterable[pa.Table]) -> int:
    """Write batches to a Parquet or CSV file, by its ending, and say how many rows."""
    rows = 0
    with table_writer(path, schema) as write:
        for batch in batches:
            write(batch)
            rows += batch.num_rows
    return rows


@contextmanager
def table_writer(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """Write a Parquet or CSV file batch by batch; it takes its name when all are written, and not when anything fails.

    In a CSV file lists are flattened to numbered columns, and texts that a spreadsheet would take
    for a formula are led by an apostrophe.
    """
    check_destination(path)
    writer = _parquet_writer if path.suffix == ".parquet" else _csv_writer
    with atomic_write(path) as part, writer(part, schema) as write:
        yield write


def check_destination(path: Path) -> None:
    """See that a table can be written here, before anything is computed.

    Raises
    ------
    UsageError
        When the name ends in neither .parquet nor .csv.
    InputError
        When the folder does not exist, or the file is one.
    """
    if path.suffix not in (".parquet", ".csv"):
        raise UsageError(f"{path}: end the file's name in .parquet or .csv")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent}: no such folder; make it first")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file")


@contextmanager
def _parquet_writer(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield lambda batch: writer.write_table(batch.cast(schema))


@contextmanager
def _csv_writer(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    flat = flat_schema(schema)
    with pa.csv.CSVWriter(path, flat) as writer:
        yield lambda batch: writer.write_table(flattened(batch, flat))


MOST_FLATTENED = 8


def flat_schema(schema: pa.Schema) -> pa.Schema:
    """The schema with each list of structs as numbered columns."""
    fields = []
    for field in schema:
        if pa.types.is_list(field.type):
            singular = field.name.removesuffix("s")
            fields += [
                pa.field(f"{singular}_{n}_{part.name}", part.type) for n in range(1, MOST_FLATTENED + 1) for part in field.type.value_type
            ]
        else:
            fields.append(field)
    return pa.schema(fields)


def flattened(table: pa.Table, flat: pa.Schema) -> pa.Table:
    """A table in its flat schema, with formulas made harmless."""
    import pyarrow.compute as pc

    columns = []
    for field in table.schema:
        column = table[field.name].combine_chunks()
        if pa.types.is_list(field.type):
            for index in range(MOST_FLATTENED):
                item = pc.list_element(pc.list_slice(column, 0, MOST_FLATTENED, return_fixed_size_list=True), index)
                columns += [_harmless(pc.struct_field(item, part.name)) for part in field.type.value_type]
        else:
            columns.append(_harmless(column))
    return pa.Table.from_arrays(columns, schema=flat)


def _harmless(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    risky = pc.and_(pc.match_substring_regex(column, FORMULA), pc.invert(pc.match_substring_regex(column, NUMBER)))
    return pc.if_else(risky, pc.binary_join_element_wise(pa.scalar("'", column.type), column, pa.scalar("", column.type)), column)
