"""Company profiles, strategic values and interviews of buyers."""

from __future__ import annotations

import pandas as pd

from tests.simulate.conftest import Simulated, times


def test_each_account_is_profiled_each_year(small: Simulated) -> None:
    profiles, accounts = small.table("CompanyProfile"), small.table("Account")
    assert set(profiles["AccountNumber"]) <= set(accounts["AccountNumber"])
    gaps = times(profiles["ReportedOn"]).groupby(profiles["AccountNumber"]).diff().dropna()
    assert set(gaps.dt.days) == {365}
    assert (profiles["Valuation"].astype(float) > 0).all()


def test_a_strategic_value_is_a_part_of_the_deal(small: Simulated) -> None:
    values = small.table("StrategicValue")
    assert len(values) > 3
    assert values["OpportunityNumber"].is_unique
    assert (values["Value"].astype(float) > 0).all()


def test_buyers_speak_of_their_problem_after_the_deal_closed(small: Simulated) -> None:
    answers = small.table("WinLossInterview")
    assert len(answers) > 50
    assert set(answers["Score"]) <= set("12345")
    problems = "manual reporting|scattered data|slow planning|compliance risk|high costs"
    assert 0.6 < answers["Text"].str.lower().str.contains(problems).mean() < 0.95
    assert pd.Series(answers["Text"].str.len()).between(20, 200).all()
