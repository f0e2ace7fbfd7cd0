"""The inspection sample: training snapshots and the current scoring population in one table, thinned by entity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.leaks.binning import BinnedColumn, Flags, Floats, Ints, column_of
from dealml.learning.training_rows import TrainingRows

Hashes = npt.NDArray[np.uint64]

MOST_SNAPSHOTS = 120_000
"""More are thinned, whole entities at a time."""
MOST_SAMPLED = 5_000
"""Rows on which the order of time is looked for."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class InspectionSample:
    """Snapshots of training, followed by those of what is at stake at the end of the data.

    Entities are numbered from 0 on; `hashes` stand for what they are, whatever their order.
    """

    table: pd.DataFrame
    """The features."""
    entity: Ints
    as_of: Floats
    """Days, of each row of the table."""
    since: Floats
    hashes: Hashes
    """Of each entity."""
    is_open: Flags
    """Of each entity: whether it is at stake at the end of the data."""
    labelled_rows: Ints
    """The table's rows that have a label at the main horizon."""
    label: Floats
    had: Floats
    """Of each entity: 1 it had the outcome, 0 it had not, NaN it is not settled, or too lately for its last label."""
    serving: int
    """How many of the last rows are of what is at stake."""
    dated: bool
    """Whether the rows have dates; a cross-section has none."""

    @classmethod
    def of(cls, rows: TrainingRows, serving: pd.DataFrame | None, features: Sequence[str], main_horizon: float) -> InspectionSample:
        """Put training rows and the feature table of what is at stake together."""
        now = _thinned(serving if serving is not None else rows.snapshots.iloc[:0], rows.entity, len(rows.snapshots))
        past = rows.snapshots
        keep = _is_sampled(past[rows.entity], len(past)) & ~_was_deleted_while_open(past, rows.entity)
        both = [past.loc[keep, [rows.entity, *features]], *([now[[rows.entity, *features]]] if len(now) else [])]
        table = pd.concat(both, ignore_index=True)
        names = table.pop(rows.entity)
        entity, entities = pd.factorize(names)
        is_open = np.zeros(len(entities), dtype=bool)
        is_open[entity[len(entity) - len(now) :]] = True
        labelled, label = _at_main_horizon(rows, keep, main_horizon)
        material = cls(
            table=table,
            entity=entity,
            as_of=_days(past.loc[keep, "as_of"], now, "as_of"),
            since=_days(past.loc[keep, "since"], now, "since") if "since" in past else np.zeros(len(table)),
            hashes=_hashes(pd.Series(entities)),
            is_open=is_open,
            labelled_rows=labelled,
            label=label,
            had=np.full(len(entities), np.nan),
            serving=len(now),
            dated=not rows.cross_section,
        )
        return replace(material, had=_had(material))

    @cached_property
    def half(self) -> Flags:
        """Of each entity: in which half it falls, by lot."""
        return ((self.hashes * _GOLDEN) >> np.uint64(63)).astype(bool)

    @cached_property
    def first(self) -> Flags:
        """Of each labelled row: whether it is its entity's first."""
        return _first_of_each(self.entity[self.labelled_rows], self.as_of[self.labelled_rows])

    @cached_property
    def first_row(self) -> Ints:
        """Of each entity: its earliest row in the table."""
        rows = np.flatnonzero(_first_of_each(self.entity, self.as_of))
        return rows[np.argsort(self.entity[rows])]

    @cached_property
    def sample(self) -> Ints:
        """Some rows of training snapshots, drawn by lot."""
        past = len(self.table) - self.serving
        return np.flatnonzero(self.chance_by_row(6)[:past] < MOST_SAMPLED / max(past, 1))

    def chance(self, salt: int) -> Floats:
        """A number between 0 and 1 for each entity, the same whatever the order of rows."""
        return _uniform(self.hashes ^ np.uint64(salt))

    def chance_by_row(self, salt: int) -> Floats:
        """A number between 0 and 1 for each row of the table."""
        moment = (self.as_of * 86_400).astype(np.int64).astype(np.uint64)
        return _uniform(self.hashes[self.entity] ^ (moment * np.uint64(0xC2B2AE3D27D4EB4F)) ^ np.uint64(salt))

    def column(self, name: str) -> BinnedColumn:
        """A feature, cut into regions."""
        return column_of(name, self.table[name])


def _hashes(names: pd.Series) -> Hashes:
    return pd.util.hash_pandas_object(names, index=False).to_numpy().astype(np.uint64)


def _uniform(hashes: Hashes) -> Floats:
    mixed = (hashes ^ (hashes >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / 2.0**53


def _is_sampled(names: pd.Series, count: int) -> Flags:
    """Which rows are of the entities that are kept: as many as make about `MOST_SNAPSHOTS`."""
    if count <= MOST_SNAPSHOTS:
        return np.ones(len(names), dtype=bool)
    chance = _uniform(_hashes(names))
    return np.asarray(chance < MOST_SNAPSHOTS / count)


def _was_deleted_while_open(past: pd.DataFrame, entity: str) -> Flags:
    """Which rows are of entities that are neither open nor settled: their records were deleted while they were at stake."""
    if "censored_at" not in past:
        return np.zeros(len(past), dtype=bool)
    return np.asarray(past[entity].isin(past.loc[past["censored_at"].notna(), entity]))


def _thinned(serving: pd.DataFrame, entity: str, count: int) -> pd.DataFrame:
    return serving[_is_sampled(serving[entity], count)]


def _days(past: pd.Series, now: pd.DataFrame, name: str) -> Floats:
    moments = [part.to_numpy(dtype="datetime64[us]") for part in (past, now[name])] if len(now) else [past.to_numpy(dtype="datetime64[us]")]
    return np.concatenate(moments).astype(np.int64) / 86_400e6


def _at_main_horizon(rows: TrainingRows, keep: Flags, main_horizon: float) -> tuple[Ints, Floats]:
    """The kept snapshots that have a label at the longest horizon up to the main one, and their labels."""
    horizons = np.unique(rows.horizon)
    horizon = horizons[horizons <= main_horizon].max(initial=horizons[0])
    which = (rows.horizon == horizon) & keep[rows.snapshot_index]
    return (np.cumsum(keep) - 1)[rows.snapshot_index[which]], rows.label[which]


def _had(material: InspectionSample) -> Floats:
    """The outcome of each settled entity, by the label of its last snapshot."""
    had = np.full(len(material.hashes), np.nan)
    labels = np.full(len(material.table), np.nan)
    labels[material.labelled_rows] = material.label
    past = len(material.table) - material.serving
    order = np.lexsort((material.as_of[:past], material.entity[:past]))
    last = order[np.append(np.flatnonzero(np.diff(material.entity[order])), past - 1)] if past else order
    had[material.entity[last]] = labels[last]
    return np.where(material.is_open, np.nan, had)


def _first_of_each(entity: Ints, moment: Floats) -> Flags:
    order = np.lexsort((moment, entity))
    first = np.zeros(len(entity), dtype=bool)
    if len(order):
        first[order[np.insert(np.diff(entity[order]) != 0, 0, True)]] = True
    return first
