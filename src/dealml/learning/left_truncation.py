"""Left truncation: outcomes are on record only from some moment on, though the entities go further back.

An export of today's customers goes back to the founding of the company but has no customer that left years ago. Rows from before the
first outcome are about survivors only then: they look safer than anybody was, or worse where the outcome is a win. They spoil the
level of what is learned, and are left out.

The rule compares the wait for the first outcome with the time after it. It is decided by what went on record up to the later of the
40th outcome and a year after the first one. Rows of the shortest horizon are counted by the age of their entity: those whose horizon
was over before the first outcome, and those from after it. Were outcomes as frequent before as after at each age, each later one would
have had the chance n / (m + n) to come no earlier, of n later rows and m earlier ones (Poisson events given their number are spread
as the exposure is; Cox & Lewis 1966, chapter 9). Outcomes of one day count as one, since they come in bursts. The rows go when

- the product of these chances is below 0.001, and
- the wait was more than twice as long as any later time without an outcome: a season without outcomes is no truncation.

An age at which nothing was observed later says nothing of the wait. A new company whose customers cannot leave in their first year
thus keeps its first year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64

MOST_CHANCE = 0.001
"""A wait that is less likely than this is no chance."""
LONGER = 2.0
"""How many times as long as any later silence the wait must be."""
ENOUGH_OUTCOMES = 40
"""Outcomes that decide; as many as a model needs to be fitted at all (`ladder.MIN_ENTITIES`)."""
AGES = np.array([30, 90, 180, 365], dtype=float)
"""Days since an entity came into play, at which bands of age begin."""

_YEAR, _WEEK, _DAY = (np.timedelta64(days, "D") for days in (365, 7, 1))
_NOUNS = {"won": "win", "cancelled": "cancellation", "converted": "conversion"}

Moments = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Truncation:
    """What is left out of a history, and why."""

    first: datetime
    """When the first outcome went on record, in the company's zone."""
    rows: int
    """How many rows from before are left out."""
    expected: float
    """How many outcomes were to be expected before, by how frequent they were at the same ages after."""
    chance: float
    """How likely the wait was."""
    outcome_name: str

    @property
    def sentence(self) -> str:
        """For people to read, without a full stop."""
        noun = _NOUNS.get(self.outcome_name, "outcome")
        day = f"{self.first.day} {self.first:%b %Y}"
        return (
            f"{self.rows:,} rows from before {day} are left out: no {noun} was on record before, "
            f"though {self.expected:,.0f} were to be expected"
        )


def without_truncated(rows: TrainingRows, outcome_name: str) -> TrainingRows:
    """Rows without those from before the first outcome, where outcomes are on record only from then on; else the same rows.

    Parameters
    ----------
    rows
        Of every snapshot and horizon; the label is 1 where the event came.
    """
    truncation = truncation_of(rows, outcome_name)
    if truncation is None:
        return rows
    return replace(rows.keep(rows.as_of >= as_utc64(truncation.first)), truncation=truncation)


def truncation_of(rows: TrainingRows, outcome_name: str) -> Truncation | None:
    """Whether a history is truncated; None where it is not, where its outcomes are too few to tell, and where it has no dates."""
    if rows.cross_section or not rows.label.any():
        return None
    one = rows.keep(rows.horizon == rows.horizon.min())
    events = _events(one)
    first = events.min() if len(events) else np.datetime64("NaT")
    early = one.resolved_at <= first
    if not early.any():
        return None
    until = max(np.sort(events)[:ENOUGH_OUTCOMES][-1], first + _YEAR)
    late = (one.as_of >= first) & (one.resolved_at <= until)
    chance, expected = _compared(one, early, late)
    wait = first - one.as_of.min()
    if chance >= MOST_CHANCE or wait <= LONGER * _longest_silence(events, first, min(until, one.resolved_at.max())):
        return None
    moment = pd.Timestamp(first, tz="UTC").tz_convert(rows.zone).to_pydatetime()
    return Truncation(moment, int((rows.as_of < first).sum()), expected, chance, outcome_name)


def _events(rows: TrainingRows) -> Moments:
    """When each outcome of an entity went on record, once each."""
    had = rows.snapshots.loc[rows.snapshots["event_at"].notna(), [rows.entity, "event_at"]].drop_duplicates()
    return had["event_at"].to_numpy(dtype="datetime64[us]")


def _compared(rows: TrainingRows, early: npt.NDArray[np.bool_], late: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """How likely the wait was, and how many outcomes were to be expected in it."""
    band = np.searchsorted(AGES, (rows.as_of - rows.since) / _DAY, side="right")
    came = late & (rows.label > 0)
    event = rows.snapshots["event_at"].to_numpy(dtype="datetime64[us]")[rows.snapshot_index]
    before, after = (np.bincount(band[which], minlength=len(AGES) + 1) for which in (early, late))
    days = event[came].astype("datetime64[D]").astype(np.int64)
    single = pd.MultiIndex.from_arrays([rows.codes[came], event[came]])
    counted_days, outcomes = (_once_each(codes, band[came]) for codes in (pd.factorize(days)[0], pd.factorize(single)[0]))
    seen = np.maximum(after, 1)  # an age without later rows has no outcomes either
    chance = float(np.exp((counted_days * np.log(seen / (before + seen))).sum()))
    return chance, float((outcomes * before / seen).sum())


def _once_each(codes: npt.NDArray[np.intp], band: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """How many different codes there are in each band; one that is in several rows is shared among them."""
    shares = 1.0 / np.bincount(codes)[codes]
    return np.asarray(np.bincount(band, weights=shares, minlength=len(AGES) + 1), dtype=np.float64)


def _longest_silence(events: Moments, first: np.datetime64, until: np.datetime64) -> np.timedelta64:
    """The longest time without an outcome between the first one and a moment."""
    longest: np.timedelta64 = np.diff([first, *np.sort(events[(events > first) & (events < until)]), until]).max()
    return longest
