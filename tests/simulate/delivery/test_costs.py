"""Costs of deals follow plain rules, and some large deals lose money."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dealml.simulate import simulate
from dealml.simulate.delivery import costs, effort, profiles, promises
from tests.simulate.conftest import Simulated

NEW_FILES = {
    costs: {"DealCost.csv", "deals.parquet"},
    effort: {"TimeEntry.csv"},
    promises: {"Approval.csv"},
    profiles: {"StrategicValue.csv"},
}


def deal_truth(company: Simulated) -> pd.DataFrame:
    return pd.read_parquet(company.folder / "truth" / "deals.parquet")


def test_won_deals_cost_what_the_truth_expects(full: Simulated) -> None:
    closings, booked = full.table("OpportunityClosing"), full.table("DealCost")
    last = closings.drop_duplicates("OpportunityNumber", keep="last")
    won = set(last.loc[(last["Status"] == "Won") & (last["ClosedOn"] < "2025-07"), "OpportunityNumber"])
    rates = {"EUR": 1.0, "PLN": 0.23, "USD": 0.92}
    of_won = booked[booked["OpportunityNumber"].isin(won)]
    eur = of_won["Value"].astype(float) * of_won["CurrencyIso"].map(rates)
    spent = eur.groupby(of_won["Kind"]).sum()
    truth = deal_truth(full).set_index("deal_id").loc[sorted(won)]
    for kind, column in (("Goods", "goods"), ("Services", "services"), ("Customisation", "customisation"), ("Third party", "third_party")):
        assert spent[kind] == pytest.approx(truth[column].sum(), rel=0.05)


def test_the_margin_is_what_the_costs_leave(full: Simulated) -> None:
    truth = deal_truth(full)
    parts = truth[["goods", "services", "customisation", "third_party"]].sum(axis=1)
    assert truth["margin"].to_numpy() == pytest.approx((truth["revenue"] - parts).to_numpy())
    losing = truth["margin"] < 0
    assert 0.02 < losing.mean() < 0.08
    assert truth.loc[losing, "revenue"].median() > 2 * truth.loc[~losing, "revenue"].median()


def test_other_rules_change_no_other_file(small: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "GOODS", 0.2)
    monkeypatch.setattr(effort, "BOOKING", 2.5)
    monkeypatch.setattr(promises, "REFUSED", 0.9)
    monkeypatch.setattr(profiles, "STRATEGIC", dict.fromkeys(profiles.STRATEGIC, 0.5))
    simulate(tmp_path, deals=600, customers=80)
    files = {path.name: path.read_bytes() for path in small.folder.rglob("*.*")}
    changed = {path.name for path in tmp_path.rglob("*.*") if path.read_bytes() != files[path.name]}
    # Interviews come from the stream of strategic values.
    assert changed == set().union(*NEW_FILES.values()) | {"WinLossInterview.csv"}
