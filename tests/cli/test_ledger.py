"""`dealml ledger list` and `undo`, after real imports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from dealml.project import make_project
from tests.cli.conftest import Ran

Run = Callable[..., Ran]

MAPPING = """
dealml: 1
extracted_at: 2026-01-05
extracts:
  - file: deals.csv
    into: deals
    columns: {deal_id: id, occurred_at: created, recorded_at: created}
"""


def imported(dealml: Run, folder: Path) -> list[str]:
    """The batches of a project into which two extracts were imported."""
    make_project(folder / "p")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    batches = []
    for week, rows in (("w1", "d1,2025-01-01\n"), ("w2", "d1,2025-01-01\nd2,2025-01-08\n")):
        (folder / week).mkdir()
        (folder / week / "deals.csv").write_text("id,created\n" + rows, encoding="utf-8")
        ran = dealml("import", folder / week, "--mapping", folder / "mapping.yaml", "--project", folder / "p", "--json")
        batches.append(json.loads(ran.out)["batch"])
    return batches


def test_the_batches_are_listed_in_the_order_of_their_import(dealml: Run, tmp_path: Path) -> None:
    batches = imported(dealml, tmp_path)
    ran = dealml("ledger", "list", "--project", tmp_path / "p", "--json")
    assert [(entry["batch"], entry["source"], entry["accepted"]) for entry in json.loads(ran.out)["batches"]] == [
        (batches[0], "w1", 1),
        (batches[1], "w2", 1),
    ]
    text = dealml("ledger", "list", "--project", tmp_path / "p").out
    assert text.index(batches[0][:16]) < text.index(batches[1][:16])


def test_the_last_batch_is_undone_and_an_earlier_one_is_not(dealml: Run, tmp_path: Path) -> None:
    batches = imported(dealml, tmp_path)
    refused = dealml("ledger", "undo", batches[0], "--project", tmp_path / "p")
    assert (refused.code, f"{batches[1][:16]} came after" in refused.err) == (3, True)
    ran = dealml("ledger", "undo", batches[1][:10], "--project", tmp_path / "p")
    assert (ran.code, ran.out) == (0, f"{batches[1][:16]} of w2 is gone: 1 rows, deals\n")


def test_what_is_no_batch_is_refused(dealml: Run, tmp_path: Path) -> None:
    imported(dealml, tmp_path)
    assert dealml("ledger", "undo", "xyz", "--project", tmp_path / "p").code == 2
    assert dealml("ledger", "undo", "0000", "--project", tmp_path / "p").code == 3


def test_a_dry_run_leaves_nothing_in_the_ledger(dealml: Run, tmp_path: Path) -> None:
    imported(dealml, tmp_path)
    (tmp_path / "w2" / "deals.csv").write_text("id,created\nd3,2025-01-09\n", encoding="utf-8")
    ran = dealml("import", tmp_path / "w2", "--mapping", tmp_path / "mapping.yaml", "--project", tmp_path / "p", "--dry-run")
    assert "Dry run: nothing was written." in ran.out
    assert len(json.loads(dealml("ledger", "list", "--project", tmp_path / "p", "--json").out)["batches"]) == 2
