"""Costs, quotas and employees' answers: plausible, and nothing else depends on them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dealml.simulate import employees, finance, simulate
from tests.simulate.conftest import Simulated, times


def test_costs_are_booked_each_month_and_some_corrected(small: Simulated) -> None:
    costs = small.table("Cost")
    first = costs.drop_duplicates("CostNumber")
    kinds = first.groupby("PeriodFrom")["Kind"].value_counts().unstack()
    assert len(kinds) == 36
    assert kinds.to_dict("records") == [{"administration": 1, "marketing": 5, "sales": 4, "service": 1}] * 36
    assert 0.03 < (len(costs) - len(first)) / len(first) < 0.2
    assert (costs["Value"].astype(float) > 0).all()
    assert set(costs["CurrencyIso"]) == {"EUR", "USD"}


def test_quotas_are_set_before_their_quarter_for_each_team(small: Simulated) -> None:
    quotas = small.table("Quota")
    assert (times(quotas["EnteredOn"]) < times(quotas["PeriodFrom"])).all()
    assert quotas["QuotaNumber"].is_unique
    assert quotas.groupby("PeriodFrom")["Team"].nunique().tolist() == [4] * 13
    assert times(quotas["PeriodTo"]).max() > pd.Timestamp("2026-01-05")


def test_employees_answer_each_quarter(small: Simulated) -> None:
    answers = small.table("employee_survey")
    assert set(answers["score"]) <= set("12345")
    quarter = times(answers["answered_at"]).dt.to_period("Q")
    assert quarter.nunique() == 12
    assert (answers.groupby(quarter)["respondent"].nunique() > 25).all()


def test_nothing_else_depends_on_them(small: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finance, "WINNING", 1.5)
    monkeypatch.setattr(finance, "FLOOR", 1.4)
    monkeypatch.setattr(employees, "ANSWERING", 0.3)
    simulate(tmp_path, deals=600, customers=80)
    files = {path.name: path.read_bytes() for path in small.folder.rglob("*.*")}
    changed = {path.name for path in tmp_path.rglob("*.*") if path.read_bytes() != files[path.name]}
    assert changed == {"Cost.csv", "Quota.csv", "employee_survey.csv"}
