"""Forecast value added: whether people's overrides were more accurate than the model. Aggregates with intervals, never by person.

Each decision is measured twice on the same outcome, once by what the person said and once by what the model said at the same
moment. The gain is the mean difference, and its interval comes from drawing whole accounts, whose decisions share their luck.
Source of the interval: Hesterberg (2015), What Teachers Should Know About the Bootstrap, The American Statistician 69: the
expanded percentile interval, which gives few accounts the wider interval that they need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm, t

from dealml.evaluation.metrics.bootstrap import Interval, resampled

Floats = npt.NDArray[np.float64]

MIN_DECISIONS = 30
"""Decisions that an aggregate must hold to be told at all."""
LEAST_OF_EACH = 5
"""Decisions won, and not won, without which no verdict on probabilities is given."""
CLIP = 0.005
"""How near 0 and 1 a probability may come in the log loss, of people and model alike: who says 0 % or 100 % is taken to round."""
LEVEL = 0.95
RESAMPLES = 2000

IMPROVES, WORSENS, NOT_SHOWN, WITHHELD = "improves", "worsens", "not shown by your data", "withheld"
MEASURES = {
    "log_loss": "mean surprise at the outcomes; punishes confident mistakes",
    "brier": "mean squared distance between probability and outcome",
    "amount_error": "distance from the amount that a deal was won at, as a share of it, at most 1",
}
"""What is measured, and what it means; lower is better."""
HORIZONS = ((30.0, "up to 30 days"), (60.0, "31 to 60 days"), (90.0, "61 to 90 days"), (float("inf"), "more than 90 days"))
NO_CATEGORY = "no category"


@dataclass(frozen=True)
class Decision:
    """An override whose time is over: the override, the model's prediction and the outcome. The person is not known here."""

    deal_id: str
    account: str
    """Decisions of one account share their luck; the deal where no account is known."""
    days: float
    """From when it was made until when the deal was to be won."""
    category: str
    """The forecast category in the CRM at that moment; empty where it gave none."""
    won: bool
    """By then."""
    probability: float | None
    model_probability: float
    amount: float | None = None
    """What the person said, in the project's currency, as are the two below; None where one of the three is not known."""
    model_amount: float | None = None
    """What the CRM said at that moment."""
    final_amount: float | None = None
    """What the deal was won at."""


@dataclass(frozen=True)
class AccuracyGain:
    """One measure over a group of decisions."""

    measure: str
    """A key of `MEASURES`."""
    decisions: int
    override: float
    """The error of what people said; nan where it is withheld."""
    model: float
    gain: Interval
    """The model's error less that of people: above 0 is better."""
    verdict: str
    """improves, worsens, not shown by your data; withheld with fewer than 30 decisions."""


@dataclass(frozen=True)
class DecisionGroup:
    """A group of decisions; with fewer than 30 of them only their number is reported."""

    name: str
    decisions: int
    gains: tuple[AccuracyGain, ...] = ()
    override_mean: float = nan
    """Mean probability that people gave, over decisions with one; compare with the model's mean and the share that was won."""
    model_mean: float = nan
    won: float = nan

    @property
    def withheld(self) -> bool:
        """Whether it is too small to be reported."""
        return self.decisions < MIN_DECISIONS


@dataclass(frozen=True)
class ValueAdded:
    """All decisions together, and by horizon and by forecast category."""

    overall: DecisionGroup
    by_horizon: tuple[DecisionGroup, ...]
    by_category: tuple[DecisionGroup, ...]


def value_added(decisions: Sequence[Decision], resamples: int = RESAMPLES, seed: int = 0) -> ValueAdded:
    """Compare people's numbers with the model's predictions.

    Every override counts as a decision, also several of one deal for the same date. An interval of all decisions holds with 95 %;
    those of a table are wider (Bonferroni), so that with 95 % all of its rows hold at once.
    """

    def groups_of(groups: dict[str, list[Decision]]) -> tuple[DecisionGroup, ...]:
        shown = sum(len(group) >= MIN_DECISIONS for group in groups.values())
        level = 1 - (1 - LEVEL) / max(shown, 1)
        return tuple(_group(name, group, level, resamples, seed) for name, group in groups.items())

    return ValueAdded(
        _group("all", decisions, LEVEL, resamples, seed),
        groups_of(
            _grouped(
                decisions, lambda decision: next(name for days, name in HORIZONS if decision.days <= days), [name for _, name in HORIZONS]
            )
        ),
        groups_of(
            _grouped(
                decisions, lambda decision: decision.category or NO_CATEGORY, sorted({decision.category for decision in decisions} - {""})
            )
        ),
    )


def interval_verdict(gain: Interval) -> str:
    """A gain in words: only an interval that is wholly on one side of 0 shows anything."""
    return IMPROVES if gain.low > 0 else WORSENS if gain.high < 0 else NOT_SHOWN


def _grouped(decisions: Iterable[Decision], key: Callable[[Decision], str], order: Sequence[str]) -> dict[str, list[Decision]]:
    """Decisions by the name of their group; groups without any are left out."""
    groups: dict[str, list[Decision]] = {name: [] for name in order}
    for decision in decisions:
        groups.setdefault(key(decision), []).append(decision)
    return {name: group for name, group in groups.items() if group}


@dataclass(frozen=True)
class _Errors:
    """One measure of each decision, 0 throughout where it was not measured."""

    override: Floats
    model: Floats
    measured: Floats
    """1 where it was, else 0."""
    mute: bool = False
    """Whether too few came out either way for a verdict."""

    @property
    def decisions(self) -> int:
        """How many were measured."""
        return int(self.measured.sum())


def _group(name: str, decisions: Sequence[Decision], level: float, resamples: int, seed: int) -> DecisionGroup:
    if len(decisions) < MIN_DECISIONS:
        return DecisionGroup(name, len(decisions))
    errors = _errors(decisions)
    # Sums of accounts are all that a draw of accounts needs.
    accounts = pd.factorize(np.array([decision.account for decision in decisions], dtype=object), sort=True)[0]
    columns = [column for error in errors.values() for column in (error.model - error.override, error.measured)]
    sums = np.column_stack([np.bincount(accounts, column) for column in columns])
    draws = resampled(np.arange(len(sums)), resamples, seed, lambda times: times @ sums)
    gains = tuple(
        _gain(measure, error, draws[:, 2 * index : 2 * index + 2], int((sums[:, 2 * index + 1] > 0).sum()), level)
        for index, (measure, error) in enumerate(errors.items())
    )
    judged = [decision for decision in decisions if decision.probability is not None]
    means = [nan] * 3
    if len(judged) >= MIN_DECISIONS:
        means = [float(_column(judged, part).mean()) for part in ("probability", "model_probability", "won")]
    return DecisionGroup(name, len(decisions), gains, *means)


def _errors(decisions: Sequence[Decision]) -> dict[str, _Errors]:
    won, model = _column(decisions, "won"), _column(decisions, "model_probability")
    override = _column(decisions, "probability")
    judged = ~np.isnan(override)
    few = min((won * judged).sum(), ((1 - won) * judged).sum()) < LEAST_OF_EACH
    override = np.where(judged, override, model)
    amount, crm, final = (_column(decisions, name) for name in ("amount", "model_amount", "final_amount"))
    priced = (won == 1) & ~np.isnan(amount + crm + final)
    ones, sold = judged.astype(np.float64), (priced & (final > 0)).astype(np.float64)
    return {
        "log_loss": _Errors(judged * _log_loss(override, won), judged * _log_loss(model, won), ones, few),
        "brier": _Errors(judged * (override - won) ** 2, judged * (model - won) ** 2, ones, few),
        "amount_error": _Errors(_off(amount, final, sold), _off(crm, final, sold), sold),
    }


def _off(amount: Floats, final: Floats, sold: Floats) -> Floats:
    """How far amounts were off, as a share of the final amount.

    Each deal counts alike: weighted by money, a few large deals would decide, and verdicts would be wrong more often than stated.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sold == 1, np.minimum(np.abs(amount - final) / final, 1.0), 0.0)


def _gain(measure: str, errors: _Errors, draws: Floats, accounts: int, level: float) -> AccuracyGain:
    """The mean difference of the decisions that were measured, as it is and as drawn."""
    if errors.decisions < MIN_DECISIONS:
        return AccuracyGain(measure, errors.decisions, nan, nan, Interval(nan, nan, nan), WITHHELD)
    override, model = (float(error.sum() / errors.measured.sum()) for error in (errors.override, errors.model))
    drawn = draws[draws[:, 1] > 0]
    gain = _expanded(model - override, drawn[:, 0] / drawn[:, 1], accounts, level)
    return AccuracyGain(measure, errors.decisions, override, model, gain, NOT_SHOWN if errors.mute else interval_verdict(gain))


def _expanded(value: float, draws: Floats, accounts: int, level: float) -> Interval:
    """The expanded percentile interval of a value; without bounds for a single account."""
    if accounts < 2 or not len(draws):
        return Interval(value, nan, nan)
    reach = sqrt(accounts / (accounts - 1)) * t.ppf((1 + level) / 2, accounts - 1)
    low, high = np.quantile(draws, [norm.cdf(-reach), norm.cdf(reach)])
    return Interval(value, float(low), float(high))


def _log_loss(p: Floats, won: Floats) -> Floats:
    p = np.clip(p, CLIP, 1 - CLIP)
    return np.asarray(-(won * np.log(p) + (1 - won) * np.log1p(-p)))


def _column(decisions: Sequence[Decision], name: str) -> Floats:
    """A field of each decision, nan where it has none."""
    return np.array([getattr(decision, name) for decision in decisions], dtype=np.float64)
