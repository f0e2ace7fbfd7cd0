"""How customers fare, week by week: product use, survey answers and support tickets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.simulate.clock import WEEKS, Array, days, week_start

BURN_IN = 26
"""Weeks before the first, so that use has a past to compare with."""

METRICS = {"reports_run": 6.0, "dashboards_viewed": 14.0, "api_calls": 220.0}
"""Product metric: typical weekly quantity a seat."""

_NPS_EVERY = 26


@dataclass(frozen=True)
class Health:
    """Arrays of accounts by weeks, as if each were a customer throughout.

    `use` is relative to normal; `decline` the log of use a quarter ago over use
    now; `nps` the last answer (7 where none yet); `urgent` the urgent tickets open.
    """

    use: Array
    decline: Array
    nps: Array
    urgent: Array
    surveys: pd.DataFrame
    tickets: pd.DataFrame


def health(rng: np.random.Generator, seats: Array) -> Health:
    """Draw the weeks of accounts, given the number of seats of each."""
    log_use = _log_use(rng, len(seats))
    smooth = np.cumsum(np.pad(log_use, ((0, 0), (1, 0))), axis=1)
    recent = (smooth[:, 4:] - smooth[:, :-4]) / 4
    # Known at a week's start: the four weeks before it against the four weeks a quarter earlier.
    now = recent[:, BURN_IN - 4 : BURN_IN - 4 + WEEKS]
    then = recent[:, BURN_IN - 17 : BURN_IN - 17 + WEEKS]
    surveys, nps = _nps(rng, log_use[:, BURN_IN:])
    tickets, urgent = _tickets(rng, log_use[:, BURN_IN:], seats)
    surveys = pd.concat([surveys, _csat(rng, tickets)], ignore_index=True)
    return Health(np.exp(log_use[:, BURN_IN:]), then - now, nps, urgent, surveys, tickets)


def _log_use(rng: np.random.Generator, count: int) -> Array:
    level, declining = rng.normal(0, 0.25, count), np.zeros(count, bool)
    weeks = []
    for _ in range(BURN_IN + WEEKS):
        change = rng.random(count)
        declining = np.where(declining, change > 0.05, change < 0.006)
        level = 0.97 * level + rng.normal(0, 0.06, count) - 0.07 * declining
        weeks.append(level)
    return np.stack(weeks, axis=1)


def _nps(rng: np.random.Generator, log_use: Array) -> tuple[pd.DataFrame, Array]:
    count = len(log_use)
    phase = rng.integers(0, _NPS_EVERY, count)
    surveyed = (np.arange(WEEKS)[None, :] + phase[:, None]) % _NPS_EVERY == 0
    answered = surveyed & (rng.random(surveyed.shape) < 0.6)
    character = rng.normal(0, 0.8, count)[:, None]
    score = np.clip(np.rint(8.2 + 2.8 * log_use + character + rng.normal(0, 1.2, surveyed.shape)), 0, 10)
    account, week = np.nonzero(answered)
    surveys = pd.DataFrame({"account": account, "week": week, "Kind": "NPS", "Score": score[account, week].astype(int)}).assign(
        occurred=_within_week(rng, week)
    )
    # The answer of a week counts from the next one on.
    last = pd.DataFrame(np.where(answered, score, np.nan)).ffill(axis=1).shift(1, axis=1).fillna(7.0)
    return surveys, last.to_numpy()


def _tickets(rng: np.random.Generator, log_use: Array, seats: Array) -> tuple[pd.DataFrame, Array]:
    trouble = np.clip(-log_use, 0, 2)
    account, week = np.nonzero(rng.random(log_use.shape) < 0.05 + 0.03 * np.log10(seats)[:, None] + 0.05 * trouble)
    pressing = np.clip(0.08 + 0.14 * trouble[account, week], 0, 0.5)
    draw = rng.random(len(account))
    severity = np.where(draw < pressing, 4, np.where(draw < 0.30, 3, np.where(draw < 0.8, 2, 1)))
    hours = np.round(rng.gamma(1.5, np.where(severity == 4, 130.0, 45.0)), 1) + 0.5
    opened = _within_week(rng, week)
    resolved = opened + days(hours / 24)
    urgent = np.zeros(log_use.shape)
    for first, last in ((1, 1), (2, 2), (3, 3)):
        later = np.minimum(week + first, WEEKS - 1)
        holds = (severity == 4) & (week + last < WEEKS) & (resolved > week_start(later))
        np.add.at(urgent, (account[holds], later[holds]), 1)
    columns = {"account": account, "week": week, "severity": severity, "hours": hours, "opened": opened}
    return pd.DataFrame({**columns, "resolved": resolved}), urgent


def _csat(rng: np.random.Generator, tickets: pd.DataFrame) -> pd.DataFrame:
    answered = tickets[rng.random(len(tickets)) < 0.35]
    patience = 4.6 - 0.5 * np.log10(answered["hours"].to_numpy())
    score = np.clip(np.rint(patience + rng.normal(0, 0.8, len(answered))), 1, 5).astype(int)
    later = answered["resolved"] + days(rng.uniform(0.1, 3, len(answered)))
    return pd.DataFrame({"account": answered["account"], "week": answered["week"], "Kind": "CSAT", "Score": score, "occurred": later})


def _within_week(rng: np.random.Generator, week: Array) -> Array:
    return week_start(week) + days(rng.uniform(0.3, 4.8, len(week)))
