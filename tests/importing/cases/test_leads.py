"""Leads are records like deals: they have attributes and activities, come back, are merged and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import tables_at
from dealml.importing.report import ImportReport
from dealml.moment_parsing import to_moment
from tests.importing.company_fixtures import Company

LEADS = """
    extracts:
      - file: leads.csv
        into: leads
        FULL
        columns: {lead_id: id, event: {constant: created}, account_id: company, occurred_at: came, recorded_at: came}
        attributes:
          title: title
          country: {column: country, known: created}
    """
EVENTS = """
      - file: events.csv
        into: leads
        columns: {lead_id: lead, event: what, deal_id: deal, account_id: company, occurred_at: at, recorded_at: at}
    """
CALLS = """
      - file: calls.csv
        into: activities
        columns: {lead_id: lead, activity: {constant: call}, occurred_at: at, recorded_at: at}
    """
DEALS = """
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
    """


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def mapped(*parts: str, full: bool = False) -> str:
    return "".join((LEADS, *parts)).replace("        FULL\n", "        full: true\n" if full else "")


def notes(report: ImportReport) -> dict[str, int]:
    return {note.kind: note.count for note in report.notes}


def refused(report: ImportReport) -> list[tuple[Any, Any]]:
    return [(row["value"], row["kind"]) for row in report.quarantine]


def at(company: Company, table: str, day: str) -> list[dict[str, Any]]:
    con = connect()
    tables = tables_at(con, company.ledger, to_moment(day))
    return sorted(con.to_pyarrow(tables[table]).to_pylist(), key=lambda row: str(row["occurred_at"]))


def test_attributes_are_known_from_the_extract_or_from_the_beginning(company: Company) -> None:
    company.week("2025-03-01", mapped(), leads="id,company,came,title,country\nL1,,2025-01-05,CEO,PL\n")
    company.week("2025-03-08", mapped(), leads="id,company,came,title,country\nL1,,2025-01-05,CFO,PL\n")
    assert company.days("lead_changes", "field", "text") == [
        ("country", "PL", "2025-01-05", "2025-01-05"),
        ("title", "CEO", "2025-03-01", "2025-03-01"),
        ("title", "CFO", "2025-03-08", "2025-03-08"),
    ]


def test_a_company_that_is_filled_in_later_was_not_known_before(company: Company) -> None:
    for day, row in (("2025-03-01", "L1,,2025-01-05"), ("2025-03-08", "L1,a1,2025-01-05"), ("2025-03-15", "L1,a1,2025-01-05")):
        company.week(day, mapped(), leads=f"id,company,came,title,country\n{row},,\n")
    assert company.days("leads", "account_id") == [("a1", "2025-01-05", "2025-03-08"), (None, "2025-01-05", "2025-01-05")]


def test_a_lead_that_comes_back_keeps_its_id_and_its_past(company: Company) -> None:
    leads = "id,company,came,title,country\nL1,,2025-01-05,,\n"
    events = "lead,what,deal,company,at\nL1,touched,,,2025-01-06\nL1,disqualified,,,2025-02-01\nL1,recycled,,,2025-02-20\n"
    for day in ("2025-03-01", "2025-03-08"):
        report = company.week(day, mapped(EVENTS), leads=leads, events=events)
    assert report.total("accepted") == 0
    assert [row["event"] for row in at(company, "leads", "2025-03-09")] == ["created", "touched", "disqualified", "recycled"]


def test_a_deal_that_an_event_is_given_later_is_news_of_the_extract(company: Company) -> None:
    leads = "id,company,came,title,country\nL1,,2025-01-05,,\n"
    for day, deal in (("2025-03-01", ""), ("2025-03-08", "d1"), ("2025-03-15", "d1")):
        company.week(day, mapped(EVENTS), leads=leads, events=f"lead,what,deal,company,at\nL1,converted,{deal},,2025-02-01\n")
    converted = [row for row in company.days("leads", "event", "deal_id") if row[0] == "converted"]
    assert converted == [("converted", "d1", "2025-02-01", "2025-03-08"), ("converted", None, "2025-02-01", "2025-02-01")]


def test_two_companies_of_one_lead_in_one_extract_are_refused(company: Company) -> None:
    leads = "id,company,came,title,country\nL1,a1,2025-01-05,,\nL1,a2,2025-01-05,,\nL2,a1,2025-01-05,,\n"
    report = company.week("2025-03-01", mapped(), allow_quarantine=True, leads=leads)
    assert refused(report) == [("L1", "contradiction")] * 2
    assert company.column("lead_id", "leads") == ["L2"]
    events = "lead,what,deal,company,at\nL2,qualified,,a1,2025-02-01\nL2,qualified,,a3,2025-02-01\nL2,touched,,a1,2025-02-01\n"
    report = company.week("2025-03-08", mapped(EVENTS), allow_quarantine=True, leads=leads[:30] + "L2,a1,2025-01-05,,\n", events=events)
    assert refused(report) == [("L2", "contradiction")] * 2


def test_conversions_that_make_no_sense_are_counted_and_stay(company: Company) -> None:
    leads = "id,company,came,title,country\nL1,,2025-01-05,,\nL2,,2025-01-05,,\nL3,,2025-01-05,,\n"
    events = "lead,what,deal,company,at\nL1,converted,d1,,2025-01-04\nL2,converted,d9,,2025-01-09\nL3,converted,d1,,2025-01-05\n"
    report = company.week("2025-03-01", mapped(EVENTS, DEALS), leads=leads, events=events, deals="id,created\nd1,2025-01-09\n")
    assert notes(report) == {"conversion_before_creation": 1, "conversion_without_deal": 1}
    assert len(company.facts("leads")) == 6


def test_calls_of_a_lead_that_is_missing_wait_for_it(company: Company) -> None:
    leads, calls = "id,company,came,title,country\nL1,,2025-01-05,,\n", "lead,at\nL1,2025-01-06\nL2,2025-01-07\n"
    report = company.week("2025-03-01", mapped(CALLS), allow_quarantine=True, leads=leads, calls=calls)
    assert refused(report) == [("L2", "orphan")]
    report = company.week("2025-03-08", mapped(CALLS), leads=leads + "L2,,2025-01-06,,\n", calls="lead,at\n")
    assert notes(report) == {"orphan_came_in": 1}
    assert sorted(company.column("lead_id", "activities")) == ["L1", "L2"]


def test_a_lead_that_a_full_extract_lacks_is_gone_until_it_is_back(company: Company) -> None:
    both = "id,company,came,title,country\nL1,,2025-01-05,,\nL2,,2025-01-06,,\n"
    for day, leads in (("2025-03-01", both), ("2025-03-08", both[:-18]), ("2025-03-15", both)):
        company.week(day, mapped(full=True), leads=leads)
    assert company.days("record_events", "record_id", "kind", "event") == [
        ("L2", "lead", "deleted", "2025-03-08", "2025-03-08"),
        ("L2", "lead", "restored", "2025-03-15", "2025-03-15"),
    ]
    there = {day: [row["lead_id"] for row in at(company, "leads", day)] for day in ("2025-03-07", "2025-03-14", "2025-03-16")}
    assert there == {"2025-03-07": ["L1", "L2"], "2025-03-14": ["L1"], "2025-03-16": ["L1", "L2"]}


MERGES = """
      - file: merges.csv
        into: record_events
        columns: {record_id: old, into_id: new, kind: {constant: lead}, event: {constant: merged}, occurred_at: at, recorded_at: at}
    """


@pytest.mark.parametrize(("second", "ends"), [("touched", []), ("disqualified", ["disqualified", "disqualified"])])
def test_leads_that_are_merged_into_a_new_one_leave_it_open_where_one_was(company: Company, second: str, ends: list[str]) -> None:
    company.week(
        "2025-03-01",
        mapped(EVENTS, MERGES),
        leads="id,company,came,title,country\nL1,,2025-01-05,,\nL2,,2025-01-06,,\n",
        events=f"lead,what,deal,company,at\nL1,disqualified,,,2025-02-01\nL2,{second},,,2025-01-30\n",
        merges="old,new,at\nL1,L9,2025-02-10\nL2,L9,2025-02-10\n",
    )
    events = [(row["lead_id"], row["event"]) for row in at(company, "leads", "2025-02-11")]
    assert {lead for lead, _ in events} == {"L9"}
    assert [event for _, event in events if event == "disqualified"] == ends


def test_a_merged_lead_has_the_calls_of_both_and_is_not_closed_by_its_duplicate(company: Company) -> None:
    company.week(
        "2025-03-01",
        mapped(EVENTS, CALLS, MERGES),
        leads="id,company,came,title,country\nL1,a1,2025-01-05,,\nL2,a2,2025-01-06,,\n",
        events="lead,what,deal,company,at\nL1,disqualified,,,2025-02-01\nL1,touched,,,2025-01-30\n",
        calls="lead,at\nL1,2025-01-07\nL2,2025-01-08\n",
        merges="old,new,at\nL1,L2,2025-02-10\n",
    )
    assert [row["lead_id"] for row in at(company, "activities", "2025-02-09")] == ["L1", "L2"]
    assert [row["lead_id"] for row in at(company, "activities", "2025-02-11")] == ["L2", "L2"]
    events = [(row["lead_id"], row["event"], row["account_id"]) for row in at(company, "leads", "2025-02-11")]
    assert events == [("L2", "created", None), ("L2", "created", "a2"), ("L2", "touched", None)]


def test_two_companies_of_one_lead_in_two_files_are_refused(company: Company) -> None:
    leads, other = "id,company,came,title,country\nL1,a1,2025-01-05,,\nL2,a2,2025-01-05,,\n", "id,company,came\nL1,a9,2025-01-05\n"
    more = """
      - file: more.csv
        into: leads
        columns: {lead_id: id, event: {constant: created}, account_id: company, occurred_at: came, recorded_at: came}
    """
    report = company.week("2025-03-01", mapped(more), allow_quarantine=True, leads=leads, more=other)
    assert refused(report) == [("L1", "contradiction")] * 2
    assert company.column("lead_id", "leads") == ["L2"]


def test_a_full_extract_that_is_imported_late_changes_nothing_afterwards(company: Company) -> None:
    rows = {"2025-03-01": "L1,a1,2025-01-05,CEO,PL\n", "2025-03-08": "L1,a2,2025-01-05,CTO,PL\n", "2025-03-15": "L1,a1,2025-01-05,CFO,PL\n"}
    for day in ("2025-03-01", "2025-03-15", "2025-03-08"):
        company.week(day, mapped(full=True), leads="id,company,came,title,country\n" + rows[day])
    there = [at(company, "leads", day)[-1]["account_id"] for day in ("2025-03-07", "2025-03-14", "2025-03-16")]
    assert there == ["a1", "a2", "a1"]
    titles = [(row[1], row[3]) for row in company.days("lead_changes", "field", "text") if row[0] == "title"]
    assert titles == [("CEO", "2025-03-01"), ("CFO", "2025-03-15"), ("CTO", "2025-03-08")]
