"""Training rows: a snapshot and a horizon, labelled with what went on record within it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.features.families.choice import FamilyChoices
from dealml.learning.encoding import HORIZON, Schema
from dealml.ledger.entities import ENTITIES
from dealml.moments import as_utc64

if TYPE_CHECKING:
    from dealml.learning.left_truncation import Truncation

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TrainingRows:
    """Labelled rows over a table of snapshots, in canonical order.

    A row enters only when its horizon had passed before the end of the data: open deals are
    censored, not lost. Where the outcome is predicted on a condition, a row that broke it within its
    horizon does not enter either. Rows count alike in training: weighing them by entity would weigh them by
    how long it lived, which its outcome decides (docs/decisions/0002).
    """

    snapshots: pd.DataFrame
    """One row for each snapshot, with its features."""
    snapshot_index: npt.NDArray[np.intp]
    """Of each row: the place of its snapshot."""
    horizon: Floats
    label: Floats
    entity: str

    lives_once: bool = True
    """Whether an entity must not stand on both sides of a split."""
    cross_section: bool = False
    """Whether the source has no dates: rows are held out by lot then, not by time."""
    families: FamilyChoices = FamilyChoices()  # noqa: RUF009  (frozen)
    """Which values of families a model that is trained at a moment has features of."""
    truncation: Truncation | None = None
    """What was left out from before the first outcome on record, if anything."""

    def __len__(self) -> int:
        return len(self.snapshot_index)

    def keep(self, which: npt.NDArray[np.bool_]) -> TrainingRows:
        """Some of the rows."""
        return replace(self, snapshot_index=self.snapshot_index[which], horizon=self.horizon[which], label=self.label[which])

    @property
    def entities(self) -> npt.NDArray[np.object_]:
        """The entity of each row."""
        return self.snapshots[self.entity].to_numpy(dtype=object)[self.snapshot_index]

    @cached_property
    def codes(self) -> npt.NDArray[np.intp]:
        """The entity of each row as a number from 0 on, which is quicker to compare.

        In a cross-section rows that agree in every feature have one number, though their ids differ:
        the same deal may have been entered twice, and must not teach what it is then judged on.
        """
        numbers = _alike(self.snapshots) if self.cross_section else pd.factorize(self.snapshots[self.entity])[0]
        return pd.factorize(numbers[self.snapshot_index])[0]

    @property
    def zone(self) -> tzinfo:
        """The zone that the snapshots' moments are told in: the company's."""
        zone: tzinfo | None = self.snapshots["as_of"].dt.tz
        return zone or UTC

    @property
    def as_of(self) -> npt.NDArray[np.datetime64]:
        """The moment of each row."""
        return self.snapshots["as_of"].to_numpy(dtype="datetime64[us]")[self.snapshot_index]

    @property
    def since(self) -> npt.NDArray[np.datetime64]:
        """When the entity of each row came into play."""
        return self.snapshots["since"].to_numpy(dtype="datetime64[us]")[self.snapshot_index]

    @property
    def resolved_at(self) -> npt.NDArray[np.datetime64]:
        """When each row's horizon was over: from then on its label was known."""
        return np.asarray(self.as_of + (self.horizon * 86_400_000_000).astype("timedelta64[us]"))

    def thinned(self, most: int) -> TrainingRows:
        """About `most` rows at most, drawn evenly by a digest of entity, moment and horizon: the same rows each time."""
        if len(self) <= most:
            return self
        entity = pd.util.hash_pandas_object(self.snapshots[self.entity], index=False).to_numpy()[self.snapshot_index]
        moment = self.as_of.astype("int64").astype("uint64") * np.uint64(0x9E3779B97F4A7C15)
        mixed = (entity ^ moment ^ self.horizon.astype("uint64") * np.uint64(0xC2B2AE3D27D4EB4F)) * np.uint64(0x9E3779B97F4A7C15)
        return self.keep((mixed >> np.uint64(11)) < np.uint64(most / len(self) * 2**53))

    def matrix(self, schema: Schema) -> Floats:
        """The learner's matrix: the snapshots' features, and the horizon last."""
        encoded = schema.encode(self.snapshots.assign(**{HORIZON: 0.0}))[self.snapshot_index]
        encoded[:, -1] = self.horizon
        return encoded

    def table(self) -> pd.DataFrame:
        """The rows as a feature table with `horizon_days`."""
        return self.snapshots.iloc[self.snapshot_index].reset_index(drop=True).assign(**{HORIZON: self.horizon})

    def outcomes(self) -> tuple[int, int]:
        """How many entities had the outcome in any row, and how many in none."""
        had = pd.Series(self.label)
        if not self.cross_section:  # an entity has one row there
            had = had.groupby(self.codes).max()
        return int(had.sum()), int((1 - had).sum())


def _alike(snapshots: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Numbers of snapshots that are equal where they agree in every feature."""
    features = [name for name in snapshots.columns if name not in _NO_FEATURES] or ["as_of"]
    return np.asarray(snapshots.groupby(features, dropna=False, sort=False).ngroup(), dtype=np.intp)


_NO_FEATURES = (*ENTITIES, "since", "as_of", "known_by", "event_at", "unless_at", "censored_at")


def _ends(snapshots: pd.DataFrame, end: datetime) -> npt.NDArray[np.datetime64]:
    """Until when each snapshot is observed: to the end of the data, or to when a record still at stake was deleted."""
    ends: npt.NDArray[np.datetime64] = np.full(len(snapshots), as_utc64(end))
    if "censored_at" not in snapshots:
        return ends
    censored = snapshots["censored_at"].to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(censored), ends, np.minimum(ends, censored))


def labelled(
    snapshots: pd.DataFrame,
    entity: str,
    horizons: Sequence[int],
    end: datetime,
    is_absence_of_event: bool = False,
    cross_section: bool = False,
) -> TrainingRows:
    """Rows of every snapshot and horizon whose outcome was settled before `end`.

    Parameters
    ----------
    snapshots
        With the entity, `as_of` and `event_at`; with `censored_at` a row is observed until then only; with `unless_at` only rows
        without such an event within their horizon enter.
    is_absence_of_event
        Whether the outcome is that no event came.
    cross_section
        Whether the source had no dates: then each entity has one snapshot, and the horizon is nominal.
    """
    snapshots = snapshots.sort_values(["as_of", entity], kind="stable", ignore_index=True)
    as_of = snapshots["as_of"].to_numpy(dtype="datetime64[us]")
    event = snapshots["event_at"].to_numpy(dtype="datetime64[us]")
    broken = snapshots["unless_at"].to_numpy(dtype="datetime64[us]") if "unless_at" in snapshots else np.full_like(event, "NaT")
    until = _ends(snapshots, end)
    places, lengths, labels = [], [], []
    for days in sorted(horizons):
        over = as_of + np.timedelta64(days, "D")
        snapshot = np.flatnonzero(np.less_equal(over, until) & ~(broken < over))  # NaT compares as false: never broken
        came = (event[snapshot] < over[snapshot]) & ~np.isnat(event[snapshot])
        places.append(snapshot)
        lengths.append(np.full(len(snapshot), float(days)))
        labels.append((came != is_absence_of_event).astype(np.float64))
    snapshot, horizon, won = (np.concatenate(parts) for parts in (places, lengths, labels))
    order = np.lexsort((horizon, snapshot))
    return TrainingRows(snapshots, snapshot[order], horizon[order], won[order], entity, entity == "deal_id" or cross_section, cross_section)
