"""Each rival's figure by hand, and why one has none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dealml.forecast.benchmarks import BenchmarkInputs, benchmark_forecasts, category
from dealml.forecast.simulation.past_windows import past_deals, past_windows
from dealml.period import Period
from tests.forecast.history_fixtures import Facts, change, fact, hour, ledger, record

NOW = hour(24 * 14 + 1)
"""An hour into the third week."""


def company() -> Facts:
    """P and Q were open in the second week and P was won; A to D are open now, A to C due this week."""
    open_now = {"A": ("Commit", 100), "B": ("best_case", 40), "C": ("Pipeline", 10), "D": ("Commit", 1000)}
    names = open_now | {"P": ("Commit", 80), "Q": ("Commit", 20)}
    facts: Facts = {"deals": [], "deal_changes": [], "outcomes": []}
    for name, (called, amount) in names.items():
        born = 10 if name in "PQ" else 336
        facts["deals"].append(fact(born, deal_id=name))
        facts["deal_changes"] += [
            change(born, name, "amount", amount),
            change(born, name, "forecast_category", called),
            change(born, name, "stage", "Proposal"),
            change(born, name, "close_date", hour(24 * 40 if name == "D" else 24 * 16)),
        ]
    facts["outcomes"] = [fact(200, deal_id="P", outcome="won"), fact(334, deal_id="Q", outcome="lost")]
    return facts


def figures(tmp_path: Path, facts: Facts) -> dict[str, float | str]:
    known = record(ledger(tmp_path / "l", facts), NOW)
    period = Period.around(NOW, "week")
    before = past_deals(known, past_windows(period, NOW, known.first), NOW)
    table = known.open_at([NOW])
    found = benchmark_forecasts(BenchmarkInputs(known, period, NOW, 5.0, table[table["money"].notna()], before))
    return {rival.name: rival.why_absent if rival.amount is None else rival.amount for rival in found}


def test_each_by_hand(tmp_path: Path) -> None:
    found = figures(tmp_path, company())
    assert found["commit"] == 5 + 100
    assert found["best_case"] == 5 + 100 + 40
    assert found["stage_weighted"] == 5 + (100 + 40 + 10) * 0.5
    assert found["category_conversion"] == 5 + (100 + 1000) * 80 / (80 + 20)
    assert found["run_rate"] == 80


def test_without_close_dates_the_stage_counts_what_it_brought_in_the_same_time(tmp_path: Path) -> None:
    facts = company()
    facts["deal_changes"] = [row for row in facts["deal_changes"] if row["field"] != "close_date"]
    found = figures(tmp_path, facts)
    assert found["stage_weighted"] == 5 + 1150 * 0.5
    assert found["commit"] == "deals have no expected close date"


def test_who_has_no_figure_says_why(tmp_path: Path) -> None:
    facts = company()
    facts["deal_changes"] = [row for row in facts["deal_changes"] if row["field"] == "amount"]
    found = figures(tmp_path, facts)
    assert found["commit"] == found["best_case"] == found["category_conversion"] == "deals have no forecast category"
    assert found["stage_weighted"] == "deals have no stage"


def test_nothing_due_is_nothing_but_what_was_won(tmp_path: Path) -> None:
    facts = company()
    for row in facts["deal_changes"]:
        if row["field"] == "close_date":
            row["moment"] = hour(24 * 90)
    found = figures(tmp_path, facts)
    assert found["commit"] == found["best_case"] == found["stage_weighted"] == 5


def test_no_open_deal_is_no_error(tmp_path: Path) -> None:
    facts = company()
    facts["outcomes"] += [fact(336.5, deal_id=name, outcome="lost") for name in "ABCD"]
    found = figures(tmp_path, facts)
    assert {name: found[name] for name in ("commit", "best_case", "category_conversion")} == dict.fromkeys(
        ("commit", "best_case", "category_conversion"), 5
    )


def test_a_run_needs_a_whole_period(tmp_path: Path) -> None:
    facts = company()
    for name in facts:
        facts[name] = [row for row in facts[name] if row["deal_id"] not in "PQ"] or [fact(340, deal_id="A", outcome="reopened")]
    assert figures(tmp_path, facts)["run_rate"] == "no whole week before is on record"


@pytest.mark.parametrize("text", ["Best Case", "best_case", "BestCase", " BEST CASE ", "best-case"])
def test_categories_are_written_in_many_ways(text: str) -> None:
    assert category(pd.Series([text, None])).tolist() == ["best case", ""]
