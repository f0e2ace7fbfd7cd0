"""The truth of leads is against what happened in a company, and in its own order."""

import numpy as np
import pandas as pd
import pytest

from dealml.simulate.leads.chain import lead_chain
from dealml.simulate.leads.truth import HORIZONS, converted_within, workdays_after
from tests.simulate.conftest import Simulated, times


def test_one_day_ahead_is_the_daily_chance():
    np.testing.assert_array_equal(converted_within(lead_chain(), [1])[0], lead_chain().convert)


@pytest.mark.parametrize("weekday", range(7))
def test_working_days_are_counted_from_each_weekday(weekday: int):
    start = np.datetime64("2024-01-01") + weekday
    for horizon in HORIZONS:
        assert workdays_after(np.array([weekday]), horizon) == np.busday_count(start, start + horizon)


def test_truth_speaks_of_open_leads_at_mondays_and_after_touches(full: Simulated):
    truth, events = full.lead_truth(), full.table("LeadEvent").assign(at=lambda t: times(t["HappenedOn"]))
    assert (truth["as_of"] == truth["as_of"].dt.normalize()).all()
    assert 0.6 < (truth["as_of"].dt.day_of_week == 0).mean() < 0.95
    moments = events.groupby(["LeadNumber", "Status"])["at"].min().unstack()
    assert (truth["lead_id"].map(moments["Created"]) < truth["as_of"]).all()
    assert not (truth["lead_id"].map(moments["Converted"]) < truth["as_of"]).any()
    wide = truth.drop_duplicates(["lead_id", "as_of", "horizon_days"]).pivot(
        index=["lead_id", "as_of"], columns="horizon_days", values="probability"
    )
    assert tuple(wide.columns) == HORIZONS
    assert (np.diff(wide.to_numpy(), axis=1) > 0).all()


@pytest.mark.parametrize("horizon", HORIZONS)
def test_truth_agrees_with_what_happened(full: Simulated, horizon: int):
    """By tenths of the truth: the share that was converted is the mean of the truth, within the error of its leads' sums."""
    truth, events = full.lead_truth(), full.table("LeadEvent")
    converted = times(events["HappenedOn"])[events["Status"] == "Converted"].set_axis(events["LeadNumber"][events["Status"] == "Converted"])
    until = truth["as_of"] + pd.Timedelta(days=horizon)
    counted = (truth["horizon_days"] == horizon) & (until <= "2026-01-05")
    truth, until = truth[counted], until[counted]
    excess = (truth["lead_id"].map(converted) < until).astype(float) - truth["probability"]
    for _, group in excess.groupby(pd.qcut(truth["probability"], 10, labels=False)):
        error = np.sqrt((group.groupby(truth["lead_id"]).sum() ** 2).sum()) / len(group)
        assert abs(group.mean()) < 3.5 * error + 1e-9
    assert abs(excess.mean()) < 0.01
