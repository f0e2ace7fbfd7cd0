"""The simulated calendar."""

import numpy as np
import pytest

from dealml.simulate.clock import END, WEEKS, WORKDAYS, office_hours, week_start, workday_start, workdays_within


def test_the_years_are_whole_weeks():
    assert week_start(np.array(WEEKS)) == END
    assert workday_start(np.array(WORKDAYS)) == END


@pytest.mark.parametrize("horizon", [7, 14, 30, 60, 90, 180])
def test_workdays_ahead_are_those_of_the_calendar(horizon: int):
    monday = np.datetime64("2024-03-04")
    assert workdays_within(horizon) == np.busday_count(monday, monday + np.timedelta64(horizon, "D"))


def test_office_hours_are_on_working_days():
    moments = END - np.arange(10_000) * np.timedelta64(3600, "s")
    snapped = office_hours(np.random.default_rng(1), moments)
    assert np.is_busday(snapped.astype("datetime64[D]")).all()
    hour = (snapped - snapped.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    assert set(hour) == set(range(8, 18))
