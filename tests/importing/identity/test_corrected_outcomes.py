"""A file with one row for each deal writes its close dates over: that is a correction, no second win."""

from __future__ import annotations

from tests.importing.company_fixtures import Company

DEALS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
      - file: deals.csv
        into: outcomes
        where: {status: [won, lost]}
        columns: {deal_id: id, outcome: status, occurred_at: closed, recorded_at: closed}
    """
HEAD = "id,created,status,closed\n"


def week(company: Company, at: str, *rows: str) -> None:
    """Import a week of deals, each with its status and the day in January on which it closed."""
    lines = (f"{id_},2026-01-01,{status},2026-01-{day}\n" for id_, status, day in map(str.split, rows))
    company.week(at, DEALS, deals=HEAD + "".join(lines))


def outcomes(company: Company, deal: str = "D1") -> list[tuple[object, ...]]:
    """The outcomes of a deal with the days of both clocks."""
    return [row[1:] for row in company.days("outcomes", "deal_id", "outcome") if row[0] == deal]


def test_another_date_is_a_correction_recorded_at_the_extract_once(company: Company) -> None:
    week(company, "2026-02-01", "D1 won 20", "D2 lost 10")
    week(company, "2026-02-08", "D1 won 22", "D2 lost 10", "D3 won 30")
    week(company, "2026-02-15", "D1 won 22", "D2 lost 10", "D3 won 30")
    assert outcomes(company) == [("won", "2026-01-20", "2026-01-20"), ("won", "2026-01-22", "2026-02-08")]
    assert outcomes(company, "D2") == [("lost", "2026-01-10", "2026-01-10")]
    assert outcomes(company, "D3") == [("won", "2026-01-30", "2026-01-30")]


def test_an_extract_of_new_closings_alone_corrects_nothing(company: Company) -> None:
    week(company, "2026-02-01", "D1 won 20", "D2 lost 10", "D3 lost 10")
    week(company, "2026-02-08", "D1 won 22")
    assert outcomes(company) == [("won", "2026-01-20", "2026-01-20"), ("won", "2026-01-22", "2026-01-22")]


def test_another_outcome_of_the_same_day_was_not_known_then(company: Company) -> None:
    week(company, "2026-02-01", "D1 lost 20", "D2 lost 10")
    week(company, "2026-02-08", "D1 won 20", "D2 lost 10")
    week(company, "2026-02-15", "D1 won 20", "D2 lost 10")
    assert outcomes(company) == [("lost", "2026-01-20", "2026-01-20"), ("won", "2026-01-20", "2026-02-08")]


def test_another_outcome_of_a_later_day_stands_as_it_is(company: Company) -> None:
    week(company, "2026-02-01", "D1 lost 20", "D2 lost 10")
    week(company, "2026-02-08", "D1 won 25", "D2 lost 10")
    assert outcomes(company) == [("lost", "2026-01-20", "2026-01-20"), ("won", "2026-01-25", "2026-01-25")]
