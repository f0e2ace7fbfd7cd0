"""Many small companies' deals, week by week, as training sees them: quick to make, honest, and never at rest.

Each seed is another company: kinds of deals that live longer or are won more often, a mix that drifts with the calendar, a product that is
retired, a source that is new, campaigns of a few months, seasons, values that fill in as a deal progresses, rare texts, ids that nobody
feeds to a model. No feature knows anything of the outcome before it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from benchmarks.common import Floats
from dealml.learning.training_rows import TrainingRows, labelled

START = datetime(2023, 1, 2, tzinfo=UTC)
HORIZONS = (30, 90, 180)
MAIN = 90.0
KEYS = ("deal_id", "account_id", "since", "as_of", "known_by", "event_at")


@dataclass(frozen=True)
class Company:
    """One company's training rows, what is open at the end, and the features of both."""

    rows: TrainingRows
    serving: pd.DataFrame
    features: tuple[str, ...]


@dataclass(frozen=True)
class _Kinds:
    """What is fixed about each deal, and what that does to its chances."""

    table: pd.DataFrame
    created: Floats
    """Weeks after the start, broken."""
    win: Floats
    lose: Floats
    """Both as log-hazards a week at the first stage."""


def company(seed: int, deals: int = 4000, weeks: int = 130) -> Company:
    """Draw a company and live through its weeks."""
    rng = np.random.default_rng(seed)
    kinds = _kinds(rng, deals, weeks)
    looks = _lived(rng, kinds, weeks)
    table = _featured(rng, kinds, looks)
    end = START + timedelta(weeks=weeks)
    past, now = table[table["as_of"] < end], table[table["as_of"] == end]
    features = tuple(name for name in table.columns if name not in KEYS)
    rows = labelled(past.reset_index(drop=True), "deal_id", HORIZONS, end)
    return Company(rows, now.drop(columns="event_at").reset_index(drop=True), features)


def _kinds(rng: np.random.Generator, deals: int, weeks: int) -> _Kinds:
    """Draw the deals; each text's values have effects on winning and on losing, and weights that may drift."""
    growth = rng.uniform(0.7, 1.6)
    created = np.sort(weeks * rng.random(deals) ** (1 / growth))
    win, lose = np.full(deals, rng.normal(-3.9, 0.15)), np.full(deals, rng.normal(-2.9, 0.15))
    texts: dict[str, np.ndarray] = {}
    sizes = {"segment": 3, "industry": 7, "country": 14, "source": 6, "product": 8, "problem": 5, "trigger": 5, "team": 9, "campaign": 25}
    for name, size in sizes.items():
        lives = _lifetimes(rng, name, size, weeks)
        slope = rng.normal(0, 0.6, size)
        weight = np.exp(rng.normal(0, 0.9, size) + np.outer(created / weeks - 0.5, slope)) * (
            (created[:, None] >= lives[0]) & (created[:, None] < lives[1])
        )
        place = (rng.random(deals)[:, None] > np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)).sum(axis=1).clip(0, size - 1)
        texts[name] = np.array([f"{name} {number}" for number in range(size)], dtype=object)[place]
        both = rng.normal(0, 0.3, size)[place]  # how fast such deals are settled, either way
        win, lose = win + both + rng.normal(0, 0.25, size)[place], lose + both + rng.normal(0, 0.15, size)[place]
    express = rng.random(deals) < 0.15
    texts["lane"] = np.where(express, "express", "standard").astype(object)
    win, lose = win + 1.4 * express, lose + 1.4 * express  # settled four times as quickly, with the same odds
    employees = np.maximum(np.rint(np.exp(rng.normal(5, 1.3, deals))), 1.0)
    amount = np.round(np.exp(rng.normal(9, 0.9, deals) + 0.3 * np.log(employees) / 5), -2)
    slower = -0.15 * (np.log(employees) - 5)
    table = pd.DataFrame(texts).assign(employees=employees, amount_at_first=amount, discount_asked=np.round(rng.beta(1.2, 9, deals), 2))
    for name, share in (("competitor", 0.5), ("partner", 0.1), ("campaign", 0.4)):
        table[name] = table.get(name, pd.Series(rng.integers(0, 9, deals)).map(f"{name} {{}}".format)).where(rng.random(deals) < share)
    return _Kinds(table, created, win + slower, lose + slower)


def _lifetimes(rng: np.random.Generator, name: str, size: int, weeks: int) -> tuple[Floats, Floats]:
    """From and until when each value is in use: a product is retired, a source is new, campaigns last some months."""
    first, last = np.full(size, -1.0), np.full(size, weeks + 1.0)
    if name == "campaign":
        first[1:] = rng.uniform(-20, weeks, size - 1)
        last[1:] = first[1:] + rng.uniform(5, 30, size - 1)
    if name == "product":
        last[1] = weeks - rng.uniform(2, 40)
    if name in ("source", "team"):
        first[1] = weeks - rng.uniform(4, 40)
    return first, last


@dataclass(frozen=True)
class _Looks:
    """One entry for each Monday that finds a deal open; the last Monday is the end."""

    deal: np.ndarray
    week: np.ndarray
    stage: np.ndarray
    settled: Floats
    """Of each deal: the broken week of its end; infinite while it is open."""
    won: np.ndarray


def _lived(rng: np.random.Generator, kinds: _Kinds, weeks: int) -> _Looks:
    deals = len(kinds.created)
    stage, won, settled = np.zeros(deals, dtype=int), np.zeros(deals, dtype=bool), np.full(deals, np.inf)
    season = 0.25 * np.sin(2 * np.pi * (np.arange(weeks + 1) / 52 + rng.random()))
    found = []
    for week in range(weeks + 1):
        open_ = np.flatnonzero((kinds.created < week) & (settled >= week))
        found.append((open_, np.full(len(open_), week), stage[open_].copy()))
        stage[open_] += (rng.random(len(open_)) < 0.12) & (stage[open_] < 4)
        win = np.exp(kinds.win[open_] + 0.75 * stage[open_] + season[week] - 0.6)
        lose = np.exp(kinds.lose[open_] - 0.15 * stage[open_])
        over = rng.random(len(open_)) < 1 - np.exp(-(win + lose))
        settled[open_[over]] = week + rng.random(over.sum())
        won[open_[over]] = rng.random(over.sum()) < (win / (win + lose))[over]
    deal, week_, stage_ = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _Looks(deal, week_, stage_, settled, won)


def _featured(rng: np.random.Generator, kinds: _Kinds, looks: _Looks) -> pd.DataFrame:
    deal, week = looks.deal, looks.week
    age = (week - kinds.created[deal]) * 7
    start = pd.Timestamp(START)
    as_of = start + pd.to_timedelta(week * 7, unit="D")
    event = np.where(looks.won, looks.settled, np.nan)[deal] * 7
    table = pd.DataFrame(
        {
            "deal_id": pd.Series(deal).map("D{:05d}".format),
            "account_id": pd.Series(deal // 2).map("A{:05d}".format),
            "since": (start + pd.to_timedelta(kinds.created[deal] * 7, unit="D")).round("s"),
            "as_of": as_of,
            "known_by": as_of,
            "event_at": (start + pd.to_timedelta(event, unit="D")).round("s"),
        }
    )
    fixed = kinds.table.iloc[deal].reset_index(drop=True)
    return pd.concat([table, fixed, _progress(rng, kinds, looks, age), _work(rng, looks, age)], axis=1)


def _progress(rng: np.random.Generator, kinds: _Kinds, looks: _Looks, age: Floats) -> pd.DataFrame:
    """The stage, what fills in with it, the expected close date and the amount as they stand."""
    deal, stage, count = looks.deal, looks.stage, len(kinds.created)
    names = np.array(["Lead", "Discovery", "Evaluation", "Proposal", "Negotiation"], dtype=object)
    expected = np.rint(np.clip(rng.normal(80, 35, count), 10, 300))[deal]
    pushed = np.ceil(np.maximum(age - expected, 0) / 30) * 30 * (rng.random(count) < 0.7)[deal]
    champion = np.minimum(stage, rng.integers(0, 5, count)[deal])
    amount = kinds.table["amount_at_first"].to_numpy()[deal] * np.exp(rng.normal(0, 0.3, count)[deal] * (stage >= 2))
    offered = stage >= 3
    return pd.DataFrame(
        {
            "stage": names[stage],
            "stage_place": stage + 1.0,
            "age": age,
            "days_to_close": expected + pushed - age,
            "days_pushed": pushed,
            "champion_depth": champion.astype(float),
            "milestones": np.minimum(stage + rng.integers(0, 2, count)[deal], 4.0),
            "amount": np.round(amount, -2),
            "price_offered": np.where(offered, np.round(amount * (1 - 0.2 * rng.beta(2, 5, count)[deal]), 0), np.nan),
            "discount": np.where(offered, np.round(rng.beta(2, 9, count), 2)[deal], np.nan),
            "offer_event": pd.Series(np.array(["created", "sent", "returned"], dtype=object)[rng.integers(0, 3, len(deal))]).where(offered),
            "days_to_quarter_end": 91.0 - looks.week * 7 % 91,
        }
    )


def _work(rng: np.random.Generator, looks: _Looks, age: Floats) -> pd.DataFrame:
    """Activity: counts that grow, recencies, shares; busier deals are a little further."""
    deal, stage = looks.deal, looks.stage
    pace = rng.gamma(2, 0.5, len(looks.settled))[deal]
    columns: dict[str, Floats] = {}
    for name in ("calls", "mails", "meetings", "demos"):
        rate = pace * rng.uniform(0.2, 1.5) * (1 + 0.2 * stage)
        columns[f"{name}_7d"] = rng.poisson(rate).astype(float)
        columns[f"{name}_30d"] = columns[f"{name}_7d"] + rng.poisson(rate * np.minimum(age, 30) / 10)
        columns[f"{name}_all"] = columns[f"{name}_30d"] + np.floor(rate * np.maximum(age - 30, 0) / 7)
        columns[f"days_since_{name}"] = np.where(columns[f"{name}_all"] > 0, np.minimum(rng.exponential(7 / rate), age), np.nan)
    columns["share_inbound"] = np.where(columns["mails_all"] > 0, np.round(rng.beta(2, 3, len(deal)), 3), np.nan)
    columns["stakeholders"] = np.minimum(rng.poisson(1 + stage), 12).astype(float)
    columns["minutes_30d"] = columns["meetings_30d"] * np.round(rng.gamma(4, 12, len(deal)))
    return pd.DataFrame(columns)
