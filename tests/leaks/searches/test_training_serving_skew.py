"""Values that are served differently from what training saw."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.weekly_deals import Company
from tests.leaks.company_fixtures import found


def at_end(looks: pd.DataFrame) -> np.ndarray:
    return (looks["as_of"] >= pd.Timestamp("2025-06-30", tz="UTC")).to_numpy()


def noisy(looks: pd.DataFrame) -> pd.Series:
    return looks["mails_30d"] + 20 + looks["lot"]


def test_a_column_that_is_no_longer_filled_is_found(deals: Company) -> None:
    assert "and stands on 0% now" in found(deals, "mails", lambda looks: noisy(looks).mask(at_end(looks)))["serving"]


def test_another_spelling_is_found(deals: Company) -> None:
    reasons = found(deals, "step", lambda looks: looks["stage"].where(~at_end(looks), looks["stage"].str.upper()))
    assert "serving" in reasons


def test_the_same_values_are_honest(deals: Company) -> None:
    assert not found(deals, "mails", noisy)


def test_a_quiet_week_is_honest(deals: Company) -> None:
    assert "serving" not in found(deals, "calls", lambda looks: looks["calls_7d"].where(~at_end(looks), looks["calls_7d"] // 2))
