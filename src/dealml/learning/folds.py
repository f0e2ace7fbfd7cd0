"""Folds: which rows teach and which are held out, by time, or by lot where there is no time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.training_rows import TrainingRows

FIRST_SHARE = 0.4
"""Share of the rarer outcomes that were known at the first of several origins."""


@dataclass(frozen=True)
class Split:
    """Rows to learn from, and rows of other entities to be judged on."""

    name: str
    """The moment of the cut, or which part was drawn."""
    earlier: npt.NDArray[np.bool_]
    later: npt.NDArray[np.bool_]
    at: np.datetime64 | None = None
    """None where rows were drawn by lot."""

    @property
    def moment(self) -> datetime:
        """The cut; where there is none, the beginning of the calendar."""
        return pd.Timestamp(self.at if self.at is not None else 0, tz="UTC").to_pydatetime()


def split_in_time(rows: TrainingRows, horizon: float, end: np.datetime64) -> Split:
    """Cut so that rows of a horizon have a quarter of the time, and their horizon, after it.

    The horizon counts as at most a quarter of the time too, so that there is something to learn from.
    """
    return split_at(rows, end - _ahead(rows, horizon, end) - (end - rows.as_of.min()) // 4)


def split_at(rows: TrainingRows, at: np.datetime64, until: np.datetime64 | None = None) -> Split:
    """Cut rows at a moment, with an embargo of the horizon: an earlier row was settled by then.

    No deal stands on both sides. With `until`, later are the deals that came into play before then,
    followed for as long as they lived, so that old age is judged as well as youth; of accounts, which
    live on, later are the snapshots before then.
    """
    earlier, later = rows.resolved_at <= at, rows.as_of >= at
    if until is not None:
        began = rows.since if rows.lives_once else rows.as_of
        later &= (began >= at) & (began < until)
    if rows.lives_once:  # a reopened deal has a past
        later &= ~np.isin(rows.codes, np.unique(rows.codes[earlier]))
    return Split(str(at.astype("datetime64[s]")), earlier, later, at)


def origins(rows: TrainingRows, horizon: float, end: np.datetime64, count: int, followed: bool = False) -> list[Split]:
    """Rolling origins, each judged on what came into play until the next.

    They lie where so many of the rarer outcomes were known, in even steps from two fifths on: by the
    calendar, the first ones would have next to nothing to learn from in a history that began slowly.

    Parameters
    ----------
    followed
        Whether to step through the outcomes known one horizon before the end alone, so that the last
        origin too is judged on rows of that horizon.
    """
    last = end - _ahead(rows, horizon, end)
    known = _first_known(rows)
    known = known[known <= last] if followed and (known <= last).any() else known
    places = (FIRST_SHARE + (1 - FIRST_SHARE) * np.arange(count) / count) * len(known)
    cuts = np.unique(np.minimum(known[places.astype(np.intp)], last))
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
    """So many origins, or parts drawn by lot where the rows have no time."""
    return list(stratified(rows, count)) if rows.cross_section else origins(rows, horizon, end, count)


def _ahead(rows: TrainingRows, horizon: float, end: np.datetime64) -> np.timedelta64:
    return min(np.timedelta64(int(horizon), "D"), (end - rows.as_of.min()) // 4)
