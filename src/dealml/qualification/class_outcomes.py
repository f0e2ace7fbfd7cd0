"""How the deals of each class ended, next to pursuing all of them and to the heuristic at equal count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.evaluation.metrics.bootstrap import BOUNDS
from dealml.qualification.advice import CLASSES, Floats, Texts
from dealml.qualification.tested import TestedTable
from dealml.wilson_interval import wilson_interval

Flags = npt.NDArray[np.bool_]
RESAMPLES = 400
SEED = 16


@dataclass(frozen=True)
class PastDecisions:
    """Deals at the moment at which a decision on them was due, with how each ended: arrays (n,), in the order of that moment."""

    probability: Floats
    tested: TestedTable
    won: Flags
    amount: Floats
    """As it was on record then, in the project's currency; NaN where it was not."""
    accounts: npt.NDArray[np.int64]
    """The account of each deal as a number: deals of one share their luck."""
    points: Floats | None
    """Of the heuristic scorecard; None where there is none."""

    def __len__(self) -> int:
        return len(self.won)

    @property
    def usual(self) -> float:
        """The mean probability."""
        return float(np.mean(self.probability)) if len(self) else np.nan

    def part(self, which: slice) -> PastDecisions:
        """Some of them."""
        points = None if self.points is None else self.points[which]
        arrays = (self.won[which], self.amount[which], self.accounts[which], points)
        return PastDecisions(self.probability[which], self.tested.part(which), *arrays)


@dataclass(frozen=True)
class ClassOutcome:
    """How the deals of a class ended."""

    deals: int
    won: int
    rate: float
    """The share won; NaN without a deal."""
    low: float
    high: float
    money: float
    """The amounts of the won ones, as they were on record when the decision was due."""
    money_low: float
    money_high: float


def class_outcomes(past: PastDecisions, advice: Texts) -> Mapping[str, ClassOutcome]:
    """By class how its deals ended; `all` for pursuing all, and `heuristic` for as many as are pursued, by the most points.

    Notes
    -----
    Intervals of shares are Wilson's; those of money come from drawing whole accounts again (bootstrap).
    """
    classes = {name: advice == name for name in CLASSES} | {"all": np.ones(len(past), np.bool_)}
    if past.points is not None:
        ranked = np.argsort(-past.points, kind="stable")[: int(classes["pursue"].sum())]
        classes["heuristic"] = np.isin(np.arange(len(past)), ranked)
    return {name: _outcome(past, which) for name, which in classes.items()}


def _outcome(past: PastDecisions, which: Flags) -> ClassOutcome:
    deals, won = int(which.sum()), int(past.won[which].sum())
    rate = won / deals if deals else np.nan
    low, high = wilson_interval(rate, deals) if deals else (np.nan, np.nan)
    amounts = np.where(which & past.won, np.nan_to_num(past.amount), 0.0)
    by_account = np.bincount(past.accounts, amounts)
    draws = np.random.default_rng(SEED).multinomial(len(by_account), np.full(len(by_account), 1 / len(by_account)), RESAMPLES) @ by_account
    money_low, money_high = np.percentile(draws, BOUNDS)
    return ClassOutcome(deals, won, rate, float(low), float(high), float(amounts.sum()), float(money_low), float(money_high))


def accounts_of(table: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The account of each deal as a number; a deal without one counts as its own."""
    accounts = table["account_id"] if "account_id" in table else pd.Series(None, table.index, object)
    names = ("account " + accounts.astype(str)).where(accounts.notna(), "deal " + table["deal_id"].astype(str))
    return np.asarray(pd.factorize(names)[0], np.int64)
