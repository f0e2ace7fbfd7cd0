"""Typed columns become the texts that are read as the same values."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dealml.importing.files.parquet_file import parquet_chunks
from dealml.importing.mapping.csv_form import Csv


def test_int96_holds_instants(tmp_path: Path) -> None:
    times = pa.array([datetime(2026, 1, 5, 9), datetime(1969, 12, 31, 1), None], pa.timestamp("us"))
    pq.write_table(pa.table({"t": times}), tmp_path / "t.parquet", use_deprecated_int96_timestamps=True)
    (chunk,) = parquet_chunks(tmp_path / "t.parquet", Csv(), ["t"])
    assert chunk["t"].tolist() == ["2026-01-05 09:00:00.000000Z", "1969-12-31 01:00:00.000000Z", ""]


def test_numbers_have_the_decimal_sign_of_the_mapping(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [0.5, 2.0], "text": ["0.5", ""]}), tmp_path / "t.parquet")
    (chunk,) = parquet_chunks(tmp_path / "t.parquet", Csv(decimal=","), ["n", "text"])
    assert (chunk["n"].tolist(), chunk["text"].tolist()) == (["0,5", "2"], ["0.5", ""])
