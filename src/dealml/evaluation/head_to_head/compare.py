"""A model and one baseline, head to head: the same capacity on the same held-out weeks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.metrics.bootstrap import Interval, interval_of, intervals, paired_difference, resampled
from dealml.evaluation.metrics.calibration import reliability
from dealml.evaluation.metrics.capacity import Capacity, credits, gains, worked
from dealml.evaluation.metrics.ranking import Vector
from dealml.evaluation.report.amounts import Amounts

RESAMPLES = 400
CURVE = np.linspace(0, 1, 41)
"""Shares of the open deals at which the curve of gains is drawn."""

CapacityVerdict = Literal["more", "as many", "fewer", "unknown"]


@dataclass(frozen=True, eq=False)
class Contender:
    """One of the two forecasts: its name, its ranking scores and its probabilities, each (n,)."""

    name: str
    scores: Vector
    p: Vector


@dataclass(frozen=True)
class ContenderResult:
    """The wins that one forecast caught, and the metrics of its probabilities."""

    wins: Interval
    """Share of the won deals that stood on its lists."""
    money: Interval
    """Share of the won money; nan where the ledger has none."""
    places: Interval
    """Share of the places on its lists that went to deals which were then won."""
    exclusive_win_rate: float
    """The same of the places that the other side gave to other deals; nan where there are none."""
    log_loss: Interval
    calibration_error: Interval
    gains: Vector = field(repr=False)
    """Share of the won deals caught at each share of `CURVE`."""
    curve: pd.DataFrame = field(repr=False)
    """From `reliability`."""


@dataclass(frozen=True)
class HeadToHead:
    """Both results, and by how much the model is ahead."""

    model: ContenderResult
    baseline: ContenderResult
    wins: Interval
    money: Interval
    log_loss: Interval
    """What the model saves."""
    deals_won: int
    money_won: float
    """nan where the ledger has none."""
    weeks: int
    open_a_week: float
    worked_a_week: float
    differing: float
    """Share of the places that the two sides gave to different deals."""

    @property
    def verdict(self) -> CapacityVerdict:
        """Whether the model's lists hold more wins than the baseline's, beyond chance."""
        return capacity_verdict(self.wins)


def capacity_verdict(gain: Interval) -> CapacityVerdict:
    """The verdict on a difference, from its interval."""
    if np.isnan(gain.low):
        return "unknown"
    return "more" if gain.low > 0 else "fewer" if gain.high < 0 else "as many"


def compare_at_capacity(
    predictions: HoldoutPredictions, model: Contender, baseline: Contender, amounts: Amounts | None, capacity: Capacity | None = None
) -> HeadToHead:
    """Fill the list of each week by either forecast, and count the wins on both lists.

    Parameters
    ----------
    predictions
        Held-out rows of one horizon.
    amounts
        Their money; None where the ledger has none.
    capacity
        How many deals a team can work each week; without it a share of those that are open.
    """
    won, lists, room = predictions.rows.label, predictions.lists, capacity or Capacity()
    ours, theirs = (worked(side.scores, lists, room) for side in (model, baseline))
    credit = credits(won, predictions.rows.codes)
    money = credit * (np.nan if amounts is None else amounts.counted)
    caught = _caught(predictions, credit, money, ours, theirs)
    weeks = len(np.unique(lists))
    return HeadToHead(
        model=_result(predictions, model, credit, caught, _own_rate(won, ours - theirs)),
        baseline=_result(predictions, baseline, credit, caught, _own_rate(won, theirs - ours)),
        wins=caught["wins"],
        money=caught["money"],
        log_loss=log_loss_saved(predictions, model.p, baseline.p),
        deals_won=round(credit.sum()),
        money_won=float(money.sum()),
        weeks=weeks,
        open_a_week=len(predictions) / weeks,
        worked_a_week=float(ours.sum()) / weeks,
        differing=float(np.abs(ours - theirs).sum() / 2 / ours.sum()),
    )


def _caught(predictions: HoldoutPredictions, credit: Vector, money: Vector, ours: Vector, theirs: Vector) -> dict[str, Interval]:
    """Shares of wins, money and places of `model` and `rival`, and the model's minus the rival's, with intervals."""
    parts = [gain * part for gain in (credit, money, predictions.rows.label) for part in (ours, theirs)]
    wholes = [credit, credit, money, money, ours, theirs]
    # Summed by account first: a draw then costs a sum over accounts.
    by_account = np.column_stack([np.bincount(predictions.clusters, weights=column) for column in (*parts, *wholes)])

    def shares(times: Vector) -> Vector:
        sums = times @ by_account
        shares_caught = np.divide(sums[:6], sums[6:], out=np.full(6, np.nan), where=sums[6:] > 0)
        return np.concatenate([shares_caught, [shares_caught[0] - shares_caught[1], shares_caught[2] - shares_caught[3]]])

    names = [f"{measure} of {who}" for measure in ("wins", "money", "places") for who in ("model", "rival")]
    values, draws = shares(np.ones(len(by_account))), resampled(np.arange(len(by_account)), RESAMPLES, 0, shares)
    return {name: interval_of(float(v), column) for name, v, column in zip((*names, "wins", "money"), values, draws.T, strict=True)}


def _result(
    predictions: HoldoutPredictions, side: Contender, credit: Vector, caught: dict[str, Interval], own_places: float
) -> ContenderResult:
    who = "model" if side.name == "model" else "rival"
    metrics = ("log_loss", "calibration_error")
    measured = intervals(predictions.rows.label, side.p, predictions.weight, predictions.clusters, metrics=metrics, resamples=RESAMPLES)
    return ContenderResult(
        wins=caught[f"wins of {who}"],
        money=caught[f"money of {who}"],
        places=caught[f"places of {who}"],
        exclusive_win_rate=own_places,
        log_loss=measured["log_loss"],
        calibration_error=measured["calibration_error"],
        gains=gains(side.scores, predictions.lists, credit, CURVE),
        curve=reliability(predictions.rows.label, side.p, predictions.weight, clusters=predictions.clusters),
    )


def log_loss_saved(predictions: HoldoutPredictions, model: Vector, baseline: Vector) -> Interval:
    """The log loss of a baseline's probabilities (n,) minus that of the model's."""
    metric = "log_loss"
    return paired_difference(
        predictions.rows.label, baseline, model, predictions.weight, predictions.clusters, metrics=[metric], resamples=RESAMPLES
    )[metric]


def _own_rate(won: Vector, ahead: Vector) -> float:
    """The share won of the places that one side alone gave."""
    exclusive = np.maximum(ahead, 0.0)
    return float((exclusive * won).sum() / exclusive.sum()) if exclusive.sum() > 1e-9 else float("nan")
