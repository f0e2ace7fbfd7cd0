"""A stage without a place in the declared order ends the import, unless it is one that ends a deal."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from dealml.importing.report import ImportReport
from tests.importing.company_fixtures import Company

HISTORY = """
    extracts:
      - file: history.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes:
          stage: {column: step, order: [Open, Offer]}
      - file: closed.csv
        into: outcomes
        columns: {deal_id: id, outcome: {column: result, values: {Gained: won, Gone: lost}}, occurred_at: at, recorded_at: at}
    """
OPEN = "id,at,step\nD1,2025-01-02,Open\nD1,2025-01-05,Offer\n"


def imported(company: Company, history: str, action: str = "refuse", closed: str = "") -> ImportReport:
    """Import a history of stages."""
    company.maps(HISTORY)
    company.has(history, "history.csv")
    company.has("id,at,result\n" + closed, "closed.csv")
    return company.imports(settings=ImportSettings(actions={"unlisted_stage": action}))  # type: ignore[dict-item]


def test_listed_stages_are_imported(company: Company) -> None:
    assert imported(company, OPEN).total("accepted") == 2


def test_unlisted_stages_are_all_named_with_their_counts(company: Company) -> None:
    with pytest.raises(InputError) as error:
        imported(company, OPEN + "D2,2025-01-05,Demo\nD3,2025-01-05,Demo\nD4,2025-01-06,Legal\n")
    assert str(error.value) == (
        f"{company.mapping}:9: extracts.0.attributes.stage.order: 3 × unlisted_stage: 'Demo' (2 rows, first history.csv:4), "
        "'Legal' (1 row, first history.csv:6): is not listed by order; "
        "[imports] unlisted_stage in dealml.toml says what becomes of such rows"
    )
    assert company.ledger.tables == []


def test_a_stage_that_the_mapping_turns_into_an_outcome_needs_no_place(company: Company) -> None:
    assert imported(company, OPEN + "D1,2025-02-01,Gained\n").total("accepted") == 3


def test_nor_does_the_stage_of_a_deal_that_is_closed(company: Company) -> None:
    assert imported(company, OPEN + "D1,2025-02-01,Closed Won\n", closed="D1,2025-02-01,Gained\n").total("accepted") == 4


def test_a_stage_before_the_end_needs_one(company: Company) -> None:
    with pytest.raises(InputError, match="'Demo'"):
        imported(company, OPEN + "D1,2025-01-20,Demo\n", closed="D1,2025-02-01,Gained\n")


@pytest.mark.parametrize(("action", "stages"), [("count", 3), ("quarantine", 2)])
def test_they_can_be_counted_or_quarantined(company: Company, action: str, stages: int) -> None:
    report = imported(company, OPEN + "D2,2025-01-05,Demo\n", action)
    assert len(company.facts("deal_changes")) == stages
    assert {note.kind: note.count for note in report.notes} | report.quarantined_kinds == {"unlisted_stage": 1}


def test_what_is_on_record_already_is_not_judged_again(company: Company) -> None:
    imported(company, OPEN + "D2,2025-01-05,Demo\n", "count")
    assert imported(company, OPEN + "D2,2025-01-05,Demo\nD3,2025-01-05,Open\n").total("accepted") == 1
