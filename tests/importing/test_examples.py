"""The examples' mappings take the real files as they are, and account for every row."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dealml.importing.import_settings import ImportSettings
from dealml.importing.import_source import import_source
from dealml.importing.report import ImportReport
from dealml.ledger.cross_section import FACTS_AT, OUTCOME_AT
from dealml.ledger.ledger import Ledger
from tests.shared_data_fixtures import mapping_of, maven_with_account, shared, telco_with_churn_score


def imported(name: str, example: str, folder: Path) -> tuple[ImportReport, Ledger]:
    """A real set, imported by its example's mapping."""
    ledger = Ledger(folder)
    return import_source(shared(name), mapping_of(example), ledger), ledger


def counts(report: ImportReport) -> dict[str, tuple[int, int, int, int]]:
    """Of each table: rows in, accepted, quarantined, duplicates; a table that is fed twice has both together."""
    fed: dict[str, tuple[int, int, int, int]] = {}
    for c in report.counts:
        assert c.rows_in == c.accepted + c.quarantined + c.duplicates
        before = fed.get(c.into, (0, 0, 0, 0))
        fed[c.into] = (before[0] + c.rows_in, before[1] + c.accepted, before[2] + c.quarantined, before[3] + c.duplicates)
    return fed


def tally(column: Any) -> dict[Any, int]:
    """How often each value stands in a column."""
    return {row["values"]: row["counts"] for row in column.value_counts().to_pylist()}


def table(ledger: Ledger, name: str) -> Any:
    """All facts of a table."""
    return pq.read_table(ledger.files(name))


def test_online_retail(tmp_path: Path) -> None:
    report, ledger = imported("online_retail", "online_retail", tmp_path)
    assert counts(report) == {
        "accounts": (402_731, 4_336, 0, 398_395),
        "account_changes": (402_731, 22_600, 0, 380_131),
        "purchases": (402_731, 396_280, 0, 6_451),
    }
    assert {c.not_selected for c in report.counts} == {100_207}
    purchases = table(ledger, "purchases")
    assert pc.sum(purchases["value"]).as_py() == Decimal("8011453.8640")
    assert pc.min_max(purchases["occurred_at"]).as_py() == {
        "min": datetime(2009, 12, 1, 7, 45, tzinfo=UTC),
        "max": datetime(2010, 11, 30, 19, 35, tzinfo=UTC),
    }
    returned = pc.less(purchases["quantity"], 0)
    assert pc.all(pc.equal(returned, pc.starts_with(purchases["order_id"], "C"))).as_py()
    assert purchases["quantity"].null_count == purchases["value"].null_count == purchases["order_id"].null_count == 0
    assert "Unspecified" not in table(ledger, "account_changes")["text"].to_pylist()


def test_friofrio(tmp_path: Path) -> None:
    report, ledger = imported("friofrio_b2b", "friofrio", tmp_path)
    assert counts(report) == {"deals": (7_149, 7_149, 0, 0), "outcomes": (7_149, 7_149, 0, 0), "accounts": (7_149, 1_299, 0, 5_850)}
    assert tally(table(ledger, "outcomes")["outcome"]) == {"won": 3_565, "lost": 3_584}
    changes = table(ledger, "deal_changes").to_pylist()
    extracted = datetime(2018, 12, 29, tzinfo=UTC)
    early = {change["field"] for change in changes if change["recorded_at"] < extracted}
    assert early == {"region", "territory", "country", "deal_type", "currency"}
    never = {"amount", "approved", "close_date", "delivery_start", "delivery_month", "last_modified_by", "trf"}
    assert not never & {change["field"] for change in changes}


def test_bpic2012(tmp_path: Path) -> None:
    report, _ = imported("bpic2012_loan", "bpic2012", tmp_path)
    assert counts(report) == {
        "deals": (13_087, 13_087, 0, 0),
        "outcomes": (12_688, 12_688, 0, 0),
        "deal_changes": (60_849, 60_849, 0, 0),
        "offers": (31_244, 31_244, 0, 0),
        "activities": (170_107, 170_107, 0, 0),
    }


def test_salvirt(tmp_path: Path) -> None:
    report, ledger = imported("salvirt_b2b", "salvirt", tmp_path)
    assert counts(report) == {"deals": (448, 448, 0, 0), "outcomes": (448, 448, 0, 0)}
    assert ledger.is_cross_section
    ids = table(ledger, "deals")["deal_id"].to_pylist()
    assert len(set(ids)) == 448
    assert sum(not deal.endswith("-1") for deal in ids) == 83  # rows that repeat another one
    assert tally(table(ledger, "outcomes")["outcome"]) == {"won": 227, "lost": 221}
    changes = table(ledger, "deal_changes")
    assert set(tally(changes["field"]).values()) == {448}
    assert len(tally(changes["field"])) == 22
    assert set(changes["recorded_at"].to_pylist()) == {FACTS_AT}
    assert set(table(ledger, "outcomes")["recorded_at"].to_pylist()) == {OUTCOME_AT}


def test_telco(tmp_path: Path) -> None:
    report, ledger = imported("telco_churn", "telco", tmp_path)
    assert counts(report) == {"accounts": (7_043, 7_043, 0, 0), "subscriptions": (14_086, 14_086, 0, 0)}
    assert ledger.is_cross_section
    subscriptions = table(ledger, "subscriptions")
    assert tally(subscriptions["event"]) == {"start": 7_043, "cancellation": 1_869, "renewal": 5_174}
    late = pc.equal(subscriptions["recorded_at"], OUTCOME_AT)
    assert tally(subscriptions.filter(late)["event"]) == {"cancellation": 1_869, "renewal": 5_174}
    fields = tally(table(ledger, "account_changes")["field"])
    assert fields.pop("total_charges") == 7_043 - 11
    assert set(fields.values()) == {7_043}
    assert len(fields) == 18


def test_telco_as_a_workbook_saved_as_csv(tmp_path: Path) -> None:
    _, ledger = imported("telco_churn", "telco", tmp_path / "ledger")
    source, mapping = telco_with_churn_score(tmp_path)
    leaky = Ledger(tmp_path / "leaky")
    assert import_source(source, mapping, leaky).total("quarantined") == 0
    assert charges(leaky) == charges(ledger)
    assert tally(table(leaky, "subscriptions")["event"]) == tally(table(ledger, "subscriptions")["event"])
    assert tally(table(leaky, "account_changes")["field"])["churn_score"] == 7_043


def charges(ledger: Ledger) -> set[tuple[str, Decimal]]:
    """What each customer pays a month."""
    changes = table(ledger, "account_changes")
    paid = changes.filter(pc.equal(changes["field"], "monthly_charges"))
    return set(zip(paid["account_id"].to_pylist(), paid["amount"].to_pylist(), strict=True))


def test_maven_crm(tmp_path: Path) -> None:
    report, ledger = imported("maven_crm", "maven_crm", tmp_path / "ledger")
    assert counts(report) == {"deals": (8_300, 8_300, 0, 0), "deal_changes": (8_300, 8_300, 0, 0), "outcomes": (6_711, 6_711, 0, 0)}
    assert {(c.into, c.not_selected) for c in report.counts} == {("deals", 500), ("deal_changes", 500), ("outcomes", 2_089)}
    assert tally(table(ledger, "outcomes")["outcome"]) == {"won": 4_238, "lost": 2_473}
    changes = table(ledger, "deal_changes")
    assert tally(changes["field"]) == {"deal_type": 8_300, "owner": 8_300, "stage": 8_300}
    assert table(ledger, "deals")["account_id"].null_count == 8_300
    leaky = Ledger(tmp_path / "leaky")
    import_source(shared("maven_crm"), maven_with_account(tmp_path), leaky)
    told = table(leaky, "deal_changes")
    assert tally(told["field"])["industry"] == 6_711 + 501  # every closed deal, and 32 % of the 1,589 open ones


@pytest.mark.parametrize("form", ["mapping", "mapping_leaky"])
def test_olist_funnel(tmp_path: Path, form: str) -> None:
    ledger, mapping = Ledger(tmp_path), mapping_of("olist_funnel").with_stem(form)
    report = import_source(shared("olist_funnel"), mapping, ledger, settings=ImportSettings(time_zone="America/Sao_Paulo"))
    told = {"leads": (8_842, 8_842, 0, 0), "deals": (842, 842, 0, 0), "outcomes": (842, 842, 0, 0)}
    assert counts(report) == told | ({"lead_changes": (842, 842, 0, 0)} if form == "mapping_leaky" else {})
    assert {note.kind: note.count for note in report.notes} == {
        "conversion_before_creation": 1,
        "never_open": 842,
        "outcome_before_creation": 842,
    }
    leads = table(ledger, "leads")
    assert tally(leads["event"]) == {"created": 8_000, "converted": 842}
    converted = leads.filter(pc.equal(leads["event"], "converted"))
    assert set(converted["deal_id"].to_pylist()) == set(table(ledger, "outcomes")["deal_id"].to_pylist())
    assert pc.min(converted["occurred_at"]).as_py() == datetime(2017, 12, 5, 4, tzinfo=UTC)
    days = tally(leads["occurred_at"])
    assert days[datetime(2017, 10, 15, 3, tzinfo=UTC)] == 7  # a day without a midnight begins an hour later
    assert days[datetime(2018, 2, 1, 2, tzinfo=UTC)] == 47  # day first
    leaky = {"industry": 841, "function": 836, "seniority": 665} if form == "mapping_leaky" else {}
    assert tally(table(ledger, "lead_changes")["field"]) == {"campaign": 8_000} | leaky


def test_ravenstack(tmp_path: Path) -> None:
    report, ledger = imported("ravenstack", "ravenstack", tmp_path)
    assert counts(report) == {"accounts": (5_000, 5_000, 0, 0), "subscriptions": (5_486, 5_486, 0, 0), "usage": (25_000, 25_000, 0, 0)}
    subscriptions = table(ledger, "subscriptions")
    assert tally(subscriptions["event"]) == {"start": 5_000, "cancellation": 486}
    assert pc.min_max(subscriptions["occurred_at"]).as_py() == {
        "min": datetime(2023, 1, 9, tzinfo=UTC),
        "max": datetime(2024, 12, 31, tzinfo=UTC),
    }
    changes = table(ledger, "account_changes")
    assert set(changes["recorded_at"].to_pylist()) == {datetime(2025, 1, 1, tzinfo=UTC)}  # no past snapshot sees them
