"""Missingness that follows the outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.weekly_deals import Company
from tests.leaks.company_fixtures import found


def test_a_field_that_only_the_close_fills_in_is_found(deals: Company) -> None:
    """As Maven's account: empty for two thirds of the open deals and for no closed one."""
    reasons = found(deals, "account", lambda looks: looks["account_id"].str[:3].where(~looks["open"] | (looks["lot"] > 0.68)))
    assert "a value stands on" in reasons["missing"]


def test_a_field_filled_in_for_won_deals_alone_is_found(deals: Company) -> None:
    reasons = found(deals, "contract", lambda looks: pd.Series("signed", index=looks.index).where(looks["won"] & (looks["lot"] < 0.5)))
    assert "missing" in reasons


def test_a_field_that_fills_in_as_deals_progress_is_honest(deals: Company) -> None:
    assert not found(deals, "offered", lambda looks: pd.Series("yes", index=looks.index).where(looks["stage_place"] >= 3))


def test_a_field_that_many_deals_lack_for_good_is_honest(deals: Company) -> None:
    assert not found(deals, "partner_name", lambda looks: pd.Series("Acme", index=looks.index).where(looks["lot"] < 0.2))


def test_a_field_introduced_lately_is_honest(deals: Company) -> None:
    introduced = deals.rows.snapshots["since"].max() - pd.Timedelta(days=90)

    def values(looks: pd.DataFrame) -> pd.Series:
        return pd.Series(np.where(looks["lot"] < 0.5, "a", "b")).where((looks["since"] > introduced).to_numpy())

    assert not found(deals, "new_field", values)
