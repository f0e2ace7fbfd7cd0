"""Decompose the change of each deal's expected value between two moments into waterfall categories.

Integer cents: the parts add up to the change exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.forecast.waterfall.result import CATEGORIES, PipelineWaterfall

Floats = npt.NDArray[np.float64]
Cents = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]

PARTS = ("deal", "team", "category", "cents")
"""Columns of a table of moves; `deal` is the row of the deal on both sides."""


@dataclass(frozen=True, eq=False)
class DealStates:
    """How n deals stood at one moment, in the same order on both sides."""

    status: Texts
    """absent (not created yet), gone (deleted, or part of another record), open, won or lost."""
    chance: Floats
    """The share of the amount that counts for the period: a probability of an open deal, 1 where won in it, else 0."""
    amount: Floats
    """In the deal's own currency; nan where unknown."""
    rate: Floats
    """Units of the project's currency for one of the deal's; nan where unknown."""
    team: Texts
    """Empty where no team is on record."""
    close: npt.NDArray[np.datetime64]
    """When the CRM expects it to close; NaT where it does not say."""

    @classmethod
    def of(cls, table: pd.DataFrame) -> DealStates:
        """From a table with these columns."""
        texts = {name: table[name].to_numpy(dtype=object) for name in ("status", "team")}
        numbers = {name: table[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("chance", "amount", "rate")}
        return cls(**texts, **numbers, close=table["close"].to_numpy(dtype="datetime64[us]"))

    @property
    def priced(self) -> Flags:
        """Which deals have both an amount and a rate; the others count nothing."""
        return np.isfinite(self.amount) & np.isfinite(self.rate)

    @property
    def cents(self) -> Cents:
        """The expected money of each deal, rounded to the cent."""
        return _cents(self.chance, np.where(self.priced, self.amount, 0.0), np.where(self.priced, self.rate, 0.0))


def moves(then: DealStates, now: DealStates) -> pd.DataFrame:
    """Every deal's change by category; the parts of each deal, of each team and in total sum to the change of `cents`.

    A deal that is open at both moments, or won at both, goes from then to now in three steps: the rate, the amount, the chance.
    Money is rounded to the cent after each step, and a step's part is the difference, so nothing is lost in rounding and a step
    that changes nothing has no part. Any other change is in one category.

    Returns
    -------
    DataFrame
        `PARTS`; only parts that are not 0, ordered by deal, then as the categories are drawn.
    """
    handed = (then.status != "absent") & (then.team != now.team)
    before, steps = then.cents, _steps(then, now)
    parts = [
        _part(now.team, steps[0], "exchange_rates"),
        *_amounts(now.team, steps[1]),
        _part(now.team, steps[2], _remaining_category(then, now, steps[2])),
    ]
    parts += [_part(then.team, np.where(handed, -before, 0), "handed_over"), _part(now.team, np.where(handed, before, 0), "handed_over")]
    table = pd.concat(parts, ignore_index=True)
    order = {category: index for index, category in enumerate(CATEGORIES)}
    sorted_ = table.assign(order=table["category"].map(order)).sort_values(["deal", "order"], kind="stable", ignore_index=True)
    return sorted_[list(PARTS)]


def waterfalls(then: DealStates, now: DealStates, parts: pd.DataFrame) -> tuple[PipelineWaterfall, Mapping[str, PipelineWaterfall]]:
    """The waterfall in total and of each team, as it was then and is now; no teams where none is on record."""
    before, after = _by_team(then), _by_team(now)
    teams = sorted({*before, *after, *parts["team"]})
    if teams == [""]:
        teams = []
    by_team = {
        team: PipelineWaterfall(before.get(team, 0), after.get(team, 0), _by_category(parts[parts["team"] == team])) for team in teams
    }
    return PipelineWaterfall(sum(before.values()), sum(after.values()), _by_category(parts)), by_team


def _steps(then: DealStates, now: DealStates) -> tuple[Cents, Cents, Cents]:
    """What the rate, the amount and all else changed; a deal that did not stay what it was changed for all else alone."""
    stayed = (then.status == now.status) & np.isin(then.status, ["open", "won"])
    # Without a price on one side, all of the other side's money is a change of the amount.
    amounts = [np.where(side.priced, side.amount, 0.0) for side in (then, now)]
    rates = [np.where(side.priced, side.rate, np.where(other.priced, other.rate, 0.0)) for side, other in ((then, now), (now, then))]
    before, after = then.cents, now.cents
    with_rate = np.where(stayed, _cents(then.chance, amounts[0], rates[1]), before)
    with_amount = np.where(stayed, _cents(then.chance, amounts[1], rates[1]), before)
    return with_rate - before, with_amount - with_rate, after - with_amount


def _remaining_category(then: DealStates, now: DealStates, cents: Cents) -> Texts:
    """The category of what neither the rate nor the amount explains."""
    later, earlier = now.close > then.close, now.close < then.close  # false where either is unknown
    conditions = [
        (then.status == "gone") | (now.status == "gone"),
        now.status == "won",
        now.status == "lost",
        then.status == "absent",
        then.status != "open",
        later,
        earlier,
        cents > 0,
    ]
    categories = ["record_changes", "won", "lost", "new", "reopened", "pushed", "pulled_in", "score_up"]
    return np.select(conditions, [np.array(head, dtype=object) for head in categories], np.array("score_down", dtype=object))


def _amounts(team: Texts, cents: Cents) -> list[pd.DataFrame]:
    return [_part(team, np.maximum(cents, 0), "amount_up"), _part(team, np.minimum(cents, 0), "amount_down")]


def _part(team: Texts, cents: Cents, category: str | Texts) -> pd.DataFrame:
    rows = np.flatnonzero(cents)
    return pd.DataFrame(
        {"deal": rows, "team": team[rows], "category": category if isinstance(category, str) else category[rows], "cents": cents[rows]}
    )


def _by_team(side: DealStates) -> dict[str, int]:
    exists = side.status != "absent"
    sums: dict[Any, Any] = pd.Series(side.cents[exists]).groupby(side.team[exists]).sum().to_dict()
    return {str(team): int(cents) for team, cents in sums.items()}


def _by_category(parts: pd.DataFrame) -> dict[str, int]:
    sums = parts.groupby("category")["cents"].sum()
    return {bar: int(sums.get(bar, 0)) for bar in CATEGORIES}


def _cents(chance: Floats, amount: Floats, rate: Floats) -> Cents:
    return np.rint(chance * amount * rate * 100).astype(np.int64)
