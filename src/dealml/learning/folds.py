"""Folds: which rows are for training and which are held out, by time, or at random where the source has no dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.training_rows import TrainingRows

FIRST_SHARE = 0.4
"""Share of the rarer outcomes that were known at the first of several origins."""


@dataclass(frozen=True)
class Split:
    """Training rows, and the held-out rows of other entities."""

    name: str
    """The moment of the cut, or the number of the part."""
    earlier: npt.NDArray[np.bool_]
    later: npt.NDArray[np.bool_]
    at: np.datetime64 | None = None
    """None where the parts are random."""
    zone: tzinfo = UTC
    """The zone that the cut is told in."""

    @property
    def moment(self) -> datetime:
        """The cut; where there is none, the beginning of the calendar."""
        return pd.Timestamp(self.at if self.at is not None else 0, tz="UTC").tz_convert(self.zone).to_pydatetime()


def split_in_time(rows: TrainingRows, horizon: float, end: np.datetime64) -> Split:
    """Cut so that rows of a horizon have a quarter of the time, and their horizon, after it.

    The horizon counts as at most a quarter of the time too, so that there is something to learn from.
    """
    return split_at(rows, end - _ahead(rows, horizon, end) - (end - rows.as_of.min()) // 4)


def split_at(rows: TrainingRows, at: np.datetime64, until: np.datetime64 | None = None) -> Split:
    """Cut rows at a moment, with an embargo of the horizon: an earlier row was settled by then.

    A deal is never in both sets. With `until`, the test set is the deals created between `at` and `until`,
    with all their later snapshots, so that old deals are tested too. Accounts have no end: their test set
    is the snapshots between `at` and `until`.
    """
    earlier, later = rows.resolved_at <= at, rows.as_of >= at
    if until is not None:
        began = rows.since if rows.lives_once else rows.as_of
        later &= (began >= at) & (began < until)
    if rows.lives_once:  # a reopened deal has a past
        later &= ~np.isin(rows.codes, np.unique(rows.codes[earlier]))
    return Split(str(at.astype("datetime64[s]")), earlier, later, at, rows.zone)


def origins(rows: TrainingRows, horizon: float, end: np.datetime64, count: int, followed: bool = False) -> list[Split]:
    """Rolling origins, each tested on the entities that came into play before the next.

    They lie at even steps of the number of known rarer outcomes, from two fifths on. At even steps of the
    calendar, the first origins would have almost no outcomes to train on in a history that began slowly.

    Parameters
    ----------
    followed
        Whether to step through the outcomes known one horizon before the end alone, so that the last
        origin too is judged on rows of that horizon.
    """
    last = end - _ahead(rows, horizon, end)
    first_outcomes = _first_known(rows)
    first_outcomes = first_outcomes[first_outcomes <= last] if followed and (first_outcomes <= last).any() else first_outcomes
    positions = (FIRST_SHARE + (1 - FIRST_SHARE) * np.arange(count) / count) * len(first_outcomes)
    cuts = np.unique(np.minimum(first_outcomes[positions.astype(np.intp)], last))
    return [split_at(rows, at, until) for at, until in zip(cuts, [*cuts[1:], end], strict=True)]


def _first_known(rows: TrainingRows) -> npt.NDArray[np.datetime64]:
    """When the rarer outcome of each entity that had it was first known, in order."""
    had, had_not = rows.outcomes()
    rare = rows.label == (1.0 if had <= had_not else 0.0)
    return np.sort(pd.Series(rows.resolved_at[rare]).groupby(rows.codes[rare]).min().to_numpy())


def stratified(rows: TrainingRows, count: int, repeats: int = 1) -> Iterator[Split]:
    """Repeated stratified cross-validation of rows without dates: each entity is held out once a repeat."""
    had = pd.Series(rows.label).groupby(rows.codes).max().to_numpy()
    for repeat in range(repeats):
        generator = np.random.default_rng((0, repeat))
        fold = np.empty(len(had), dtype=np.intp)
        for value in (0.0, 1.0):
            members = np.flatnonzero(had == value)
            fold[generator.permutation(members)] = np.arange(len(members)) % count
        for number in range(count):
            later = fold[rows.codes] == number
            yield Split(f"repeat {repeat + 1}, part {number + 1}", ~later, later)


def splits(rows: TrainingRows, horizon: float, end: np.datetime64, count: int) -> list[Split]:
    """`count` rolling origins, or `count` random parts where the rows have no dates."""
    return list(stratified(rows, count)) if rows.cross_section else origins(rows, horizon, end, count)


def _ahead(rows: TrainingRows, horizon: float, end: np.datetime64) -> np.timedelta64:
    return min(np.timedelta64(int(horizon), "D"), (end - rows.as_of.min()) // 4)
