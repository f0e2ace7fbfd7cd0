"""A record that says something else at the same clocks is news of the extract."""

from __future__ import annotations

import pytest

from tests.importing.company_fixtures import DEALS, Company

HEAD = "id,account,created\n"


@pytest.mark.parametrize("mapping", [DEALS, DEALS.replace(", recorded_at: created", "")])
def test_a_deal_that_moved_to_another_account_is_news_once_and_so_is_its_return(company: Company, mapping: str) -> None:
    for day, account in (("05", "A"), ("12", "B"), ("19", "B"), ("26", "A"), ("27", "A")):
        company.week(f"2026-01-{day}", mapping, deals=HEAD + f"D1,{account},2026-01-01\n")
    first = "2026-01-01" if "recorded_at" in mapping else "2026-01-05"
    assert company.days("deals", "account_id") == [
        ("A", "2026-01-01", first),
        ("A", "2026-01-01", "2026-01-26"),
        ("B", "2026-01-01", "2026-01-12"),
    ]


def test_a_deal_with_another_time_of_creation_is_a_fact_as_it_stands(company: Company) -> None:
    company.week("2026-01-05", DEALS, deals=HEAD + "D1,A,2026-01-01\n")
    company.week("2026-01-12", DEALS, deals=HEAD + "D1,A,2026-01-02\n")
    assert company.days("deals", "account_id") == [("A", "2026-01-01", "2026-01-01"), ("A", "2026-01-02", "2026-01-02")]
