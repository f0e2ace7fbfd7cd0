"""Batches are listed and taken out from Python as by the verbs."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealml
from dealml.project import make_project

MAPPING = """
dealml: 1
extracted_at: 2026-01-05
extracts:
  - file: deals.csv
    into: deals
    columns: {deal_id: id, occurred_at: created, recorded_at: created}
"""


def test_a_batch_is_listed_and_taken_out(tmp_path: Path) -> None:
    make_project(tmp_path / "p")
    project = dealml.open(tmp_path / "p", progress=lambda step, done, of: None)
    assert project.ledger_list().empty
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    batches = []
    for rows in ("d1,2025-01-01\n", "d1,2025-01-01\nd2,2025-01-01\n"):
        (tmp_path / "deals.csv").write_text("id,created\n" + rows, encoding="utf-8")
        batches.append(project.import_source(tmp_path, tmp_path / "mapping.yaml").batch)
    assert project.ledger_list()[["batch", "accepted"]].to_numpy().tolist() == [[batches[0], 1], [batches[1], 1]]
    with pytest.raises(dealml.InputError, match="came after"):
        project.ledger_undo(batches[0][:8])
    with pytest.raises(dealml.UsageError, match="is no batch"):
        project.ledger_undo("x")
    assert project.ledger_undo(batches[1][:8]).batch.tolist() == [batches[1]]
    assert project.ledger_list().batch.tolist() == [batches[0]]
