"""Deal economics by hand: two open deals whose every term is computed in the comments."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dealml.errors import InputError, UsageError
from dealml.jobs.choosing.economics import EconomicsReport
from tests.economics.conftest import by_hand  # noqa: F401  (a fixture)
from tests.economics.economics_fixtures import AT, SETTINGS, HandMade, at, company, costs, day, deal, hand_made, merged, offer, store_scores

# large: list price 100,000, 60 % discount, 60 % customisation, services of 10,000.
#   price 40,000; goods 10,000; services 8,000; customisation 1.5 × 60,000 = 90,000; third parties 5,000; gross margin −73,000
#   monthly margin (40,000 − 10,000 − 5,000) ÷ 12 = 2,083.33; paid once 98,000
#   payback (6,000 + 98,000) ÷ 2,083.33 = 49.92 months, past the horizon
#   margin to payback 36 × 2,083.33 − 98,000 = −23,000; nothing after; cost to pursue 4 hours × 50 = 200
#   expected value 0.5 × −23,000 − 200 = −11,700
LARGE = {
    "price": 40_000, "goods": 10_000, "services": 8_000, "customisation": 90_000, "third_party": 5_000, "gross_margin": -73_000,
    "monthly_margin": 25_000 / 12, "acquisition_cost": 6_000, "payback_months": 49.92, "margin_to_payback": -23_000, "margin_after": 0,
    "expansion": 0, "cost_to_pursue": 200, "expected_value": -11_700,
}  # fmt: skip
# small: list price 12,000, no discount, no customisation, services of 1,000, strategic value 1,000.
#   goods 1,200; services 800; third parties 600; gross margin 9,400; monthly margin (12,000 − 1,800) ÷ 12 = 850; paid once 800
#   payback (6,000 + 800) ÷ 850 = 8 months; margin to payback 8 × 850 − 800 = 6,000; after it 28 × 850 = 23,800
#   expansion 0.1 × 850 ÷ 24 × (36² − 8²) = 4,363.33; expected value 0.4 × (6,000 + 23,800 + 4,363.33 + 1,000) − 200 = 13,865.33
SMALL = {
    "price": 12_000, "goods": 1_200, "services": 800, "customisation": 0, "third_party": 600, "gross_margin": 9_400,
    "monthly_margin": 850, "acquisition_cost": 6_000, "payback_months": 8, "margin_to_payback": 6_000, "margin_after": 23_800,
    "expansion": 13_090 / 3, "strategic_value": 1_000, "cost_to_pursue": 200, "expected_value": 41_596 / 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def report(by_hand: HandMade) -> EconomicsReport:  # noqa: F811
    return by_hand.report()


@pytest.mark.parametrize(("name", "terms"), [("large", LARGE), ("small", SMALL)])
def test_every_term_is_the_one_computed_by_hand(report: EconomicsReport, name: str, terms: dict[str, float]) -> None:
    row = report.of(name)
    assert {term: float(row[term]) for term in terms} == pytest.approx(terms, rel=1e-12, abs=1e-9)


def test_the_large_deal_that_destroys_margin_ranks_below_the_small_one(report: EconomicsReport) -> None:
    assert report.table["id"].tolist() == ["small", "large"]
    assert report.of("large")["price"] > 3 * report.of("small")["price"]
    assert report.of("large")["expected_value"] < 0 < report.of("small")["expected_value"]


def test_sources_say_where_each_term_is_from(report: EconomicsReport) -> None:
    row = report.of("small")
    assert row["price_source"] == "latest offer, after its discount"
    assert row["goods_source"] == "look-alikes: same segment, n=2"
    assert row["customisation_source"] == "the latest offer has no customisation"
    assert row["acquisition_cost_source"] == "CAC of the company, n=3 new customers; costs name no segment"
    assert row["win_source"] == "deal_win version 3, within 180 days, scored as of 2026-01-01"
    assert row["growth_source"] == "declared: yearly_expansion"
    assert row["strategic_value_source"] == "declared for the deal"
    assert report.of("large")["without"] == "strategic_value"


def test_parts_add_up_to_the_expected_value(report: EconomicsReport) -> None:
    parts = report.table[[column for column in report.table if column.startswith("part_")]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(report.table["expected_value"].to_numpy(), abs=1e-9)


def test_what_is_recorded_later_changes_nothing(by_hand: HandMade, tmp_path: Path, report: EconomicsReport) -> None:  # noqa: F811
    facts = merged(
        company(),
        costs("w1", -5, goods=99_000),
        offer("small", -5, 1.0, 0.0, 0.0, 0.0),
        deal("new", -5, amount=5_000),
        {"costs": [{"cost_id": "k", "kind": "sales", "value": 999_000, **at(day(100), day(-5))}]},
    )
    later = hand_made(tmp_path / "later", facts).report().table
    assert not set(later["id"]) - {"large", "small"}
    pd.testing.assert_frame_equal(later, report.table)


def test_a_cost_booked_on_the_open_deal_counts_as_booked(tmp_path: Path) -> None:
    made = hand_made(tmp_path / "p", merged(company(), costs("small", 5, third_party=2_000)))
    row = made.report().of("small")
    assert (row["third_party"], row["third_party_source"]) == (2_000, "booked on the deal")
    assert np.isnan(row["third_party_low"])


def test_a_customer_needs_no_acquiring(tmp_path: Path) -> None:
    subscribed = {"account_id": "a-small", "subscription_id": "s", "event": "start", "arr": 10_000, **at(day(500))}
    row = hand_made(tmp_path / "p", merged(company(), {"subscriptions": [subscribed]})).report().of("small")
    assert (row["acquisition_cost"], row["acquisition_cost_source"]) == (0, "already a customer: nothing to acquire")
    assert row["payback_months"] == pytest.approx(800 / 850)


def test_costs_that_come_again_are_a_setting(tmp_path: Path) -> None:
    every_time = hand_made(tmp_path / "p", company(), settings=f"paid_once = []\n{SETTINGS}").report().of("large")
    assert every_time["monthly_margin"] == pytest.approx(-73_000 / 12)
    assert np.isinf(every_time["payback_months"])
    assert every_time["expected_value"] == pytest.approx(0.5 * 3 * -73_000 - 200)


def test_leads_count_with_the_chance_that_they_become_deals(tmp_path: Path) -> None:
    leads = [{"lead_id": "L1", "event": "created", "segment": "SMB", **at(day(20))}]
    ended = [{"lead_id": "L0", "event": "disqualified", "segment": "SMB", **at(day(40))}]
    spent = [{"entry_id": "t", "lead_id": "L0", "role": "seller", "hours": 3.0, **at(day(50))}]
    made = hand_made(tmp_path / "p", merged(company(), {"leads": [*leads, *ended], "time_entries": spent}))
    store_scores(made.project.folder, made.project.ledger, {"L1": 0.2, "L0": 0.9}, "lead_conversion")
    row = made.report().of("L1")
    # Won two of three; the average price of the two won deals; 4 hours a deal and 3 a lead.
    assert row["kind"] == "lead"
    assert row["win"] == pytest.approx(2 / 3)
    assert row["price"] == pytest.approx(15_000)
    assert row["cost_to_pursue"] == pytest.approx(50 * (3 + 0.2 * 4))
    to_come = row["margin_to_payback"] + row["stays"] * (row["margin_after"] + row["expansion"])
    assert row["expected_value"] == pytest.approx(0.2 * 2 / 3 * to_come - row["cost_to_pursue"])
    assert "L0" not in made.report().table["id"].tolist()


def without(facts: dict, *tables: str) -> dict:
    return {name: rows for name, rows in facts.items() if name not in tables}


def unknown(folder: Path, facts: dict, settings: str = SETTINGS, probabilities: dict[str, float] | None = None) -> set[str]:
    table = hand_made(folder, facts, probabilities, settings).report().table
    assert table["expected_value"].isna().all()
    return set(table.loc[table["id"] == "small", "unknown"].iloc[0].split(", "))


def test_without_closed_deals_costs_and_hours_are_unknown_and_named(tmp_path: Path) -> None:
    facts = merged(deal("small", 30, amount=12_000))
    assert unknown(tmp_path / "p", facts) == {"goods", "services", "customisation", "third_party", "acquisition_cost", "cost_to_pursue"}


def test_without_costs_they_are_unknown_and_the_settings_may_declare_them(tmp_path: Path) -> None:
    facts = without(company(), "costs")
    assert unknown(tmp_path / "p", facts) == {"goods", "services", "third_party", "acquisition_cost"}
    more = "goods = 0.1\nservices = 0.05\nthird_party = 0.05\nacquisition_cost = 6000\n"
    row = hand_made(tmp_path / "q", facts, settings=SETTINGS + more).report().of("small")
    assert (row["goods"], row["goods_source"]) == (1_200, "declared: goods")
    assert row["expected_value"] > 0


def test_without_churn_on_record_survival_is_unknown(tmp_path: Path) -> None:
    assert unknown(tmp_path / "p", company(), SETTINGS.replace("yearly_churn = 0.0", "")) == {"stays"}


def test_without_stored_scores_a_note_says_what_to_run(tmp_path: Path) -> None:
    made = hand_made(tmp_path / "p", company(), {})
    assert any("dealml score deal_win --as-of 2026-01-01" in note for note in made.report().notes)
    assert set(made.report().table["unknown"]) == {"win"}


def test_scores_that_are_too_old_do_not_count(tmp_path: Path) -> None:
    made = hand_made(tmp_path / "p", company(), {})
    store_scores(made.project.folder, made.project.ledger, {"small": 0.4}, scored=AT - timedelta(days=32))
    assert set(made.report().table["unknown"]) == {"win"}
    store_scores(made.project.folder, made.project.ledger, {"small": 0.3}, scored=AT - timedelta(days=7))
    assert made.report().of("small")["win"] == 0.3
    assert made.report().of("large")["win_source"] == "missing: deal_win did not score it as of 2025-12-25"


def test_a_role_without_a_cost_of_an_hour_is_named(tmp_path: Path) -> None:
    table = hand_made(tmp_path / "p", company(), settings=SETTINGS.replace("seller = 50", "legal = 50")).report().table
    assert table["cost_to_pursue_source"].str.contains("no cost of an hour of seller").all()


def test_a_currency_without_a_rate_is_named(tmp_path: Path) -> None:
    facts = merged(company(), {"deal_changes": [{"deal_id": "small", "field": "currency", "text": "CHF", **at(day(20))}]})
    row = hand_made(tmp_path / "p", facts).report().of("small")
    assert row["price_source"] == "missing: no exchange rate of its currency"
    assert np.isnan(row["expected_value"])


def test_errors(by_hand: HandMade, tmp_path: Path) -> None:  # noqa: F811
    with pytest.raises(InputError, match="w1: no open deal or lead at 2026-01-01"):
        by_hand.report("w1")
    with pytest.raises(UsageError, match="end the file's name in .parquet or .csv"):
        by_hand.report(out=tmp_path / "table.txt")
    with pytest.raises(InputError, match="the ledger is empty"):
        hand_made(tmp_path / "empty", {}, {}).report()


def test_the_file_has_every_term(by_hand: HandMade, tmp_path: Path) -> None:  # noqa: F811
    by_hand.report(out=tmp_path / "economics.parquet")
    table = pd.read_parquet(tmp_path / "economics.parquet")
    assert {"id", "win", "goods_low", "goods_high", "goods_source", "expected_value", "unknown", "as_of", "currency"} <= set(table)
    by_hand.report(out=tmp_path / "economics.csv")
    assert len(pd.read_csv(tmp_path / "economics.csv")) == 2
