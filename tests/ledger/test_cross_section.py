"""Sources without dates: facts before the snapshot, the outcome after it, and never mixed with dates."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from dealml.errors import InputError
from dealml.importing.files import chunk
from dealml.ledger.cross_section import END, FACTS_AT, HORIZON_DAYS, OUTCOME_AT, SNAPSHOT_AT
from tests.importing.company_fixtures import DEALS, Company

HEAD = "dealml: 1\ncross_section: true\n"
UNDATED = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id}
        attributes:
          size: {column: size, type: number}
          reason: {column: why, known: never}
      - file: deals.csv
        into: outcomes
        where: {end: {empty: false}}
        columns: {deal_id: id, outcome: {column: end, values: {W: won, L: lost}}, reason: why}
    """
NAMELESS = UNDATED.replace("deal_id: id", "deal_id: {row: content}")
ACCOUNTS = """
    extracts:
      - file: accounts.csv
        into: subscriptions
        columns: {account_id: id, event: what}
    """


def undated(company: Company, rows: str, mapping: str = UNDATED) -> Any:
    """Import deals without dates."""
    company.maps(mapping, HEAD)
    company.has("id,size,why,end\n" + rows)
    return company.imports()


def test_the_moments_stand_in_the_order_that_the_rule_needs() -> None:
    assert FACTS_AT < SNAPSHOT_AT < OUTCOME_AT < END == SNAPSHOT_AT + timedelta(days=HORIZON_DAYS)
    assert (SNAPSHOT_AT.weekday(), SNAPSHOT_AT.time().isoformat()) == (0, "00:00:00")  # where weekly snapshots are taken


def test_facts_stand_before_the_snapshot_and_the_outcome_after(company: Company) -> None:
    undated(company, "d1,3,price,L\nd2,4,,W\nd3,5,,\n")
    assert company.ledger.is_cross_section
    for table, at in (("deals", FACTS_AT), ("deal_changes", FACTS_AT), ("outcomes", OUTCOME_AT)):
        assert {(f["occurred_at"], f["recorded_at"]) for f in company.facts(table)} == {(at, at)}
    assert sorted(company.column("deal_id", "outcomes")) == ["d1", "d2"]
    assert set(company.column("field", "deal_changes")) == {"size"}


def test_what_became_of_a_subscription_stands_after_and_its_start_before(company: Company) -> None:
    company.maps(ACCOUNTS, HEAD)
    company.has("id,what\na1,start\na1,renewal\na2,start\na2,cancellation\na3,expansion\n", "accounts.csv")
    company.imports()
    late = {f["event"] for f in company.facts("subscriptions") if f["recorded_at"] == OUTCOME_AT}
    early = {f["event"] for f in company.facts("subscriptions") if f["recorded_at"] == FACTS_AT}
    assert (early, late) == ({"start", "expansion"}, {"renewal", "cancellation"})


@pytest.mark.parametrize("dated_first", [True, False])
def test_dates_and_a_cross_section_never_mix(company: Company, dated_first: bool) -> None:
    def dated() -> Any:
        company.maps(DEALS)
        company.has("id,account,created\nd1,a,2025-01-01\n")
        return company.imports()

    imports = [dated, lambda: undated(company, "d9,1,,W\n")]
    first, second = imports if dated_first else imports[::-1]
    first()
    before = company.bytes()
    with pytest.raises(InputError, match="a project of its own") as caught:
        second()
    assert caught.value.exit_code == 3
    assert company.bytes() == before
    assert first().already_imported


def test_a_later_file_settles_what_was_open_and_adds_deals(company: Company) -> None:
    undated(company, "d1,3,,\n")
    report = undated(company, "d1,3,,W\nd2,4,,L\n")
    assert [(c.accepted, c.duplicates) for c in report.counts] == [(1, 1), (2, 0)]
    assert sorted(company.column("deal_id")) == ["d1", "d2"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [("d1,3,,W\nd1,4,,W\n", "deal_changes: d1, size: told twice"), ("d1,3,,W\nd1,3,,L\n", "outcomes: d1: told twice")],
)
def test_a_deal_that_is_told_twice_and_differently(company: Company, rows: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        undated(company, rows)
    assert company.ledger.tables == []
    first, second = rows.splitlines(keepends=True)
    undated(company, first)
    before = company.bytes()
    with pytest.raises(InputError, match=said):
        undated(company, second)
    assert company.bytes() == before


def test_a_row_without_an_id_is_known_by_its_content(company: Company) -> None:
    undated(company, ",3,price,L\n,3,price,L\n,4,,W\n", NAMELESS)
    deals, outcomes = company.column("deal_id"), company.facts("outcomes")
    assert len(set(deals)) == 3
    assert {f["deal_id"] for f in outcomes} == set(deals)
    sizes = {f["deal_id"]: f["number"] for f in company.facts("deal_changes")}
    assert sorted((sizes[f["deal_id"]], f["outcome"]) for f in outcomes) == [(3, "lost"), (3, "lost"), (4, "won")]
    report = undated(company, ",4,,W\n,3,price,L\n", NAMELESS)
    assert report.total("accepted") == 0


def test_ids_by_content_are_the_same_whatever_the_order(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f",{n % 5},{n % 3},{'WL'[n % 2]}" for n in range(60)]
    undated(company, "\n".join(rows) + "\n", NAMELESS)
    ids, digest = set(company.column("deal_id")), company.ledger.digest
    assert len(ids) == 60
    monkeypatch.setattr(chunk, "CHUNK", 7)
    other = Company(company.source.parent / "other")
    other.maps(NAMELESS, HEAD)
    turned = [",".join(row.split(",")[::-1]) for row in random.Random(3).sample(rows, len(rows))]
    other.has("end,why,size,id\n" + "\n".join(turned) + "\n")
    other.imports()
    assert set(other.column("deal_id")) == ids
    assert other.ledger.digest == digest
