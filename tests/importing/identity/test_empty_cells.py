"""An empty cell of today's values says nothing where another file of the import has the value, in whatever order the files stand."""

from __future__ import annotations

import itertools

import pytest

from tests.importing.company_fixtures import Company

EXTRACT = """
      - file: {}.csv
        into: deals
        columns: {{deal_id: id, occurred_at: made, recorded_at: made}}
        attributes: {{amount: {{column: amount, type: amount}}}}"""
HEAD = "id,made,amount\n"
FILES = {"one": HEAD + "D1,2026-01-02,10\nD2,2026-01-02,20\n", "two": HEAD + "D1,2026-01-02,\nD2,2026-01-02,20\n"}


@pytest.mark.parametrize("names", [*itertools.permutations(FILES)])
def test_it_clears_nothing_and_is_no_news_every_week(company: Company, names: tuple[str, ...]) -> None:
    mapping = "\n    extracts:" + "".join(map(EXTRACT.format, names)) + "\n"
    reports = [company.week(f"2026-01-{day}", mapping, **FILES) for day in ("05", "12")]
    assert company.days("deal_changes", "deal_id", "amount") == [
        ("D1", 10, "2026-01-05", "2026-01-05"),
        ("D2", 20, "2026-01-05", "2026-01-05"),
    ]
    assert (reports[1].total("accepted"), reports[1].total("quarantined")) == (0, 0)


def test_what_all_files_show_empty_was_cleared(company: Company) -> None:
    mapping = "\n    extracts:" + "".join(map(EXTRACT.format, FILES)) + "\n"
    company.week("2026-01-05", mapping, **FILES)
    company.week("2026-01-12", mapping, one=FILES["two"], two=FILES["two"])
    assert ("D1", None, "2026-01-12", "2026-01-12") in company.days("deal_changes", "deal_id", "amount")
