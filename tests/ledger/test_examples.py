"""The examples' mappings take the real files as they are, and account for every row."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dealml.ledger.importing import Report, import_source
from dealml.ledger.ledger import Ledger

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DEALML_SHARED_DATA", ROOT.parent / "shared" / "data"))


def imported(name: str, example: str, folder: Path) -> tuple[Report, Ledger]:
    """A real set, imported by its example's mapping."""
    if not (DATA / name).is_dir():
        pytest.skip(f"the shared set {name} is not there: {DATA / name}")
    ledger = Ledger(folder)
    return import_source(DATA / name, ROOT / "examples" / example / "mapping.yaml", ledger), ledger


def counts(report: Report) -> dict[str, tuple[int, int, int, int]]:
    """Of each table: rows in, accepted, quarantined, duplicates."""
    return {c.into: (c.rows_in, c.accepted, c.quarantined, c.duplicates) for c in report.counts}


def table(ledger: Ledger, name: str) -> Any:
    """All facts of a table."""
    return pq.read_table(ledger.files(name))


def test_online_retail(tmp_path: Path) -> None:
    report, ledger = imported("online_retail", "online_retail", tmp_path)
    assert counts(report) == {
        "accounts": (402_731, 4_336, 0, 398_395),
        "account_changes": (402_731, 22_589, 0, 380_142),
        "purchases": (402_731, 396_280, 0, 6_451),
    }
    assert {c.not_selected for c in report.counts} == {100_207}
    purchases = table(ledger, "purchases")
    assert pc.sum(purchases["value"]).as_py() == Decimal("8011453.8640")
    assert pc.min_max(purchases["occurred_at"]).as_py() == {
        "min": datetime(2009, 12, 1, 7, 45, tzinfo=UTC),
        "max": datetime(2010, 11, 30, 19, 35, tzinfo=UTC),
    }
    returned = pc.less(purchases["quantity"], 0)
    assert pc.all(pc.equal(returned, pc.starts_with(purchases["order_id"], "C"))).as_py()
    assert purchases["quantity"].null_count == purchases["value"].null_count == purchases["order_id"].null_count == 0
    assert "Unspecified" not in table(ledger, "account_changes")["text"].to_pylist()


def test_friofrio(tmp_path: Path) -> None:
    report, ledger = imported("friofrio_b2b", "friofrio", tmp_path)
    assert counts(report) == {"deals": (7_149, 7_149, 0, 0), "outcomes": (7_149, 7_149, 0, 0), "accounts": (7_149, 1_299, 0, 5_850)}
    outcomes = table(ledger, "outcomes")
    tally = {row["values"]: row["counts"] for row in outcomes["outcome"].value_counts().to_pylist()}
    assert tally == {"won": 3_565, "lost": 3_584}
    changes = table(ledger, "deal_changes").to_pylist()
    extracted = datetime(2018, 12, 29, tzinfo=UTC)
    early = {change["field"] for change in changes if change["recorded_at"] < extracted}
    assert early == {"region", "territory", "country", "deal_type", "currency"}
    never = {"amount", "approved", "close_date", "delivery_start", "delivery_month", "last_modified_by", "trf"}
    assert not never & {change["field"] for change in changes}


def test_bpic2012(tmp_path: Path) -> None:
    report, _ = imported("bpic2012_loan", "bpic2012", tmp_path)
    assert counts(report) == {
        "deals": (13_087, 13_087, 0, 0),
        "outcomes": (12_688, 12_688, 0, 0),
        "deal_changes": (60_849, 60_849, 0, 0),
        "offers": (31_244, 31_244, 0, 0),
        "activities": (170_107, 170_107, 0, 0),
    }
