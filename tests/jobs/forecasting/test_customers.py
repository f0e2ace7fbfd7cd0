"""The customer base: churn risk by month of renewal, from what the command line writes of features and scores; or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dealml.forecast.customers.renewals import RenewalMonth
from dealml.jobs.absent import MissingPiece
from dealml.jobs.forecasting.customers import CustomerBase, churn_base, renewals
from dealml.jobs.modelling.train import train
from dealml.jobs.scoring.score import score_all
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from tests.conftest import CUT, Company


@pytest.fixture(scope="module")
def base(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The company with a champion of `account_churn`."""
    project = copied(tmp_path_factory.mktemp("base") / "project")
    train(project, "account_churn", CUT)
    return project


def test_every_month_adds_up(base: Project, tmp_path: Path) -> None:
    score_all(base, "account_churn", CUT, tmp_path / "scores.parquet")
    scores = pd.read_parquet(tmp_path / "scores.parquet").pivot(index="entity_id", columns="horizon_days", values="probability")
    table = View.of(base.ledger, load_model(base.folder, "account_churn"), CUT, base.query_settings).at_stake().set_index("account_id")
    rates = pd.concat([pd.read_parquet(path) for path in base.ledger.files("rates")])
    rates = rates[rates["recorded_at"] < CUT].sort_values("occurred_at").groupby("currency")["rate"].last()
    table["value"] = table["arr"].astype(float) * table["account_currency"].map(rates)
    found = _renewals(base, CUT)
    assert sum(month.accounts for month in found) > 20
    for month in found:
        days = pd.to_timedelta(table["days_to_next_term_end"].astype(float), unit="D")
        due = table[(CUT + days >= max(month.month.start, CUT)) & (CUT + days < month.month.end)]
        assert month.accounts == len(due)
        assert month.unpriced == due["value"].isna().sum()
        assert month.arr == sum(round(value * 100) for value in due["value"].dropna())
        low, high = _bounds(scores.loc[due.index], month.month.days_from(CUT))
        known = due["value"].fillna(0.0)
        assert (known * low).sum() * 100 - 1 <= month.expected_lost <= (known * high).sum() * 100 + len(due)


def _bounds(scores: pd.DataFrame, days: float) -> tuple[pd.Series, pd.Series]:
    """The probability of leaving within the horizons around so many days."""
    before = [horizon for horizon in scores.columns if horizon <= days]
    after = [horizon for horizon in scores.columns if horizon >= days]
    zero = pd.Series(np.zeros(len(scores)), index=scores.index)
    return scores[before[-1]] if before else zero, scores[after[0]] if after else zero + 1


def test_before_anybody_subscribed_there_is_no_month(base: Project) -> None:
    assert _renewals(base, CUT - timedelta(days=3000)) == ()


def _renewals(project: Project, as_of: datetime) -> tuple[RenewalMonth, ...]:
    customers = churn_base(project, as_of)
    assert isinstance(customers, CustomerBase), customers
    return renewals(customers)


@pytest.mark.parametrize(
    ("name", "reason"), [("no_such_model", "the project has no model no_such_model"), ("tiny", "tiny does not say who cancels")]
)
def test_another_model(company: Company, name: str, reason: str) -> None:
    assert churn_base(company.project, CUT, name=name) == MissingPiece(reason)


def test_a_model_without_a_champion(imported: Project) -> None:
    customers = churn_base(imported, CUT)
    assert isinstance(customers, MissingPiece)
    assert "account_churn" in customers.reason
