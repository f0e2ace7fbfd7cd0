"""The truth of deals: planted scenarios by their conditions, and the share of customers who stay."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.delivery.truth import survival_by_segment
from tests.simulate.conftest import Simulated, times


def test_scenarios_are_those_whose_conditions_hold(small: Simulated) -> None:
    truth = pd.read_parquet(small.folder / "truth" / "deals.parquet").set_index("deal_id")
    deals = small.table("Opportunity").set_index("OpportunityNumber")
    fits = (deals["SizeClass"] == "Mid-market") & (deals["BusinessProblem"] == "Manual reporting")
    marked = truth["scenarios"].map(lambda numbers: 1 in numbers)
    assert fits.any()
    assert (marked.loc[fits.index] == fits).all()


def test_customers_with_more_seats_stay_longer_and_fewer_stay_two_years() -> None:
    stays = survival_by_segment(np.random.default_rng(3))
    assert stays["Enterprise"][0] > stays["SMB"][0]
    assert all(0.5 < second < first < 1 for first, second in stays.values())


def test_the_share_who_stay_is_that_of_the_company(full: Simulated) -> None:
    events = full.table("SubscriptionEvent").assign(at=lambda rows: times(rows["HappenedOn"]))
    start = events[events["Event"] == "Start"].groupby("AccountNumber")["at"].min()
    left = events[events["Event"] == "Cancellation"].groupby("AccountNumber")["at"].min()
    new = start[(start > "2023-01-09") & (start < "2024-12-20")]
    stayed = ((left.reindex(new.index) - new) / pd.Timedelta(days=1)).fillna(9_999) > 368
    truth = pd.read_parquet(full.folder / "truth" / "deals.parquet")
    assert abs(stayed.mean() - truth["stays_12_months"].mean()) < 0.05
