"""`dealml review --from --to`: tables, JSON, a file of all changes; and each wrong call in one line."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.conftest import Company

Run = Callable[..., Ran]
FROM_TO = ("--from", "2025-01-06", "--to", "2025-02-03", "--model", "tiny")


def test_all_of_it_as_json_and_every_change_in_a_file(dealml: Run, company: Company, tmp_path: Path) -> None:
    ran = dealml("review", *FROM_TO, "--json", "--changes", tmp_path / "changes.csv", "--project", company.project.folder)
    assert (ran.code, ran.err) == (0, "")
    report = ran.json
    total = report["total"]
    assert total["before"] + sum(total["by_category"].values()) == total["after"]
    assert (report["period"], report["currency"]) == ("2025Q1", "EUR")
    with (tmp_path / "changes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(report["moves"])
    assert sum(round(float(row["amount"]) * 100) for row in rows) == total["after"] - total["before"]
    assert {deal["kind"] for deal in report["to_inspect"]} >= {"change", "stale"}


def test_what_a_person_reads_adds_up_too(dealml: Run, company: Company) -> None:
    ran = dealml("review", *FROM_TO, "--period", "2025-02", "--project", company.project.folder)
    assert ran.code == 0
    head, _, *lines = ran.out.splitlines()
    assert head == "expected of 2025-02 in EUR: 2025-01-06 to 2025-02-03"
    table = lines[: next(index for index, line in enumerate(lines) if line.startswith("now")) + 1]
    column = -1 - len(re.split(r"\s{2,}", table[0].strip())[2:])  # of all teams together, which stand behind it
    then, *moved, now = (_money(re.split(r"\s{2,}", line.strip())[column]) for line in table)
    assert then + sum(moved) == now
    assert "to talk about first" in ran.out
    assert "Silent for " in ran.out


def _money(text: str) -> int:
    return round(float(text.replace(",", "")) * 100)


WRONG = [
    (["--from", "2025-01-06"], 2, "Missing option '--as-of'"),
    (["--to", "2025-01-06"], 2, "Missing option '--out': name the page to write; or give --from DATE"),
    ([], 2, "Missing option '--out'"),
    ([*FROM_TO, "--as-of", "2025-02-03"], 2, "--as-of: leave it out"),
    ([*FROM_TO, "--period", "2025Q5"], 2, "--period: '2025Q5' is no period; write it as 2026, 2026Q1, 2026-01, 2026W03, FY2026"),
    ([*FROM_TO, "--period", "2024Q4"], 2, "--period 2024Q4: was over on 2025-01-01, before --from"),
    ([*FROM_TO, "--changes", "c.xlsx"], 2, "end the file's name in .parquet or .csv"),
    ([*FROM_TO, "--changes", "no/c.csv"], 3, "no such folder"),
    ([*FROM_TO, "--out", "r.pdf"], 2, ".html"),
    ([*FROM_TO, "--version", "99"], 4, "no version 99"),
    ([*FROM_TO, "--from-version", "99"], 4, "no version 99"),
    (["--from", "2025-02-03", "--to", "2025-01-06"], 2, "--from: give a moment before --to"),
    (["--from", "2025-02-03", "--to", "2999-01-01"], 2, "--to: 2999-01-01 lies in the future"),
    (["--from", "last week", "--to", "2025-01-06"], 2, "--from: 'last week' is no date"),
    (["--from", "2025-01-06", "--to", "2025-02-03", "--model", "account_churn"], 2, "does not say whether deals are won"),
    (["--from", "2025-01-06", "--to", "2025-02-03", "--model", "nonsense"], 2, "no model 'nonsense'"),
]


@pytest.mark.parametrize(("words", "code", "message"), WRONG, ids=[message for *_, message in WRONG])
def test_a_wrong_call_is_one_line(
    dealml: Run, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = dealml("review", *words, "--project", company.project.folder)
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
