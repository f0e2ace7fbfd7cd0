"""Benchmarks: forecasts that a team makes without a model, each from what was known at the moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.forecast.actuals import total, won_in
from dealml.forecast.record import Record
from dealml.forecast.result import BenchmarkForecast
from dealml.forecast.simulation.past_windows import PastDeals
from dealml.period import Period

Floats = npt.NDArray[np.float64]

# Short: they stand on a phone's money line. What each is, docs/forecast.md says.
TITLES = {
    "commit": "Commit",
    "best_case": "Commit and best case",
    "stage_weighted": "Stage-weighted pipeline",
    "category_conversion": "Conversion by category",
    "run_rate": "Run rate of the last period",
}


@dataclass(frozen=True)
class BenchmarkInputs:
    """The data that a benchmark may use."""

    record: Record
    period: Period
    as_of: datetime
    won_so_far: float
    open: pd.DataFrame
    """The deals open now, those with money: as `Record.open_at`."""
    seen: PastDeals


class NoFigure(Exception):  # noqa: N818  (no mishap: a rival that cannot speak)
    """The reason why a benchmark has no figure."""


def benchmark_forecasts(inputs: BenchmarkInputs) -> tuple[BenchmarkForecast, ...]:
    """Every benchmark, with its figure or the reason why it has none."""
    return tuple(_benchmark(name, inputs) for name in TITLES)


def _benchmark(name: str, inputs: BenchmarkInputs) -> BenchmarkForecast:
    try:
        return BenchmarkForecast(name, TITLES[name], _FIGURES[name](inputs))
    except NoFigure as reason:
        return BenchmarkForecast(name, TITLES[name], None, str(reason))


def _commit(inputs: BenchmarkInputs) -> float:
    return inputs.won_so_far + _in_categories(inputs, {"commit"})


def _best_case(inputs: BenchmarkInputs) -> float:
    return inputs.won_so_far + _in_categories(inputs, {"commit", "best case"})


def _in_categories(inputs: BenchmarkInputs, categories: set[str]) -> float:
    _require(inputs.open, "category", "deals have no forecast category")
    _require(inputs.open, "close_date", "deals have no expected close date")
    called = category(inputs.open["category"]).isin(categories) & _due(inputs.open, inputs.period)
    return float(inputs.open["money"][called].sum())


def _stage_weighted(inputs: BenchmarkInputs) -> float:
    """Amount × past win rate of the stage, of deals due in the period; without close dates × what was won in the same time."""
    _require(inputs.open, "stage", "deals have no stage")
    if inputs.open["close_date"].notna().any():
        rates = inputs.record.stage_rates(inputs.as_of)
        due = inputs.open[_due(inputs.open, inputs.period)]
        if not rates:
            raise NoFigure("no deal had been won or lost yet")
        return inputs.won_so_far + float((due["money"] * _each(due["stage"], rates)).sum())
    if not len(inputs.seen.deals):
        raise NoFigure("no past period to learn the rates of stages from")
    shares = inputs.seen.deals.groupby("stage")["won"].mean()
    return inputs.won_so_far + float((inputs.open["money"] * _each(inputs.open["stage"], shares.to_dict())).sum())


def _category_conversion(inputs: BenchmarkInputs) -> float:
    """Money in each category × the share of such money that past windows turned into won money."""
    _require(inputs.open, "category", "deals have no forecast category")
    if not len(inputs.seen.deals):
        raise NoFigure("no past period to learn the conversion from")
    past = inputs.seen.deals.assign(called=category(inputs.seen.deals["category"]))
    sums = past.assign(won_money=past["won_money"].fillna(0.0)).groupby("called")[["money", "won_money"]].sum()
    share = (sums["won_money"] / sums["money"]).replace([np.inf, -np.inf], np.nan).to_dict()
    return inputs.won_so_far + float((inputs.open["money"] * _each(category(inputs.open["category"]), share)).sum())


def _run_rate(inputs: BenchmarkInputs) -> float:
    last = inputs.period.previous
    while last.end > inputs.as_of:
        last = last.previous
    if last.start < inputs.record.first:
        raise NoFigure(f"no whole {inputs.period.kind} before is on record")
    return total(won_in(inputs.record.wins, last, last.end))


_FIGURES: dict[str, Callable[[BenchmarkInputs], float]] = {
    "commit": _commit,
    "best_case": _best_case,
    "stage_weighted": _stage_weighted,
    "category_conversion": _category_conversion,
    "run_rate": _run_rate,
}


def category(texts: pd.Series) -> pd.Series:
    """Forecast categories as they are compared: `Best Case`, `best_case` and `BestCase` are one; none is empty."""
    plain = {
        text: re.sub(r"[\s_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(text))).strip().lower() for text in texts.dropna().unique()
    }
    return texts.map(plain).astype(object).where(texts.notna(), "")


def _each(texts: pd.Series, shares: Mapping[Any, float]) -> Floats:
    """The share of each text; 0 where none was learned."""
    return np.nan_to_num(np.array([shares.get(text, 0.0) for text in texts], dtype=np.float64))


def _due(deals: pd.DataFrame, period: Period) -> npt.NDArray[np.bool_]:
    """Whether each deal is expected to close in the period."""
    date = deals["close_date"]
    return np.asarray(((date >= period.start) & (date < period.end)).fillna(False), dtype=np.bool_)


def _require(deals: pd.DataFrame, column: str, why: str) -> None:
    if len(deals) and not deals[column].notna().any():
        raise NoFigure(why)
