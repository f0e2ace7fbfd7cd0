"""Leads on the clock: the moment of each thing that happened, and when it was recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array, Times, days, delay, same_day_delay, seconds, workday_start

HOUR = 3600
_MORNING, _AFTERNOON = (8 * HOUR, 13 * HOUR), (13 * HOUR, 18 * HOUR)
"""Office hours in which leads touch us, and in which we act: what we do comes after what they did that day."""
_CREATION = (8 * HOUR, 16 * HOUR)
_LATE = 0.02
"""Share of what we did that is entered a day or more later."""


def created_moments(rng: np.random.Generator, created_day: Array) -> Times:
    """When each lead came in."""
    return _within(rng, created_day, _CREATION)


def event_moments(rng: np.random.Generator, events: pd.DataFrame, created_day: Array, created: Times) -> Times:
    """When each event of `Walks.events` happened; what happened on the day of the creation comes with it, or within two hours."""
    lead, day = events["lead"].to_numpy(), events["day"].to_numpy()
    theirs = events["what"].isin(["touch", "recycled"]).to_numpy()
    absolute = created_day[lead] + day
    moment = np.where(theirs, _within(rng, absolute, _MORNING), _within(rng, absolute, _AFTERNOON))
    wait = seconds(rng.integers(5 * 60, 110 * 60, len(events)) * ~theirs)
    return np.asarray(np.where(day == 0, created[lead] + wait, moment))


def noted_by_machine(rng: np.random.Generator, occurred: Times) -> Times:
    """When touches were recorded: within minutes."""
    return occurred + seconds(rng.integers(5, 300, len(occurred)))


def noted_by_us(rng: np.random.Generator, occurred: Times) -> Times:
    """When our people entered what they did: on the same day, some of it days later."""
    late = rng.random(len(occurred)) < _LATE
    return np.asarray(occurred + np.where(late, days(np.array(1)) + delay(rng, len(occurred)), same_day_delay(rng, len(occurred))))


def _within(rng: np.random.Generator, day: Array, hours: tuple[int, int]) -> Times:
    return workday_start(day) + seconds(rng.integers(*hours, len(day)))
