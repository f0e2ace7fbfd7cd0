"""Past periods as they would have been forecast: a recipe refitted before each, everything else learned from what was over by then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import ModelError
from dealml.forecast.accuracy import range_of
from dealml.forecast.actuals import total, won_in
from dealml.forecast.period_forecast import PeriodSimulation, simulate_period
from dealml.forecast.record import Record
from dealml.forecast.result import PastPeriod
from dealml.forecast.simulation.common_shock import curve_of, learned
from dealml.forecast.simulation.past_windows import past_windows
from dealml.forecast.time_to_close import curves_of
from dealml.learning.calibration import fit_calibrator
from dealml.learning.encoding import schema_of
from dealml.learning.fitted import FittedModel
from dealml.learning.ladder import MIN_ENTITIES, Choice, fit_rung
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64
from dealml.period import Kind, Period, periods_between

Floats = npt.NDArray[np.float64]

FITS = 6
"""How many times the recipe is refitted at most; in between its last fit forecasts on."""
MOST_ROWS = 20_000
"""Rows that a refit learns from at most."""


@dataclass(frozen=True)
class BacktestPeriod:
    """One past period of a backtest: what is shown of it, and what its shock was."""

    past: PastPeriod
    curve: Floats
    """The likelihood of its u (`shock.curve_of`)."""


@dataclass(frozen=True)
class Recipe:
    """How a model is refitted: as the version at hand was, on fewer rows."""

    spec: Model
    features: Sequence[str]
    like: FittedModel

    def fit(self, rows: TrainingRows, end: datetime) -> FittedModel:
        """Fit on what was settled by a moment.

        The rung, the number of trees, their share and the calibrator's slope are those of the version at hand; what it learned
        of deals is not used.
        """
        taught = rows.keep(rows.resolved_at <= as_utc64(end)).thinned(MOST_ROWS)
        features = self.features if self.like.families else rows.families.left_out(self.features)
        schema = schema_of(taught.snapshots, rows.families.visible(features, as_utc64(end)))
        matrix = taught.matrix(schema)
        rung = fit_rung(_choice(self.like), self.spec, taught, schema, matrix)
        calibrator = fit_calibrator(rung.margin(matrix), taught.label, self.like.calibrator.slope)
        horizons = tuple(int(h) for h in np.unique(taught.horizon))
        families = rows.families.lists_at(as_utc64(end)) if self.like.families else {}
        return replace(
            self.like,
            families=families,
            schema=schema,
            rung=rung,
            calibrator=calibrator,
            horizons=horizons,
            trained_through=end.isoformat(),
        )


def origin_of(period: Period) -> datetime:
    """The moment from which a past period is seen: its first Monday, midnight."""
    return period.start + timedelta(days=-period.start.weekday() % 7)


def backtest(
    recipe: Recipe,
    rows: TrainingRows,
    record: Record,
    kind: Kind,
    count: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
    since: datetime | None = None,
) -> list[BacktestPeriod]:
    """Forecast past periods of a kind, each from its first Monday, in the order of time.

    Parameters
    ----------
    rows
        The labelled history: a snapshot of every open deal on every Monday.
    record
        The same ledger's deals, as of the same end.
    count
        Only the latest n periods; default all that had enough history to learn from.
    since
        None that begins before.

    Raises
    ------
    ModelError
        When there is no such period.
    """
    periods = [period for period in periods_between(record.first, record.end, kind) if _can_be_forecast(period, rows, record, since)]
    periods = periods[-count:] if count else periods
    if not periods:
        raise ModelError(f"no {kind} on record had enough before it to be forecast from; import more history or choose a shorter period")
    results: list[BacktestPeriod] = []
    for done, (period, model) in enumerate(_fits(recipe, rows, periods)):
        progress(done, len(periods))
        results.append(_backtest_period(period, model, rows, record, results))
    progress(len(periods), len(periods))
    return results


def _fits(recipe: Recipe, rows: TrainingRows, periods: Sequence[Period]) -> Iterator[tuple[Period, FittedModel]]:
    """Each period with a model that knew nothing later than its origin."""
    every = -(-len(periods) // FITS)
    for start in range(0, len(periods), every):
        model = recipe.fit(rows, origin_of(periods[start]))
        for period in periods[start : start + every]:
            yield period, model


def _can_be_forecast(period: Period, rows: TrainingRows, record: Record, since: datetime | None) -> bool:
    origin = origin_of(period)
    if (since and period.start < since) or origin >= period.end or not past_windows(period, origin, record.first):
        return False
    return min(rows.keep(rows.resolved_at <= as_utc64(origin)).outcomes()) >= MIN_ENTITIES


def _backtest_period(
    period: Period, model: FittedModel, rows: TrainingRows, record: Record, before: Sequence[BacktestPeriod]
) -> BacktestPeriod:
    origin = origin_of(period)
    deals = rows.snapshots[(rows.snapshots["as_of"] == pd.Timestamp(origin)).to_numpy(dtype=np.bool_)].reset_index(drop=True)
    chances = pd.Series(curves_of(deals, model).won_in(period, origin), index=deals["deal_id"])
    shock = learned([earlier.curve for earlier in before if earlier.past.period.end <= origin])
    seen_then = simulate_period(record, period, origin, chances, shock)
    wins = won_in(record.wins, period, period.end)
    rivals = {rival.name: rival.amount for rival in seen_then.benchmarks}
    return BacktestPeriod(PastPeriod(period, origin, range_of(seen_then.draws), total(wins), rivals), _curve(seen_then, wins))


def _curve(seen_then: PeriodSimulation, wins: pd.DataFrame) -> Floats:
    deals = seen_then.inputs.open
    won = deals["deal_id"].isin(wins.loc[wins["won_at"] >= seen_then.as_of, "deal_id"]).to_numpy(dtype=np.bool_)
    return curve_of(deals["probability"].to_numpy(dtype=np.float64), won.astype(np.float64))


def _choice(fitted: FittedModel) -> Choice:
    """What was settled of a version on held-out rows."""
    content = fitted.rung.content()
    share = float(content.get("share", 0.0))
    return Choice(fitted.rung.name, _rounds(fitted), share, fitted.calibrator.slope)


def _rounds(fitted: FittedModel) -> int:
    text = fitted.rung.trees
    return 0 if text is None else text.count("\nTree=")
