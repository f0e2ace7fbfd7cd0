"""Hours are booked in the weeks that find a deal open, as many as the truth expects."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml.simulate.delivery.effort import ROLES, hours_to_come, weekly_hours
from dealml.simulate.process import LEVELS, chain
from tests.simulate.conftest import Simulated, times


def test_what_is_expected_is_this_week_and_what_follows() -> None:
    hours = hours_to_come(chain())
    assert (hours > weekly_hours()).all()
    # The better a deal fits, the sooner it is won: an advanced one takes fewer hours.
    advanced = hours.shape[1] - 1
    assert hours[LEVELS - 1, advanced, 0] < hours[0, advanced, 0]


def test_hours_booked_are_those_expected(full: Simulated) -> None:
    truth = pd.read_parquet(full.folder / "truth" / "effort.parquet")
    first = truth.sort_values("as_of").drop_duplicates("deal_id")
    first = first[first["as_of"] < pd.Timestamp("2025-01-01", tz="UTC")].set_index("deal_id")
    booked = full.table("TimeEntry")
    since = first["as_of"].dt.tz_localize(None).reindex(booked["OpportunityNumber"]).to_numpy()
    later = booked[times(booked["WorkedOn"]).to_numpy() >= since]
    spent = later["Hours"].astype(float).groupby(later["Role"]).sum()
    assert set(later["Role"]) == set(ROLES)
    # A deal's hours spread as widely as they are many; the mean of 4,000 deals is known to 4 %.
    assert np.array([spent[role] for role in ROLES]) == pytest.approx(first[list(ROLES)].sum().to_numpy(), rel=0.1)


def test_each_booking_is_of_a_deal_or_a_lead(small: Simulated) -> None:
    booked = small.table("TimeEntry")
    assert ((booked["OpportunityNumber"] != "") ^ (booked["LeadNumber"] != "")).all()
    assert booked["EntryNumber"].is_unique
    assert (booked["Hours"].astype(float) > 0).all()
