"""Every metric against the slow oracle, on random companies, split every way, as of several moments."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dealml.ledger.ledger import Ledger
from dealml.period import Period
from dealml.sales_metrics import METRICS, WAYS, WHOLE, MetricValue, measure
from tests.ledger_fixtures import cut, ledger_of
from tests.sales_metrics.company_fixtures import AS_OF, PERIODS, Facts, company
from tests.sales_metrics.oracle import Oracle

SEEDS = range(3)
EARLY, MIDST = datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 8, 15, tzinfo=UTC)
"""Moments at which the second period had not begun, and was not over."""


@pytest.fixture(scope="module", params=SEEDS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Facts, Ledger]:
    facts = company(request.param)
    return facts, ledger_of(tmp_path_factory.mktemp("ledger"), facts)


Told = tuple[Facts, Ledger]


def agrees(value: MetricValue, expected: float | None) -> bool:
    if value.value is None or expected is None:
        return value.value is None and expected is None
    loose = 0.0051 if value.unit.startswith("EUR") else 0.0  # to the cent
    return math.isclose(value.value, float(expected), rel_tol=1e-9, abs_tol=loose)


@pytest.mark.parametrize(("by", "as_of"), [(None, AS_OF), ("segment", AS_OF), ("team", MIDST), ("source", EARLY), ("team", EARLY)], ids=str)
def test_every_metric_is_what_loops_find(told: Told, by: str | None, as_of: datetime) -> None:
    facts, ledger = told
    oracle, expected = Oracle(facts, as_of), {}
    values = measure(ledger, PERIODS, as_of, "EUR", by)
    for value in values:
        key = (value.period, value.group)
        if key not in expected:
            expected[key] = oracle.measure(value.period, value.period.previous, by, value.group)
        name = f"{value.metric}:{value.item}" if value.item else value.metric
        assert agrees(value, expected[key][name]), (value, expected[key][name])
    for (period, group), found in expected.items():
        own = [v for v in values if (v.period, v.group) == (period, group)]
        items = {f"{v.metric}:{v.item}" for v in own if v.item}
        assert items == {name for name in found if ":" in name}
        if group == WHOLE:
            assert {v.metric for v in own} == set(METRICS)


def test_the_random_companies_give_every_metric_a_value_somewhere(tmp_path: Path) -> None:
    found = set()
    for seed in SEEDS:
        values = measure(ledger_of(tmp_path / str(seed), company(seed)), PERIODS, AS_OF, "EUR")
        found |= {value.metric for value in values if value.value is not None}
    assert found == set(METRICS)


def test_what_is_recorded_later_changes_nothing(told: Told, tmp_path: Path) -> None:
    _, ledger = told
    assert measure(cut(ledger, tmp_path / "cut", MIDST), PERIODS, MIDST, "EUR", "team") == measure(ledger, PERIODS, MIDST, "EUR", "team")


def test_groups_add_up_to_the_cent_and_what_is_missing_says_why(told: Told) -> None:
    _, ledger = told
    for by in WAYS:
        found = measure(ledger, PERIODS, AS_OF, "EUR", by)
        assert all((value.value is None) == bool(value.reason) for value in found)
        values = [v for v in found if v.metric == "total_revenue" and v.value is not None]
        for period in PERIODS:
            own = {v.group: Decimal(str(v.value)) for v in values if v.period == period}
            if WHOLE in own:
                assert sum(v for group, v in own.items() if group) == own[WHOLE]


def test_a_ledger_of_deals_alone_says_what_it_lacks(tmp_path: Path) -> None:
    facts = {name: rows for name, rows in company(1).items() if name in ("deals", "outcomes")}
    values = {v.metric: v for v in measure(ledger_of(tmp_path / "l", facts), PERIODS[:1], AS_OF, "EUR")}
    assert values["win_rate"].value is not None
    assert {name: values[name].reason for name in ("cac", "quota_attainment", "churn_rate", "nps", "qualified_leads", "time_selling")} == {
        "cac": "no costs in the ledger",
        "quota_attainment": "no quotas in the ledger",
        "churn_rate": "no subscriptions in the ledger",
        "nps": "no surveys in the ledger",
        "qualified_leads": "no leads in the ledger",
        "time_selling": "no activities in the ledger",
    }
    assert values["total_revenue"].reason == "no won deal has an amount"
    assert all(value.value is not None or value.reason for value in values.values())


def test_a_currency_without_a_rate_is_named(tmp_path: Path) -> None:
    facts = company(2)
    ends = {r["deal_id"] for r in facts["outcomes"] if r["outcome"] == "won"}
    for row in facts["deal_changes"]:
        if row["field"] == "currency" and row["deal_id"] in ends:
            row["text"] = "CHF"
    values = {v.metric: v for v in measure(ledger_of(tmp_path / "l", facts), PERIODS, AS_OF, "EUR")}
    for name in ("total_revenue", "average_deal_size", "pipeline_velocity", "rep_productivity"):
        assert values[name].value is None
        assert values[name].reason.startswith("no rate of CHF was on record")
    assert values["win_rate"].value is not None


def test_an_amount_without_a_currency_is_in_the_projects(tmp_path: Path) -> None:
    facts = {"deals": [_fact(deal_id="d1")], "outcomes": [_fact(deal_id="d1", outcome="won", day=100)]}
    facts["deal_changes"] = [_fact(deal_id="d1", field="amount", amount=Decimal("12.3456"))]
    values = {v.metric: v.value for v in measure(ledger_of(tmp_path / "l", facts), PERIODS[:1], AS_OF, "CHF")}
    assert values["total_revenue"] == 12.35
    assert values["average_deal_size"] == 12.35


def _fact(day: int = 0, **columns: object) -> dict[str, object]:
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return {"occurred_at": at, "recorded_at": at, "sequence": 1, **columns}


def test_a_deal_entered_at_the_very_start_was_not_yet_open(tmp_path: Path) -> None:
    start = (PERIODS[0].start - datetime(2024, 1, 1, tzinfo=UTC)).days
    facts = {"deals": [_fact(start, deal_id="new"), _fact(start - 1, deal_id="old")]}
    facts["deal_changes"] = [_fact(start - 1, deal_id=d, field="amount", amount=Decimal(100)) for d in ("new", "old")]
    facts["quotas"] = [_fact(start, quota_id="q", value=Decimal(50), period_start=PERIODS[0].start, period_end=PERIODS[0].end)]
    values = {v.metric: v for v in measure(ledger_of(tmp_path / "l", facts), PERIODS[:1], AS_OF, "EUR")}
    assert values["pipeline_coverage"].parts == {"open_deals": 1, "pipeline": 100, "quota": 50}
    assert values["pipeline_coverage"].value == 2


def test_without_subscriptions_a_new_customer_is_a_first_won_deal(tmp_path: Path) -> None:
    days = {"d1": ("a1", 95), "d2": ("a1", 120), "d3": ("a2", 100), "d4": ("a3", 10), "d5": ("a3", 101)}
    facts = {"deals": [_fact(deal_id=d, account_id=account) for d, (account, _) in days.items()]}
    facts["outcomes"] = [_fact(day, deal_id=d, outcome="won") for d, (_, day) in days.items()]
    facts["costs"] = [_fact(95, cost_id="k", kind="sales", value=Decimal(1000)), _fact(96, cost_id="r", kind="rent", value=Decimal(70))]
    values = {v.metric: v for v in measure(ledger_of(tmp_path / "l", facts), PERIODS[:1], AS_OF, "EUR")}
    assert values["cac"].value == 500
    assert values["cac_payback"].reason == "no subscriptions in the ledger"


def test_thirty_of_five_hundred_customers(tmp_path: Path) -> None:
    """Customers won meanwhile do not hide the thirty who left."""
    rows = [_fact(account_id=f"a{n}", subscription_id="s", event="start", arr=Decimal(100)) for n in range(500)]
    rows += [_fact(120, account_id=f"a{n}", subscription_id="s", event="cancellation") for n in range(30)]
    rows += [_fact(130, account_id=f"n{n}", subscription_id="s", event="start", arr=Decimal(100)) for n in range(20)]
    facts = {"deals": [_fact(deal_id="d")], "subscriptions": rows}
    values = {v.metric: v.value for v in measure(ledger_of(tmp_path / "l", facts), [PERIODS[0]], AS_OF, "EUR")}
    assert values["churn_rate"] == 0.06
    assert values["retention"] == 0.94


def test_what_cannot_be_split_is_told_for_the_whole_only(told: Told) -> None:
    _, ledger = told
    values = measure(ledger, [Period(PERIODS[0].start, PERIODS[0].end)], AS_OF, "EUR", "source")
    for name, metric in METRICS.items():
        assert ({v.group for v in values if v.metric == name} == {WHOLE}) == ("source" not in metric.splits), name
