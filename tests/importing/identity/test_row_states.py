"""Two rows of one deal in a file, of which only the outcomes say that they differ."""

from __future__ import annotations

import pytest

from tests.importing.company_fixtures import Company

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals{latest}
        columns: {{deal_id: id, occurred_at: created, recorded_at: created}}
      - file: deals.csv
        into: outcomes{latest}
        where: {{stage: [Won, Lost]}}
        columns: {{deal_id: id, outcome: {outcome}, occurred_at: closed, recorded_at: closed}}
    """
BY_STAGE = "{column: stage, values: {Won: won, Lost: lost}}"
HEADER = "id,created,stage,closed,changed\n"
ROWS = "D1,2025-01-05,Won,2025-01-20,2025-01-20\nD1,2025-01-05,Open,,2025-01-21\nD2,2025-01-05,Open,,2025-01-05\n"


@pytest.mark.parametrize("outcome", [BY_STAGE, "{constant: won}"], ids=["by the stage", "constant"])
def test_won_and_open_rows_of_a_deal_are_both_refused(outcome: str, company: Company) -> None:
    company.maps(MAPPING.format(latest="", outcome=outcome))
    company.has(HEADER + ROWS)
    refused = sorted((str(row["into"]), row["row"], row["kind"]) for row in company.imports().quarantine)
    assert refused == [("deals", 2, "contradiction"), ("deals", 3, "contradiction"), ("outcomes", 2, "contradiction")]
    assert (company.column("deal_id"), company.facts("outcomes")) == (["D2"], [])


def test_the_latest_row_says_the_state(company: Company) -> None:
    company.maps(MAPPING.format(latest="\n        latest: changed", outcome=BY_STAGE))
    company.has(HEADER + ROWS)
    assert (company.imports().quarantine, company.facts("outcomes")) == ([], [])


def test_rows_of_a_deal_in_one_state_are_one(company: Company) -> None:
    company.maps(MAPPING.format(latest="", outcome=BY_STAGE))
    company.has(HEADER + ROWS.replace("Open,,2025-01-21", "Won,2025-01-20,2025-01-21"))
    assert (company.imports().quarantine, company.column("deal_id", "outcomes")) == ([], ["D1"])


def test_an_outcome_of_a_deal_on_record_is_refused_where_another_row_is_open(company: Company) -> None:
    mapping = MAPPING.format(latest="", outcome=BY_STAGE).replace(
        "      - file: deals.csv\n        into: outcomes",
        """\
        attributes: {{stage: stage}}
      - file: deals.csv
        into: outcomes""".format(),
    )
    company.week("2025-02-01", mapping, deals="id,created,stage,closed\nD1,2025-01-05,Open,\n")
    rows = "id,created,stage,closed\nD1,2025-01-05,Won,2025-02-03\nD1,2025-01-05,Open,\n"
    report = company.week("2025-02-08", mapping, allow_quarantine=True, deals=rows)
    assert sorted((str(row["into"]), row["row"]) for row in report.quarantine) == [("deals", 2), ("deals", 3), ("outcomes", 2)]
    assert company.facts("outcomes") == []
