"""Whether people's overrides foretold better than the model: in aggregates, with intervals, and never of a person.

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

from dealml.evaluation.bootstrap import Interval, resampled

Floats = npt.NDArray[np.float64]

LEAST = 30
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
    "amount_error": "distance from the amount that deals were won at, as a share of it",
}
"""What is measured, and what it means; lower is better."""
HORIZONS = ((30.0, "up to 30 days"), (60.0, "31 to 60 days"), (90.0, "61 to 90 days"), (float("inf"), "more than 90 days"))
NO_CATEGORY = "no category"


@dataclass(frozen=True)
class Decision:
    """An override whose time is over: what was said, and what came of it. Who said it is not known here."""

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
class Gain:
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
class Cell:
    """A group of decisions; with fewer than 30 of them nothing but their number is told."""

    name: str
    decisions: int
    gains: tuple[Gain, ...] = ()
    said: float = nan
    """Mean probability that people gave, over decisions with one; beside the model's mean, and the share that was won."""
    model_said: float = nan
    won: float = nan

    @property
    def withheld(self) -> bool:
        """Whether it is too small to be told."""
        return self.decisions < LEAST


@dataclass(frozen=True)
class ValueAdded:
    """All decisions together, and by horizon and by forecast category."""

    overall: Cell
    by_horizon: tuple[Cell, ...]
    by_category: tuple[Cell, ...]


def value_added(decisions: Sequence[Decision], resamples: int = RESAMPLES, seed: int = 0) -> ValueAdded:
    """Compare what people said with what the model said.

    Every override counts as a decision, also several of one deal for the same date. An interval of all decisions holds with 95 %;
    those of a table are wider (Bonferroni), so that with 95 % all of its rows hold at once.
    """

    def cells(groups: dict[str, list[Decision]]) -> tuple[Cell, ...]:
        told = sum(len(group) >= LEAST for group in groups.values())
        level = 1 - (1 - LEVEL) / max(told, 1)
        return tuple(_cell(name, group, level, resamples, seed) for name, group in groups.items())

    return ValueAdded(
        _cell("all", decisions, LEVEL, resamples, seed),
        cells(_grouped(decisions, lambda one: next(name for days, name in HORIZONS if one.days <= days), [name for _, name in HORIZONS])),
        cells(_grouped(decisions, lambda one: one.category or NO_CATEGORY, sorted({one.category for one in decisions} - {""}))),
    )


def verdict_of(gain: Interval) -> str:
    """A gain in words: only an interval that is wholly on one side of 0 shows anything."""
    return IMPROVES if gain.low > 0 else WORSENS if gain.high < 0 else NOT_SHOWN


def _grouped(decisions: Iterable[Decision], key: Callable[[Decision], str], order: Sequence[str]) -> dict[str, list[Decision]]:
    """Decisions by the name of their group; groups without any are left out."""
    groups: dict[str, list[Decision]] = {name: [] for name in order}
    for one in decisions:
        groups.setdefault(key(one), []).append(one)
    return {name: group for name, group in groups.items() if group}


def _cell(name: str, decisions: Sequence[Decision], level: float, resamples: int, seed: int) -> Cell:
    if len(decisions) < LEAST:
        return Cell(name, len(decisions))
    judged = [one for one in decisions if one.probability is not None]
    priced = [one for one in decisions if one.won and None not in (one.amount, one.model_amount, one.final_amount)]
    won = np.array([one.won for one in judged], dtype=np.float64)
    said, model = _column(judged, "probability"), _column(judged, "model_probability")
    one_sided = min(won.sum(), (1 - won).sum()) < LEAST_OF_EACH
    final, ones = _column(priced, "final_amount"), np.ones(len(judged))

    def gain(measure: str, group: Sequence[Decision], override: Floats, model: Floats, base: Floats, mute: bool = False) -> Gain:
        accounts = [one.account for one in group]
        return _gain(measure, accounts, override, model, base, mute, level, resamples, seed)

    gains = (
        gain("log_loss", judged, _log_loss(said, won), _log_loss(model, won), ones, one_sided),
        gain("brier", judged, (said - won) ** 2, (model - won) ** 2, ones, one_sided),
        gain("amount_error", priced, np.abs(_column(priced, "amount") - final), np.abs(_column(priced, "model_amount") - final), final),
    )
    means = (float(part.mean()) for part in (said, model, won)) if len(judged) >= LEAST else (nan, nan, nan)
    return Cell(name, len(decisions), gains, *means)


def _gain(
    measure: str,
    accounts: Sequence[str],
    override: Floats,
    model: Floats,
    base: Floats,
    mute: bool,
    level: float,
    resamples: int,
    seed: int,
) -> Gain:
    """The gain as the sum of differences over the sum of a base: 1 for each decision, or the money won."""
    total = base.sum()
    if len(accounts) < LEAST or total <= 0:
        return Gain(measure, len(accounts), nan, nan, Interval(nan, nan, nan), WITHHELD if len(accounts) < LEAST else NOT_SHOWN)
    # Sums of accounts are all that a draw of accounts needs.
    parts = pd.DataFrame({"gain": model - override, "base": base}).groupby(np.asarray(accounts, dtype=object)).sum()
    gains, bases = parts["gain"].to_numpy(), parts["base"].to_numpy()
    draws = resampled(np.arange(len(parts)), resamples, seed, lambda times: np.array([(times @ gains) / max(times @ bases, 1e-300)]))
    found = _expanded(float(gains.sum() / total), draws[:, 0], len(parts), level)
    verdict = NOT_SHOWN if mute else verdict_of(found)
    return Gain(measure, len(accounts), float(override.sum() / total), float(model.sum() / total), found, verdict)


def _expanded(value: float, draws: Floats, accounts: int, level: float) -> Interval:
    """The expanded percentile interval of a value; without bounds for a single account."""
    if accounts < 2:
        return Interval(value, nan, nan)
    reach = sqrt(accounts / (accounts - 1)) * t.ppf((1 + level) / 2, accounts - 1)
    low, high = np.quantile(draws, [norm.cdf(-reach), norm.cdf(reach)])
    return Interval(value, float(low), float(high))


def _log_loss(p: Floats, won: Floats) -> Floats:
    p = np.clip(p, CLIP, 1 - CLIP)
    return np.asarray(-(won * np.log(p) + (1 - won) * np.log1p(-p)))


def _column(decisions: Sequence[Decision], name: str) -> Floats:
    return np.array([getattr(one, name) for one in decisions], dtype=np.float64)
