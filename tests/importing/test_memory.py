"""Hostile files stay within bounds: a line without end, and rows that all contradict each other."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from dealml.importing.files.chunk import BROKEN
from dealml.importing.identity import workspace
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.read import read_chunks
from tests.importing.company_fixtures import Company

ROWS = 30_000
MEBIBYTE = 1 << 20


def test_a_line_that_unpacks_to_64_mebibytes_takes_a_few(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.csv.gz", "wb", compresslevel=1) as file:
        file.write(b"id,owner\nd1,Anna\n")
        for _ in range(64):
            file.write(b"a" * MEBIBYTE)
        file.write(b"\nd2,Bela\n")
    tracemalloc.start()
    try:
        rows = [row for chunk in read_chunks(tmp_path / "bomb.csv.gz", Csv()) for row in chunk[["id", BROKEN]].to_numpy().tolist()]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [(name, isinstance(broken, str)) for name, broken in rows] == [("d1", False), ("", True), ("d2", False)]
    assert peak < 16 * MEBIBYTE


def test_rows_that_contradict_each_other_wait_on_disk(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory is as small for these rows as an import's is for two million."""
    monkeypatch.setattr(workspace, "MEMORY", "60MB")
    monkeypatch.setattr(workspace, "MORE_MEMORY", ("60MB",))
    company.has("id,account,created\n" + "".join(f"deal-{n // 2},{'account' * 200}-{n},2025-01-01\n" for n in range(ROWS)))
    report = company.imports()
    assert (report.total("quarantined"), report.quarantined_kinds) == (ROWS, {"contradiction": ROWS})
    assert (
        report.quarantine[0]["reason"] == "differs from row 3, which is of the same record; 'latest: COLUMN' would say which is the later"
    )
