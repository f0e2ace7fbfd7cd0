"""Parquet files: typed columns as the texts that would be read as the same values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.importing.files import chunk
from dealml.importing.files.chunk import BROKEN, LINE, series, strings
from dealml.importing.files.header import composed
from dealml.importing.mapping.csv_form import Csv

_INSTANT = pa.timestamp("us", tz="UTC")


def parquet_columns(path: Path) -> list[str]:
    """The names of a Parquet file's columns."""
    return [composed(name) for name in _file(path).schema_arrow.names]


def parquet_chunks(path: Path, form: Csv, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The rows of a Parquet file."""
    start, file = 1, _file(path)
    instants, stored = _instants(file), {composed(name): name for name in file.schema_arrow.names}
    try:
        for batch in file.iter_batches(chunk.CHUNK, columns=[stored[name] for name in columns]):
            texts = {name: _texts(path, name, batch.column(stored[name]), stored[name] in instants, form.decimal) for name in columns}
            end = start + batch.num_rows
            yield pd.DataFrame({**texts, LINE: list(range(start, end)), BROKEN: strings([None] * batch.num_rows)})
            start = end
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}:{start}: cannot be read as Parquet ({_first_line(error)})") from error


def _file(path: Path) -> pq.ParquetFile:
    try:
        # INT96 counts nanoseconds within a day: as nanoseconds since 1970 a year such as 9999 would be another one.
        return pq.ParquetFile(path, coerce_int96_timestamp_unit="us")
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: cannot be read as Parquet ({_first_line(error)})") from error


def _instants(file: pq.ParquetFile) -> set[str]:
    """The columns of type INT96: Spark, Hive and Impala write instants in UTC with it, and the type does not say so."""
    fields = [file.schema.column(number) for number in range(len(file.schema))]
    return {field.path for field in fields if field.physical_type == "INT96"}


def _texts(path: Path, name: str, column: pa.Array, is_instant: bool, decimal: str) -> pd.Series:
    try:
        if is_instant:
            column = column.cast(_INSTANT)
        texts = pc.fill_null(column.cast(pa.large_string()), "")
    except pa.ArrowException as error:
        raise InputError(f"{path}: the column {name!r} is not text, a number or a time ({column.type})") from error
    is_number = pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
    return series(pc.replace_substring(texts, ".", decimal) if is_number and decimal != "." else texts)


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0]
