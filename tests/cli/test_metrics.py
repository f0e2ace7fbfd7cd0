"""`dealml metrics`: what it prints, and one line for each thing that it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dealml.importing.import_source import import_source
from dealml.project import Project, make_project
from dealml.sales_metrics import METRICS
from tests.cli.conftest import Ran
from tests.ledger_fixtures import ledger_of

Run = Callable[..., Ran]
QUARTER = ("--from", "2025-07-01", "--to", "2025-10-01")


def one_line(ran: Ran, code: int, message: str) -> None:
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert ran.err.startswith("dealml: ")
    assert ran.err.count("\n") == 1
    assert message in ran.err


def test_the_table_names_every_metric_with_its_value(dealml: Run, imported: Project) -> None:
    ran = dealml("metrics", *QUARTER, "--by", "segment", "--project", imported.folder)
    assert ran.code == 0
    assert ran.out.startswith("from 2025-07-01 until 2025-10-01, as known before ")
    assert all(metric.title in ran.out for metric in METRICS.values())
    assert "not by segment: Pipeline coverage, Quota attainment, ESAT (employee satisfaction), Time spent selling" in ran.out


def test_json_is_one_object_with_every_part(dealml: Run, imported: Project) -> None:
    report = dealml("metrics", *QUARTER, "--json", "--project", imported.folder).json
    assert {row["metric"] for row in report["metrics"]} == set(METRICS)
    rate = next(row for row in report["metrics"] if row["metric"] == "win_rate")
    assert rate["value"] == rate["parts"]["won"] / (rate["parts"]["won"] + rate["parts"]["lost"])
    assert (report["from"], report["currency"], report["by"]) == ("2025-07-01T00:00:00+00:00", "EUR", None)


def test_a_period_that_was_not_over_is_noted(dealml: Run, imported: Project) -> None:
    ran = dealml("metrics", *QUARTER, "--as-of", "2025-08-01", "--project", imported.folder)
    assert ran.code == 0
    assert ran.err == "note: the period was not over on 2025-08-01: its figures are those until then\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--from", "2025-10-01", "--to", "2025-07-01"], "--from 2025-10-01 is not before --to 2025-07-01"),
        (["--from", "2025-10-01", "--to", "2025-10-01"], "--from 2025-10-01 is not before --to 2025-10-01"),
        (["--from", "2025-10-01", "--to", "2026-02-01"], "--to 2026-02-01 is in the future: the data end on 2026-01-0"),
        ([*QUARTER, "--as-of", "2027-01-01"], "--as-of 2027-01-01 is in the future: the data end on 2026-01-0"),
        ([*QUARTER, "--as-of", "2025-07-01"], "--as-of 2025-07-01 is not after --from 2025-07-01: nothing of the period was known then"),
        ([*QUARTER, "--by", "person"], "--by person: metrics are split by segment, team, source"),
        ([*QUARTER, "--out", "m.xlsx"], "end the file's name in .parquet or .csv"),
        (["--from", "July", "--to", "2025-10-01"], "--from: 'July' is no date; write it as 2026-01-31"),
        (["--to", "2025-10-01"], "Missing option '--from'"),
    ],
)
def test_a_wrong_call(dealml: Run, imported: Project, words: list[str], message: str) -> None:
    one_line(dealml("metrics", *words, "--project", imported.folder), 2, message)


def test_an_empty_ledger(dealml: Run, tmp_path: Path) -> None:
    make_project(tmp_path / "p")
    one_line(dealml("metrics", *QUARTER, "--project", tmp_path / "p"), 3, "the ledger is empty; import an extract first")


def test_a_cross_section(dealml: Run, tmp_path: Path) -> None:
    make_project(tmp_path / "p")
    (tmp_path / "deals.csv").write_text("id,end\nd1,W\n", encoding="utf-8")
    mapping = tmp_path / "m.yaml"
    extract = "{file: deals.csv, into: outcomes, columns: {deal_id: id, outcome: {column: end, values: {W: won}}}}"
    mapping.write_text(f"dealml: 1\ncross_section: true\nextracts:\n  - {extract}\n", encoding="utf-8")
    import_source(tmp_path, mapping, Project(tmp_path / "p").ledger)
    one_line(
        dealml("metrics", *QUARTER, "--project", tmp_path / "p"), 3, "a cross-section, which has no dates; metrics of a period need facts"
    )


def _project(folder: Path, **facts: list[dict[str, Any]]) -> Path:
    make_project(folder)
    at = datetime(2025, 8, 1, tzinfo=UTC)
    clocks = {"occurred_at": at, "recorded_at": at}
    ledger_of(folder / "ledger", {name: [clocks | row for row in rows] for name, rows in facts.items()})
    return folder


def test_a_ledger_without_a_fact_that_metrics_read(dealml: Run, tmp_path: Path) -> None:
    folder = _project(tmp_path / "p", usage=[{"account_id": "a", "quantity": 1.0}])
    words = ("--from", "2025-07-01", "--to", "2025-08-01", "--project", folder)
    one_line(dealml("metrics", *words), 3, "nothing that sales metrics are made of; they need deals, deal_changes, outcomes")


def test_a_currency_without_a_rate_is_one_line(dealml: Run, tmp_path: Path) -> None:
    changes = [{"deal_id": "d", "field": "amount", "amount": 5}, {"deal_id": "d", "field": "currency", "text": "CHF"}]
    folder = _project(tmp_path / "p", deals=[{"deal_id": "d"}], deal_changes=changes, outcomes=[{"deal_id": "d", "outcome": "won"}])
    ran = dealml("metrics", "--from", "2025-07-01", "--to", "2025-08-04", "--project", folder)
    assert ran.code == 0
    line = next(line for line in ran.out.splitlines() if line.startswith("Total revenue"))
    assert "no rate of CHF was on record on the day of one of the amounts; import rates that reach back that far" in line
