"""Facts of batches that were written before their table got a column are read together with those that have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.ledger.digest import sums_of
from dealml.ledger.fact_files import stored_facts
from dealml.ledger.schema import TABLES
from tests.importing.company_fixtures import Company

CALLS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
      - file: calls.csv
        into: activities
        columns: {deal_id: deal, activity: {constant: call}, occurred_at: at RECORDED}
    """
LATER = datetime(2026, 1, 1, tzinfo=UTC)


def older(company: Company) -> Path:
    """Let the one batch of a company be as it was before activities could have a lead."""
    (path,) = company.ledger.files("activities")
    pq.write_table(pq.read_table(path).drop_columns(["lead_id"]), path)
    return path


def imports_calls(company: Company, recorded: str = ", recorded_at: at") -> Path:
    company.maps(CALLS.replace(" RECORDED", recorded), "dealml: 1\nextracted_at: 2025-03-01\n")
    company.has("id,created\nd1,2025-01-01\n")
    company.has("deal,at\nd1,2025-01-02\nd1,2025-01-03\n", "calls.csv")
    company.imports()
    return older(company)


def test_a_fact_without_a_lead_has_the_digest_that_it_had_before(company: Company) -> None:
    path = imports_calls(company)
    activities = TABLES["activities"]
    before = replace(activities, fact_columns=tuple(c for c in activities.fact_columns if not c.added_later))
    assert sums_of({path: activities}) == sums_of({path: before})
    facts = pq.read_table(path)
    pq.write_table(facts.append_column("lead_id", pa.nulls(len(facts), pa.string())), path)
    assert sums_of({path: activities}) == sums_of({path: before})


def test_a_lead_is_part_of_the_digest_and_not_taken_for_another_cell(tmp_path: Path) -> None:
    fact = {"activity": "call", "occurred_at": LATER, "recorded_at": LATER}
    sums = set()
    for column in ("deal_id", "account_id", "lead_id", "contact_id"):
        pq.write_table(TABLES["activities"].empty.from_pylist([{**fact, column: "x"}], TABLES["activities"].schema), tmp_path / "a.parquet")
        sums |= set(sums_of({tmp_path / "a.parquet": TABLES["activities"]}))
    assert len(sums) == 4


def test_files_with_and_without_the_column_are_one_table(company: Company) -> None:
    first = imports_calls(company)
    company.has("deal,at\nd1,2025-01-02\nd1,2025-01-03\nd1,2025-01-04\n", "calls.csv")
    company.imports()
    assert len(company.facts("activities")) == 3
    for paths in ([first], [*company.ledger.files("activities")]):
        rows = duckdb.connect().sql(f"SELECT lead_id, count(*) FROM {stored_facts(TABLES['activities'], paths)} GROUP BY ALL").fetchall()
        assert rows == [(None, len(paths) + 1)]


def test_a_table_that_never_grew_is_read_as_it_is(tmp_path: Path) -> None:
    assert stored_facts(TABLES["deals"], [tmp_path / "a.parquet"]) == f"read_parquet(['{tmp_path}/a.parquet'])"


def test_calls_of_an_older_batch_are_not_imported_again_whichever_clocks_they_have(tmp_path: Path) -> None:
    for number, recorded in enumerate((", recorded_at: at", "")):
        company = Company(tmp_path / str(number))
        imports_calls(company, recorded)
        digest = company.ledger.digest
        company.maps(CALLS.replace(" RECORDED", recorded), "dealml: 1\nextracted_at: 2025-03-08\n")
        company.imports()
        assert company.ledger.digest == digest
        assert len(company.facts("activities")) == 2


def test_an_older_batch_is_seen_at_a_moment_and_by_forecasts(company: Company) -> None:
    imports_calls(company)
    con = connect()
    calls = con.to_pyarrow(known_tables(con, company.ledger)["activities"]).to_pylist()
    assert [(call["deal_id"], call["lead_id"], call["_order"]) for call in calls] == [("d1", None, 0), ("d1", None, 1)]
    past = DealsAsOf.of(company.ledger, LATER, "EUR")
    assert past.con.table("activities").lead_id.isnull().all().execute()
