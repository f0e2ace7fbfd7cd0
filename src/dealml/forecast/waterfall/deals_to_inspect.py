"""Which deals to talk about first: each kind by a rule that anyone can check, the most money in question first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.forecast.labels import days
from dealml.forecast.labels import period as said_period
from dealml.forecast.waterfall.category_conversion import MIN_PAST_DEALS, plain
from dealml.forecast.waterfall.inactivity import MIN_WON_DEALS
from dealml.forecast.waterfall.result import CATEGORIES, DealToInspect, Move
from dealml.formatting import counted_percent, day, money, percent
from dealml.moments import end_of_day
from dealml.period import Period

MAX_DEALS = 10
"""Deals named of each kind."""
SLIPS = 0.5
"""From this probability of being still open at its close date a deal counts as slipping, where losing was learned too."""
NOT_WON = 0.8
"""The same, where only winning was: most of those not won by then will have been lost by then."""
WEAK = 0.5
"""A commit is weak below this share of the rate at which past commits were won."""
COMMIT, OMITTED = "commit", ("omitted", "pipeline")

Columns = dict[str, npt.NDArray[np.object_]]


def changed(moves: tuple[Move, ...], currency: str) -> tuple[DealToInspect, ...]:
    """`change`: the deals whose expected money changed most, up or down; in question is by how much.

    What went from one team to another is no change.
    """
    sums: dict[str, int] = {}
    largest: dict[str, Move] = {}
    for move in moves:
        if move.category == "handed_over":
            continue
        sums[move.deal_id] = sums.get(move.deal_id, 0) + move.cents
        if move.deal_id not in largest or abs(move.cents) > abs(largest[move.deal_id].cents):
            largest[move.deal_id] = move
    ordered = sorted(sums, key=lambda deal: (-abs(sums[deal]), deal))[:MAX_DEALS]
    return tuple(_change(largest[deal], sums[deal], currency) for deal in ordered if sums[deal])


def slipping(deals: pd.DataFrame, at: datetime, period: Period, with_losses: bool) -> tuple[DealToInspect, ...]:
    """`slipping`: deals whose close date has passed, or lies in the period though they will likely still be open by then.

    Likely is `SLIPS`; where nothing was learned of losing, not being won by then counts, from `NOT_WON`. In question is the
    expected money of the period.

    Parameters
    ----------
    deals
        Open deals: `deal_id`, `name`, `cents` (expected in the period), `close`, `slip` (probability of being open when its day ends).
    """
    close, passed = deals["close"], end_of_day(deals["close"]) <= at
    likely = deals["slip"] >= (SLIPS if with_losses else NOT_WON)
    due = ~passed & (close >= period.start) & (close < period.end) & likely
    word = "still open" if with_losses else "not won"

    def sentence(row: Mapping[str, object]) -> str:
        date = pd.Timestamp(str(row["close"]))
        left = (date - pd.Timestamp(at)).total_seconds() / 86_400
        if row["passed"]:
            return f"The close date, {day(date)}, passed {days(-left)} ago and the deal is still open."
        return (
            f"To close on {day(date)}, in {days(max(left, 0.0))}; the chance of being {word} by then is {percent(float(str(row['slip'])))}."
        )

    return tuple(_to_inspect(deals.assign(passed=passed)[passed | due], "slipping", "cents", sentence))


def stale(deals: pd.DataFrame, usual: pd.DataFrame) -> tuple[DealToInspect, ...]:
    """`stale`: deals silent for longer than nine in ten won deals ever were at the same stage; in question is their expected money.

    Parameters
    ----------
    deals
        Open deals with `stage` and `silent_days`, the days since their last activity or else since they were created.
    usual
        From `dealml.forecast.waterfall.inactivity.usual_silence`; stages that fewer than `MIN_WON_DEALS` won deals were at have no rule.
    """
    enough_won = usual[usual["won"] >= MIN_WON_DEALS].rename(columns={"days": "usual_days"})
    joined = deals.assign(stage=deals["stage"].fillna("")).merge(
        enough_won.assign(stage=enough_won["stage"].fillna("")), how="left", on="stage"
    )

    def sentence(row: Mapping[str, object]) -> str:
        where = f" at {row['stage']}" if row["stage"] else ""
        usual = f"nine in ten of {row['won']:,.0f} won deals were never silent for more than {days(float(str(row['usual_days'])))} there"
        return f"Silent for {days(float(str(row['silent_days'])))}{where}; {usual}."

    return tuple(_to_inspect(joined[joined["silent_days"] > joined["usual_days"]], "stale", "cents", sentence))


def weak_commits(deals: pd.DataFrame, past: pd.DataFrame, period: Period) -> tuple[DealToInspect, ...]:
    """`weak_commit`: in commit and to close in the period, yet with less than half the chance at which past commits were won.

    In question is what the commit counts and the model does not: the amount less the expected money. With fewer than `MIN_PAST_DEALS` past
    commits there is no rule.

    Parameters
    ----------
    deals
        Open deals with `category`, `chance` (of being won in the period), `whole` (their amount in cents) and `close`.
    past
        From `dealml.forecast.waterfall.category_conversion.past_conversion`.
    """
    rate, count = _rate(past)
    due = deals["close"].isna() | ((deals["close"] >= period.start) & (deals["close"] < period.end))
    weak = deals[_in(deals, (COMMIT,)) & due & (deals["chance"] < WEAK * rate)]

    def sentence(row: Mapping[str, object]) -> str:
        return _against_commits(row, period, rate, count)

    return tuple(_to_inspect(weak.assign(left=weak["whole"] - weak["cents"]), "weak_commit", "left", sentence))


def strong_omitted(deals: pd.DataFrame, past: pd.DataFrame, period: Period) -> tuple[DealToInspect, ...]:
    """`strong_omitted`: in omitted or pipeline, yet with at least the chance at which past commits were won.

    In question is the expected money, which a commit leaves out; parameters as for `weak_commits`.
    """
    rate, count = _rate(past)
    strong = deals[_in(deals, OMITTED) & (deals["chance"] >= rate)]

    def sentence(row: Mapping[str, object]) -> str:
        return _against_commits(row, period, rate, count)

    return tuple(_to_inspect(strong, "strong_omitted", "cents", sentence))


def _against_commits(row: Mapping[str, object], period: Period, rate: float, count: int) -> str:
    chance = f"the chance to be won in {said_period(period)} is {percent(float(str(row['chance'])))}"
    return f"In {row['category']}, yet {chance}; {counted_percent(rate)} of {count:,} past commits were won."


def _change(largest: Move, cents: int, currency: str) -> DealToInspect:
    why = f" {largest.reasons[0]}." if largest.reasons else ""
    sentence = f"Expected money {money(cents, currency, signed=True)}, most of it under “{CATEGORIES[largest.category]}”.{why}"
    return DealToInspect(largest.deal_id, largest.name, "change", sentence, abs(cents))


def _rate(past: pd.DataFrame) -> tuple[float, int]:
    """The share of past commits that were won, and how many there were; not a number where they are too few."""
    commits = past[past["category"] == COMMIT]
    count = int(commits["deals"].sum())
    return (float(commits["won"].sum()) / count if count >= MIN_PAST_DEALS else float("nan")), count


def _in(deals: pd.DataFrame, categories: tuple[str, ...]) -> pd.Series:
    return deals["category"].fillna("").map(plain).isin(categories)


def _to_inspect(deals: pd.DataFrame, kind: str, column: str, sentence: object) -> Iterator[DealToInspect]:
    """The deals with the most money in question; one without money in question is nothing to talk about."""
    assert callable(sentence)
    there = deals[deals[column] > 0].sort_values([column, "deal_id"], ascending=[False, True], kind="stable").head(MAX_DEALS)
    for row in there.to_dict("records"):
        yield DealToInspect(str(row["deal_id"]), str(row["name"]), kind, sentence(row), int(row[column]))
