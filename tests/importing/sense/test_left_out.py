"""Tables of records of which rows were left out on purpose."""

from __future__ import annotations

from dealml.importing.report import ExtractCounts
from dealml.importing.sense.left_out import tables_with_rows_left_out
from tests.importing.company_fixtures import Company


def test_they_are_those_of_this_import_and_of_earlier_ones(company: Company) -> None:
    counts = [ExtractCounts("a.csv", "accounts", not_selected=2), ExtractCounts("c.csv", "contacts"), ExtractCounts("u.csv", "usage", 3)]
    assert tables_with_rows_left_out(company.ledger, counts) == {"accounts"}
