"""Recurring revenue: the base by hand, what stayers add, and the draws against closed forms."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dealml import Cancelled, Model, Shown
from dealml.forecast.customers.recurring_revenue import base_at, growth_of_stayers, recurring_of
from dealml.learning.view import View
from tests.forecast.history_fixtures import fact, hour, ledger
from tests.forecast.simulation.test_draws import shocked, still

SPEC = Model("leaving", "account_id", (Cancelled(),), (30,), 30, (), Shown())
NOW = hour(400)


def event(at: float, account: str, name: str, arr: int | None = None, subscription: str = "S") -> dict[str, Any]:
    return fact(at, account_id=account, subscription_id=subscription, event=name, arr=arr)


def view(tmp_path: Path) -> View:
    """A pays 100 in two parts, then 150; B in dollars leaves; C comes late; E pays in a currency without a rate."""
    events = [
        event(1, "A", "start", 60),
        event(2, "A", "start", 40, "T"),
        event(250, "A", "expansion", 90, "T"),
        event(3, "B", "start", 10),
        event(300, "B", "cancellation"),
        event(350, "C", "start", 7),
        event(4, "E", "start", 5),
    ]
    currencies = [fact(1, account_id=name, field="currency", text=text) for name, text in {"A": "EUR", "B": "USD", "E": "XXX"}.items()]
    rates = [fact(1, currency="USD", rate=9.0), fact(399, currency="USD", rate=2.0), fact(401, currency="USD", rate=5.0)]
    return View.of(ledger(tmp_path / "l", {"subscriptions": events, "account_changes": currencies, "rates": rates}), SPEC, NOW)


def test_the_base_at_moments_at_the_rates_of_today(tmp_path: Path) -> None:
    found = base_at(view(tmp_path), [hour(200), hour(250), NOW], "EUR")
    values = {(row.as_of.to_pydatetime(), row.account_id): row.arr for row in found.itertuples()}
    assert values[hour(200), "A"] == values[hour(250), "A"] == 100  # what is recorded in the instant itself is not known yet
    assert values[NOW, "A"] == 150
    assert values[hour(200), "B"] == 20
    assert values[NOW, "B"] == 0
    assert values[NOW, "C"] == 7
    assert np.isnan(values[NOW, "E"])


def test_those_who_stay_add_what_they_add(tmp_path: Path) -> None:
    growth = growth_of_stayers(view(tmp_path), NOW, timedelta(hours=190), "EUR")
    assert growth == pytest.approx([0.5, 0.0])  # from hour 210: A alone stayed; from hour 20: A and B, unchanged


def test_the_draws_against_closed_forms() -> None:
    arr, leaves = np.full(200, 10.0), np.full(200, 0.1)
    found = recurring_of(arr, leaves, np.array([0.05, 0.15]), still(), draws=40_000)
    assert found.now == 2000
    assert found.accounts == 200
    assert found.churned.mean == pytest.approx(200, rel=0.02)
    assert found.expanded.mean == pytest.approx(1800 * 0.1, rel=0.02)
    assert found.at_end.mean == pytest.approx(1800 * 1.1, rel=0.005)
    assert found.churned.p10 == pytest.approx(200 - 1.28 * np.sqrt(200 * 0.09 * 100), abs=10)


def test_a_shock_moves_all_customers_together() -> None:
    arr, leaves = np.full(300, 1.0), np.full(300, 0.1)
    calm, moved = (recurring_of(arr, leaves, np.zeros(0), shock, draws=20_000) for shock in (still(), shocked(0.8)))
    assert moved.churned.p90 - moved.churned.p10 > 2 * (calm.churned.p90 - calm.churned.p10)
    assert moved.expanded.mean == 0
