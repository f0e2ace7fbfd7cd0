"""Attributes with several values at once: split cells, and rows that continue the one above."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest

from dealml.errors import InputError
from tests.importing.company_fixtures import Company

TODAY = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {tag: {column: tags, split: ";"KNOWN}, owner: owner}
    """
CONTINUED = """
    csv: {continues: id}
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {tag: tags, owner: owner}
    """
HISTORY = """
    extracts:
      - file: history.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {tag: {column: tags, split: ";"}}
    """
HEAD = "id,at,tags,owner\n"


def sets(company: Company, field: str = "tag") -> list[tuple[str, list[str | None]]]:
    """The sets of a deal's values by the day of their recording."""
    by_day = defaultdict(list)
    for row in company.days("deal_changes", "field", "text"):
        if row[0] == field:
            by_day[row[3]].append(row[1])
    return sorted(by_day.items())


def weeks(company: Company, mapping: str, *cells: str, file: str = "deals", row: str = "D1,2026-01-01,{},Anna") -> list[tuple[int, int]]:
    """Import an extract a week; the accepted and duplicate rows of each."""
    counts = []
    for week, cell in enumerate(cells):
        company.week(f"{date(2026, 2, 1) + timedelta(weeks=week)}", mapping, **{file: HEAD + row.format(cell) + "\n"})
        (report,) = [company.imports(dry_run=True)]
        counts.append((report.total("accepted"), report.total("duplicates")))
    return counts


def test_each_piece_is_a_fact_trimmed_and_once(company: Company) -> None:
    weeks(company, TODAY.replace("KNOWN", ""), "Hot; Export;;Hot; ")
    assert sets(company) == [("2026-02-01", ["Export", "Hot"])]
    assert [fact["text"] for fact in company.facts("deal_changes") if fact["field"] == "owner"] == ["Anna"]


@pytest.mark.parametrize("known", ["", ", known: created"])
def test_a_set_is_news_only_where_it_differs_also_by_a_piece_that_has_gone(company: Company, known: str) -> None:
    weeks(company, TODAY.replace("KNOWN", known), "Hot;Export", "Export;Hot", "Hot", "", "")
    first = "2026-01-01" if known else "2026-02-01"
    assert sets(company) == [(first, ["Export", "Hot"]), ("2026-02-15", ["Hot"]), ("2026-02-22", [None])]


def test_a_history_of_sets_that_is_written_over_is_news_once(company: Company) -> None:
    weeks(company, HISTORY, "Hot;Export", "Export;Hot", "Hot", "Hot", file="history")
    assert sets(company) == [("2026-01-01", ["Export", "Hot"]), ("2026-02-15", ["Hot"])]


def test_two_rows_of_a_history_with_other_sets_at_once_contradict_each_other(company: Company) -> None:
    company.maps(HISTORY)
    company.has(
        HEAD + "D1,2026-01-01,Hot;Export,\nD1,2026-01-01,Export; Hot,\nD2,2026-01-01,Hot;Export,\nD2,2026-01-01,Hot,\n", "history.csv"
    )
    assert [row["row"] for row in company.imports().quarantine] == [4, 5]


def test_rows_that_continue_the_one_above_make_sets_too(company: Company) -> None:
    def rows(*tags: str) -> str:
        return "\n".join([f"{tags[0]},Anna", *(f",,{tag}," for tag in tags[1:])])

    texts = [rows("Hot", "Export"), rows("Export", "Hot"), rows("Hot", "Cold", "Export"), rows("Cold")]
    weeks(company, CONTINUED, *texts, row="D1,2026-01-01,{}")
    assert sets(company) == [("2026-02-01", ["Export", "Hot"]), ("2026-02-15", ["Cold", "Export", "Hot"]), ("2026-02-22", ["Cold"])]
    assert sets(company, "owner") == [("2026-02-01", ["Anna"])]


def test_a_piece_that_cannot_be_read_refuses_its_row_and_values_hold_for_each(company: Company) -> None:
    company.maps(TODAY.replace("KNOWN", ", values: {H: Hot, E: Export}, order: [Export, Hot]"))
    company.has(HEAD + "D1,2025-01-01,H;E,\nD2,2025-01-01,H;X;Y,\n")
    assert [(row["row"], row["value"], row["reason"]) for row in company.imports().quarantine] == [(3, "H;X;Y", "expected one of E, H")]
    assert sorted((f["text"], f["number"]) for f in company.facts("deal_changes")) == [("Export", 1.0), ("Hot", 2.0)]


def test_latest_takes_the_set_of_the_latest_row(company: Company) -> None:
    company.maps(TODAY.replace("KNOWN", "").replace("into: deals\n", "into: deals\n        latest: owner\n"))
    company.has(HEAD + "D1,2025-01-01,Hot;Export,1\nD1,2025-01-01,Cold,2\n")
    assert company.imports().total("duplicates") == 1
    assert [fact["text"] for fact in company.facts("deal_changes") if fact["field"] == "tag"] == ["Cold"]


def test_an_event_of_several_texts_is_several_facts(company: Company) -> None:
    company.maps(
        """
    extracts:
      - file: calls.csv
        into: activities
        columns: {deal_id: deal, activity: {constant: call}, contact_id: {column: people, split: ","}, occurred_at: at, recorded_at: at}
    """
    )
    company.has('deal,people,at\nD1,"c1, c2",2025-01-01\nD1,,2025-01-02\n', "calls.csv")
    report = company.imports()
    assert (report.total("rows_in"), report.total("accepted")) == (2, 2)
    assert sorted(company.column("contact_id", "activities"), key=str) == [None, "c1", "c2"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("deal_id: id", 'deal_id: {column: id, split: ";"}', "deal_id is none"),
        ('split: ";"', 'split: ";", type: number', "tag is none"),
        ("dealml: 1", "dealml: 1\ncross_section: true", "a cross-section has one value of each attribute; leave it out"),
    ],
)
def test_what_cannot_be_split_is_refused(company: Company, old: str, new: str, problem: str) -> None:
    text = "dealml: 1\n" + TODAY.replace("KNOWN", "").replace("\n    ", "\n")
    company.mapping.write_text(
        text.replace(old, new).replace(", occurred_at: at, recorded_at: at", "" if "cross" in new else ", occurred_at: at")
    )
    with pytest.raises(InputError, match=rf"mapping\.yaml:\d+: .*{problem}"):
        company.imports()
