"""Slices: masks of rows by horizon, age, life, text feature and amount."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.evaluation.holdout.predictions import Flags, HoldoutPredictions, is_weekly
from dealml.evaluation.report.amounts import Amounts
from dealml.formatting import money_prefix
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows

Masks = dict[str, Flags]

AGES = (0, 7, 14, 30, 60, 90, 180, 100_000)
LIVES = (0.25, 0.5, 0.66)
MOST_TEXTS = 12
"""Texts of a feature with a slice of their own; the rarer ones share one."""


@dataclass(frozen=True)
class Slices:
    """Masks of rows by kind and part, and the absent kinds, each with the reason."""

    masks: dict[str, Masks]
    absent: dict[str, str]


def slices_of(spec: Model, predictions: HoldoutPredictions, amounts: Amounts | None) -> Slices:
    """All slices of rows at one horizon."""
    rows, masks, absent = predictions.rows, dict[str, Masks](), dict[str, str]()
    if predictions.fold is not None:
        masks["repeat" if rows.cross_section else "origin"] = by_text(predictions.fold)
    if rows.cross_section:
        absent |= dict.fromkeys(("horizon", "age", "life"), "the source has no dates")
    else:
        masks["age"] = by_age(rows)
        if rows.lives_once:
            masks["life"] = by_life(rows)
    for kind, feature in (("segment", spec.shown.segment), ("stage", spec.stage)):
        if feature in rows.snapshots and rows.snapshots[feature].notna().any():
            masks[kind] = by_text(texts_of(rows, feature), MOST_TEXTS)
        else:
            absent[kind] = f"the ledger gives no {feature}" if feature else f"the model names no {kind}"
    if amounts is None:
        absent["amount"] = "no row has an amount in the project's currency"
    else:
        masks["amount"] = by_amount(amounts)
    return Slices(masks, absent)


def by_horizon(rows: TrainingRows) -> Masks:
    """Rows by the days ahead."""
    return {str(int(days)): rows.horizon == days for days in np.unique(rows.horizon)}


def by_age(rows: TrainingRows) -> Masks:
    """Rows by the days since the deal was created or the account started."""
    age = (rows.as_of - rows.since) / np.timedelta64(1, "D")
    bands = {}
    for low, high in zip(AGES[:-1], AGES[1:], strict=True):
        bands[f"{low}+" if high == AGES[-1] else f"{low}-{high}"] = np.asarray((age >= low) & (age < high))
    return bands


def by_life(rows: TrainingRows) -> Masks:
    """Of each settled deal, the last row at or before 25, 50 and 66 % of its life."""
    whole = (life_end(rows) - rows.since) / np.timedelta64(1, "us")
    lived = (rows.as_of - rows.since) / np.timedelta64(1, "us") / whole
    spells = _spells(rows)[rows.snapshot_index]
    masks = {}
    for share in LIVES:
        reached = np.flatnonzero(lived <= share)  # never true of an unsettled deal, whose share is nan
        last = pd.DataFrame({"spell": spells[reached], "as_of": rows.as_of[reached]}).groupby("spell")["as_of"].idxmax()
        masks[f"{share:.0%}"] = np.isin(np.arange(len(rows)), reached[last.to_numpy(dtype=np.intp)])
    return masks


def life_end(rows: TrainingRows) -> npt.NDArray[np.datetime64]:
    """When the deal of each row was settled, by what snapshots tell; NaT where it was not.

    A deal ends when it is won, or else a week after its last weekly snapshot: it was closed within
    that week. One that is seen on the last Monday of all may still be open.
    """
    table, spells = rows.snapshots, _spells(rows)
    moments = table["as_of"].to_numpy(dtype="datetime64[us]")
    mondays = np.where(is_weekly(table["as_of"]), moments, np.datetime64("NaT", "us"))
    frame = pd.DataFrame({"last": mondays, "event": table["event_at"].to_numpy(dtype="datetime64[us]")})
    ends = frame.groupby(spells).agg({"last": "max", "event": "min"})
    last, event = (ends[name].to_numpy(dtype="datetime64[us]") for name in ("last", "event"))
    week_after = last + np.timedelta64(7, "D")
    won = event <= week_after
    open_still = (last == np.nanmax(mondays)) & ~won
    end = np.where(won, event, np.where(open_still, np.datetime64("NaT", "us"), week_after))
    return np.asarray(end[spells][rows.snapshot_index])


def by_text(texts: npt.NDArray[np.object_], most: int | None = None) -> Masks:
    """Rows by a text, the most frequent first; those past the most that are shown share a slice."""
    counts = pd.Series(texts).value_counts()
    ranked = sorted(counts.index) if most is None else sorted(counts.index, key=lambda text: (-counts[text], text))
    masks = {text: texts == text for text in ranked[:most]}
    rest = np.isin(texts, ranked[len(masks) :])
    return masks | ({"all others": rest} if rest.any() else {})


def by_amount(amounts: Amounts) -> Masks:
    """Rows by quartile of the amounts that are known."""
    values, unit = amounts.values, money_prefix(amounts.currency)
    # Three digits, so that a band is exactly what its label says.
    edges = np.unique([float(f"{edge:.3g}") for edge in np.nanquantile(values, (0.25, 0.5, 0.75))])
    labels = [f"{unit}{edge:,.10g}" for edge in edges]
    masks = {f"under {labels[0]}": values < edges[0]}
    for place in range(len(edges) - 1):
        masks[f"{labels[place]} to {labels[place + 1]}"] = (values >= edges[place]) & (values < edges[place + 1])
    masks[f"{labels[-1]} and more"] = values >= edges[-1]
    return masks | {"no amount": np.isnan(values)}


def texts_of(rows: TrainingRows, feature: str) -> npt.NDArray[np.object_]:
    """A text feature of each row; `not set` where it is missing."""
    column = rows.snapshots[feature].astype(object)
    return np.asarray(column.where(column.notna(), "not set").astype(str).to_numpy(dtype=object)[rows.snapshot_index])


def _spells(rows: TrainingRows) -> npt.NDArray[np.intp]:
    """Of each snapshot the number of the time that its deal was open: a reopened deal has lives of its own."""
    return np.asarray(rows.snapshots.groupby([rows.entity, "since"], sort=False).ngroup(), dtype=np.intp)
