"""What is missing from a full extract was deleted; a file that has lost most of its records is refused."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from tests.importing.company_fixtures import Company

FULL = """
    extracts:
      - file: deals.csv
        into: deals
        full: true
        where: {stage: open}
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
    """
HEAD = "id,created,stage\n"


def full(company: Company, at: str, ids: str, mapping: str = FULL) -> None:
    """Import a full extract of deals, each by a letter; a capital is one that `where` takes."""
    rows = "".join(f"{id_.upper()},2026-01-01,{'open' if id_.isupper() else 'closed'}\n" for id_ in ids)
    company.week(at, mapping, deals=HEAD + rows)


def events(company: Company) -> list[tuple[object, ...]]:
    """Every record event with the day of its recording."""
    return [(row[0], row[1], row[3]) for row in company.days("record_events", "record_id", "event")]


def test_a_deal_that_is_missing_was_deleted_and_one_that_where_drops_was_not(company: Company) -> None:
    full(company, "2026-03-01", "ABCD")
    full(company, "2026-03-08", "AbC")
    full(company, "2026-03-15", "AbC")
    assert events(company) == [("D", "deleted", "2026-03-08")]
    full(company, "2026-03-22", "ABCDE")
    assert events(company) == [("D", "deleted", "2026-03-08"), ("D", "restored", "2026-03-22")]


def test_what_a_file_brought_before_it_was_declared_full_counts(company: Company) -> None:
    full(company, "2026-03-01", "ABC", FULL.replace("full: true", "full: false"))
    full(company, "2026-03-08", "AB")
    assert events(company) == [("C", "deleted", "2026-03-08")]


def test_another_file_into_the_same_table_has_its_own_records(company: Company) -> None:
    other = FULL + FULL.split("extracts:")[1].replace("deals.csv", "more.csv").replace("full: true", "full: false").rstrip() + "\n"
    for at in ("2026-03-01", "2026-03-08"):
        company.week(at, other, deals=HEAD + "A,2026-01-01,open\n", more=HEAD + "B,2026-01-01,open\n")
    full(company, "2026-03-15", "A")
    assert events(company) == []


def test_a_row_that_cannot_be_read_deletes_nobody(company: Company) -> None:
    full(company, "2026-03-01", "ABC")
    company.week("2026-03-08", FULL, deals=HEAD + "A,2026-01-01,open\nB,2026-01-01,open\nC,2026-01-01\n")
    assert events(company) == []
    full(company, "2026-03-15", "AB")
    assert events(company) == [("C", "deleted", "2026-03-15")]


def test_a_file_that_shrank_by_more_than_half_is_refused(company: Company) -> None:
    full(company, "2026-03-01", "ABCDE")
    with pytest.raises(InputError, match=r"^deals.csv: holds 2 records where the extract before held 5, and 'full: true' says"):
        full(company, "2026-03-08", "AB")
    with pytest.raises(InputError, match=r"^deals.csv: holds 0 records where the extract before held 5"):
        full(company, "2026-03-08", "")
    assert events(company) == []
    full(company, "2026-03-15", "ABC")
    assert [id_ for id_, *_ in events(company)] == ["D", "E"]


def test_an_empty_full_extract_is_refused_the_first_time_too(company: Company) -> None:
    with pytest.raises(InputError, match=r"^deals.csv: holds no record, and 'full: true'"):
        full(company, "2026-03-08", "")
