"""What an import's parts share: which files fed a table, whatever the endings of their names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealml.importing.identity.workspace import Workspace, stem
from dealml.importing.mapping.load import load_mapping
from tests.importing.company_fixtures import DEALS, Company


@pytest.mark.parametrize("file", ["crm/deals.csv", "crm/deals.csv.gz", "crm/deals.parquet"])
def test_a_file_goes_by_its_name_without_endings(file: str) -> None:
    assert stem(file) == "crm/deals"


def test_batches_know_which_files_fed_a_table(company: Company, tmp_path: Path) -> None:
    both = DEALS + DEALS.split("extracts:")[1].replace("deals.csv", "more.csv").rstrip() + "\n"
    company.week("2026-01-05", DEALS, deals="id,account,created\nD1,A,2026-01-01\n")
    company.week("2026-01-12", both, deals="id,account,created\nD2,A,2026-01-01\n", more="id,account,created\nD3,A,2026-01-01\n")
    work = Workspace(company.ledger, tmp_path, datetime(2026, 1, 20, tzinfo=UTC), load_mapping(company.mapping))
    assert len(work.fed_by("deals.csv.gz", "deals")) == 2
    assert len(work.fed_by("deals.csv", "deals", alone=True)) == len(work.fed_by("more.csv", "deals")) == 1
    assert work.fed_by("deals.csv", "outcomes", "deals") == []


def test_a_query_that_needs_more_memory_gets_it_and_the_next_one_has_as_much_as_before(company: Company, tmp_path: Path) -> None:
    company.week("2026-01-05", DEALS, deals="id,account,created\nD1,A,2026-01-01\n")
    work = Workspace(company.ledger, tmp_path, datetime(2026, 1, 20, tzinfo=UTC), load_mapping(company.mapping))
    work.con.execute("SET memory_limit = '1MB'")
    assert work.number("SELECT len(list_sort(list(i))) FROM range(1_000_000) t(i)") == 1_000_000
    assert work.number("SELECT current_setting('memory_limit') LIKE '152.5 %'") == 1
