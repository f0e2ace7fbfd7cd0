"""Held-out rows with the probabilities of the model and of every baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.training_rows import TrainingRows
from dealml.moments import on_the_wall

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True)
class HoldoutPredictions:
    """Held-out rows with the probabilities of the model and of every baseline."""

    rows: TrainingRows
    probabilities: dict[str, Floats]
    fold: npt.NDArray[np.object_] | None = None
    """Of each row the origin that judged it, or the repeat; None where there was one cut."""
    repeats: int = 1
    """How often each row is in here: once, or once in each repeat of a cross-validation."""
    has_lists: bool = True
    """Whether rows of one Monday are ranked by themselves, or all together."""
    rung: str = ""
    """What was fitted where there were several folds, or which how often."""

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, which: Flags) -> HoldoutPredictions:
        """Some of the rows."""
        probabilities = {name: p[which] for name, p in self.probabilities.items()}
        return replace(self, rows=self.rows.keep(which), probabilities=probabilities, fold=None if self.fold is None else self.fold[which])

    @cached_property
    def clusters(self) -> Codes:
        """The account of each row, by which intervals are made."""
        return clusters_of(self.rows)

    @cached_property
    def lists(self) -> Codes:
        """The list of each row: what stands on it is ranked together, as a team sees it on one Monday."""
        moments = pd.factorize(self.rows.as_of)[0] if self.has_lists else np.zeros(len(self), dtype=np.intp)
        if not self.rows.cross_section or self.fold is None:
            return np.asarray(moments, dtype=np.intp)
        return np.asarray(moments * self.repeats + pd.factorize(self.fold)[0], dtype=np.intp)

    def outcomes(self) -> tuple[int, int]:
        """How many entities had the outcome in any row, and how many in none, each counted once."""
        had, had_not = self.rows.outcomes()
        return had // self.repeats, had_not // self.repeats

    @property
    def weight(self) -> Floats:
        """The weight of each row: one, shared by its repeats."""
        return np.full(len(self), 1 / self.repeats)


def pooled(parts: Sequence[HoldoutPredictions], repeats: int = 1) -> HoldoutPredictions:
    """The held-out rows of several folds as one, in canonical order, with the probabilities that every fold has.

    Parameters
    ----------
    parts
        Of rows over the same table of snapshots.
    repeats
        How often each row is in them.
    """
    named = [name for name in parts[0].probabilities if all(name in part.probabilities for part in parts)]
    snapshot_index, horizon, won = (
        np.concatenate([getattr(part.rows, name) for part in parts]) for name in ("snapshot_index", "horizon", "label")
    )
    order = np.lexsort((horizon, snapshot_index))
    rows = replace(parts[0].rows, snapshot_index=snapshot_index[order], horizon=horizon[order], label=won[order])
    probabilities = {name: np.concatenate([part.probabilities[name] for part in parts])[order] for name in named}
    folds = [part.fold for part in parts if part.fold is not None]
    fold = np.concatenate(folds)[order] if len(folds) == len(parts) else None
    return HoldoutPredictions(rows, probabilities, fold, repeats)


def clusters_of(rows: TrainingRows) -> Codes:
    """The account of each row as a number: rows of one share their luck. A deal without an account counts as its own.

    In a cross-section rows that agree in every feature go together too, as they may be the same deal, entered twice.
    """
    entity = rows.snapshots[rows.entity]
    account = rows.snapshots.get("account_id")
    deal_label = "deal " + entity.astype(str)
    names = (
        deal_label
        if account is None or rows.entity == "account_id"
        else ("account " + account.astype(str)).where(account.notna(), deal_label)
    )
    of_rows = names.iloc[rows.snapshot_index].reset_index(drop=True)
    if rows.cross_section:
        of_rows = of_rows.groupby(rows.codes).transform("min")
    # Sorted by name, so that the draws of an account do not depend on where its rows stand.
    return np.asarray(pd.factorize(of_rows.to_numpy(), sort=True)[0], dtype=np.intp)


def weekly(rows: TrainingRows) -> TrainingRows:
    """The weekly rows alone: a pipeline is scored by the calendar, not when something happens."""
    return rows.keep(is_weekly(rows.snapshots["as_of"])[rows.snapshot_index])


def is_weekly(moments: pd.Series) -> Flags:
    """Which moments are midnights that a Monday begins with, in their zone."""
    monday = np.datetime64("2001-01-01", "us")
    return np.asarray((on_the_wall(moments).to_numpy(dtype="datetime64[us]") - monday) % np.timedelta64(7, "D") == np.timedelta64(0, "us"))
