"""Leads touch us in the morning, we act in the afternoon, and what we do is entered on the same day or late."""

import numpy as np
import pandas as pd

from dealml.simulate.clock import workday_start
from dealml.simulate.leads.clocks import created_moments, event_moments, noted_by_machine, noted_by_us

COUNT = 2_000


def _hour(moments: np.ndarray) -> np.ndarray:
    return (moments - moments.astype("datetime64[D]")).astype("timedelta64[s]").astype(int) / 3600


def test_what_we_do_comes_after_what_they_did_that_day():
    rng, day = np.random.default_rng(2), np.arange(COUNT) % 300
    created = created_moments(rng, day)
    events = pd.DataFrame(
        {"lead": np.repeat(np.arange(COUNT), 3), "day": [0, 4, 4] * COUNT, "what": ["answer", "touch", "qualified"] * COUNT}
    )
    answer, touch, qualified = event_moments(rng, events, day, created).reshape(-1, 3).T
    assert ((answer > created) & (answer - created < np.timedelta64(2, "h"))).all()
    assert (touch < qualified).all()
    assert (touch.astype("datetime64[D]") == workday_start(day + 4)).all()
    assert _hour(touch).max() < 13 <= _hour(qualified).min()


def test_machines_note_at_once_and_people_mostly_on_the_same_day():
    rng, occurred = np.random.default_rng(3), workday_start(np.arange(COUNT)) + np.timedelta64(17, "h")
    assert (noted_by_machine(rng, occurred) - occurred <= np.timedelta64(5, "m")).all()
    lag = noted_by_us(rng, occurred) - occurred
    assert (lag > np.timedelta64(0, "s")).all()
    assert 0.005 < (lag > np.timedelta64(1, "D")).mean() < 0.04
    assert ((lag < np.timedelta64(7, "h")) | (lag > np.timedelta64(1, "D"))).all()
