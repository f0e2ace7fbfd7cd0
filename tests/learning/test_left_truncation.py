"""Left truncation: histories whose outcomes begin late are noticed, and those whose first outcome is late by chance are not."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from dealml.learning.left_truncation import truncation_of, without_truncated
from dealml.learning.training_rows import TrainingRows, labelled
from dealml.moments import as_utc64

START = pd.Timestamp("2021-01-04", tz="UTC")
WEEKS = 156
END = (START + pd.Timedelta(weeks=WEEKS)).to_pydatetime()
HIDDEN = 78
"""Weeks whose outcomes a truncated history lost."""


def history(seed: int, hazard: float, truncated: bool = False, season: bool = False, grace: int = 0) -> TrainingRows:
    """120 customers that come in over two years and leave at a constant rate; the export may have only those that stayed at first.

    In a season they leave in one month of the year alone; within `grace` weeks of their coming they do not leave.
    """
    chance = np.random.default_rng(seed)
    frames = []
    for number in range(120):
        began = int(chance.integers(0, 104)) if not grace else int(chance.integers(0, 8))
        possible = [week for week in range(began + grace, WEEKS) if not season or week % 52 in (48, 49, 50, 51)]
        left = next((week for week in possible if chance.random() < hazard), None)
        if truncated and left is not None and left < HIDDEN:
            continue
        mondays = np.arange(began + 1, WEEKS if left is None else left + 1)
        frames.append(pd.DataFrame({"account_id": f"A{number}", "week": mondays, "began": began, "left": left}))
    table = pd.concat(frames, ignore_index=True)
    moments = {name: START + pd.to_timedelta(table[column] * 7.0, unit="D") for name, column in (("as_of", "week"), ("since", "began"))}
    event = START + pd.to_timedelta(table["left"].astype(float) * 7.0 + 3.0, unit="D")
    table = (
        table[["account_id"]].assign(**moments, event_at=event).astype(dict.fromkeys(("as_of", "since", "event_at"), "datetime64[us, UTC]"))
    )
    return labelled(table, "account_id", (30, 90), END)


def alarms(count: int, **arguments: float) -> float:
    """The share of simulated histories of which rows are left out."""
    return float(np.mean([truncation_of(history(seed, **arguments), "cancelled") is not None for seed in range(count)]))  # type: ignore[arg-type]


@pytest.mark.parametrize("hazard", [0.0005, 0.002, 0.01])
def test_where_the_first_outcome_is_late_by_chance_nothing_is_left_out(hazard: float) -> None:
    assert alarms(30, hazard=hazard) <= 1 / 30


def test_a_season_and_a_first_year_without_outcomes_are_no_truncation() -> None:
    assert alarms(8, hazard=0.04, season=True) == 0
    assert alarms(8, hazard=0.01, grace=52) == 0


def test_a_history_that_lost_its_first_outcomes_is_noticed() -> None:
    assert alarms(15, hazard=0.01, truncated=True) >= 0.9


def test_rows_from_before_the_first_outcome_are_left_out_and_counted() -> None:
    rows = history(1, 0.01, truncated=True)
    kept = without_truncated(rows, "cancelled")
    first = rows.snapshots["event_at"].min()
    assert kept.truncation is not None
    assert (kept.truncation.first, kept.as_of.min() >= as_utc64(first)) == (first, True)
    assert kept.truncation.rows == len(rows) - len(kept) == int((rows.as_of < as_utc64(first)).sum())
    assert kept.label.sum() == rows.label[rows.as_of >= as_utc64(first)].sum()
    day = f"{first.day} {first:%b %Y}"
    assert kept.truncation.sentence.startswith(f"{kept.truncation.rows:,} rows from before {day} are left out: no cancellation was")


def test_without_an_outcome_or_dates_nothing_is_left_out() -> None:
    rows = history(1, 0.0)
    assert without_truncated(rows, "cancelled") is rows
    one = pd.DataFrame({"deal_id": ["D"], "as_of": [datetime(2025, 1, 6, tzinfo=UTC)], "event_at": [datetime(2025, 1, 7, tzinfo=UTC)]})
    assert truncation_of(labelled(one.assign(since=one["as_of"]), "deal_id", (1,), END, cross_section=True), "won") is None
