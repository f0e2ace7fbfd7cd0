"""Forecast the money won in a period, as seen from a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from dealml.errors import ModelError, UsageError
from dealml.forecast.accuracy import accuracy_of, range_of
from dealml.forecast.backtest_store import StoredBacktest, stored_backtest
from dealml.forecast.period_forecast import OverriddenInputs, PeriodSimulation, simulate_period
from dealml.forecast.record import Record
from dealml.forecast.result import Forecast, Range, Recurring
from dealml.forecast.simulation.common_shock import Shock, learned
from dealml.forecast.simulation.new_deals import Arrivals
from dealml.formatting import day
from dealml.jobs.absent import MissingPiece
from dealml.jobs.forecasting.customers import CustomerBase, churn_base, recurring
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import ScoringPopulation, scoring_population
from dealml.jobs.scoring.requirements import NO_WINS, require_dated, says_wins
from dealml.learning.data_end import data_end
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from dealml.load_definitions import load_model
from dealml.period import Period
from dealml.project import Project

QUIET = timedelta(days=7)
"""Data that ends longer before the moment gets a note."""


@dataclass(frozen=True)
class ForecastRun:
    """A forecast, and the deals that it counts."""

    forecast: Forecast
    deals: pd.DataFrame
    """A row for each open deal: `deal_id`, `team`, `segment`, `kind`, `amount`, `probability` within the period, `expected` money."""
    simulation: PeriodSimulation

    def judged(self, instead: Mapping[str, OverriddenInputs]) -> Range | None:
        """The money with people's numbers in place of the served ones; None where there are none."""
        return self.simulation.judged(instead) if instead else None


@dataclass(frozen=True, eq=False)
class ForecastContext:
    """Everything that a forecast of deals is computed from."""

    period: Period
    as_of: datetime
    currency: str
    """The project's."""
    population: ScoringPopulation
    record: Record
    backtest: StoredBacktest | None
    """Forecasts of past periods that were over by the moment; None where none was measured."""
    data_end: datetime


def run_forecast(
    project: Project,
    as_of: datetime,
    period: Period,
    model: str = "deal_win",
    version: int | None = None,
    judged: Mapping[str, OverriddenInputs] | None = None,
    progress: Progress = silent,
) -> ForecastRun:
    """The distribution of the money won in a period, with the deals behind it.

    Parameters
    ----------
    as_of
        Nothing recorded at or after this moment is used.
    judged
        People's numbers by deal, which are shown next to the model's.

    Raises
    ------
    UsageError
        When the period is over at the moment.
    InputError, ModelError
        When the ledger has no dates or no deals by then, the model was not trained or does not say whether deals are won, or no past
        period is on record to learn from.
    """
    require_ahead(period, as_of)
    load_forecast_model(project, model)
    view, population = scoring_population(project, model, as_of, version, progress)
    context = forecast_context(view, population, period, project.settings.company.currency, project.folder, project.ledger)
    return forecast_of(context, churn_base(project, as_of, period), judged, progress)


def require_ahead(period: Period, as_of: datetime) -> None:
    """Refuse a period that is over.

    Raises
    ------
    UsageError
        When it is over at the moment.
    """
    if period.end <= as_of:
        raise UsageError(f"--period: {period.name} was over on {period.end:%Y-%m-%d}, before {as_of:%Y-%m-%d}; name a later one")


def load_forecast_model(project: Project, name: str) -> Model:
    """The specification of a model that a period can be forecast with.

    Raises
    ------
    InputError, ModelError
        When the ledger is a cross-section, or the model does not say whether deals are won.
    """
    spec = load_model(project.folder, name)
    require_dated(project, "no period can be forecast")
    require_wins(spec)
    return spec


def require_wins(spec: Model) -> None:
    """Refuse a model that does not say whether deals are won.

    Raises
    ------
    ModelError
        When it says something else.
    """
    if not says_wins(spec):
        raise ModelError(f"{spec.name}: {NO_WINS}")


def forecast_context(
    view: View, population: ScoringPopulation, period: Period, currency: str, folder: Path, ledger: Ledger
) -> ForecastContext:
    """Read what a forecast is computed from: the record of the deals, and the backtest that reaches furthest.

    Parameters
    ----------
    folder
        The project's, which holds backtests.
    ledger
        The view's.

    Raises
    ------
    InputError, ModelError
        When the model does not say whether deals are won, no deal is on record, or the file of the backtest was damaged.
    """
    require_wins(population.spec)
    record = Record.of(view, currency)
    backtest = stored_backtest(folder, population.spec.name, period.kind, view.end)
    return ForecastContext(period, view.end, currency, population, record, backtest, data_end(view.con, ledger))


def forecast_of(
    context: ForecastContext,
    customers: CustomerBase | MissingPiece,
    judged: Mapping[str, OverriddenInputs] | None = None,
    progress: Progress = silent,
) -> ForecastRun:
    """Forecast the period of a context; `judged` as for `run_forecast`.

    Raises
    ------
    ModelError
        When no past period is on record to learn from, or the ledger lacks what the model learned from.
    """
    progress("forecast", 0, 1)
    population, period, as_of = context.population, context.period, context.as_of
    chances = pd.Series(population.curves.won_in(period, as_of), index=population.table["deal_id"])
    simulation = simulate_period(context.record, period, as_of, chances, shock_of(context.backtest, as_of))
    revenue, revenue_notes = _recurring(customers, period)
    notes = _notes(context, simulation) + revenue_notes
    forecast = replace(_forecast(context, simulation, judged, notes), recurring=revenue)
    progress("forecast", 1, 1)
    return ForecastRun(forecast, _deals(simulation), simulation)


def shock_of(backtest: StoredBacktest | None, as_of: datetime) -> Shock:
    """The common shock that past periods teach; without a backtest the one that is taken for usual."""
    return learned([past.curve for past in backtest.before(as_of)] if backtest else [])


def _recurring(customers: CustomerBase | MissingPiece, period: Period) -> tuple[Recurring | None, tuple[str, ...]]:
    if isinstance(customers, MissingPiece):
        return None, (f"recurring revenue is not told: {customers.reason}",)
    return recurring(customers, period)


def _forecast(
    context: ForecastContext, simulation: PeriodSimulation, judged: Mapping[str, OverriddenInputs] | None, notes: tuple[str, ...]
) -> Forecast:
    backtest = context.backtest
    return Forecast(
        period=simulation.period,
        as_of=simulation.as_of,
        currency=context.currency,
        won_so_far=simulation.won_so_far,
        deals=len(simulation.inputs.open),
        total=range_of(simulation.draws),
        open_deals=range_of(simulation.simulated.open),
        new_deals=range_of(simulation.simulated.new),
        bridge=simulation.bridge,
        wide_because=simulation.wide_because,
        groups=simulation.groups,
        benchmarks=simulation.benchmarks,
        judged=simulation.judged(judged) if judged else None,
        accuracy=accuracy_of([past.past for past in backtest.before(simulation.as_of)]) if backtest else None,
        notes=notes,
    )


def _deals(simulation: PeriodSimulation) -> pd.DataFrame:
    table = simulation.inputs.open.rename(columns={"money": "amount_base"})
    rows = table[["deal_id", "team", "segment", "kind", "probability"]].assign(amount=table["amount_base"])
    rows = rows.assign(expected=rows["amount"] * rows["probability"])
    return rows[["deal_id", "team", "segment", "kind", "amount", "probability", "expected"]]


def _notes(context: ForecastContext, simulation: PeriodSimulation) -> tuple[str, ...]:
    """For a reader of the forecast."""
    period, as_of, inputs = context.period, context.as_of, simulation.inputs
    notes = list(context.population.notes)
    if as_of - context.data_end > QUIET:
        notes.append(f"the data ends on {day(context.data_end)}, before the moment of this forecast: what happened since is not in it")
    notes += _of_amounts(simulation.left_out, context.currency)
    if inputs.won["money"].isna().any():
        notes.append(f"{int(inputs.won['money'].isna().sum())} deals won in the period have no money on record, and count as nothing")
    longest = max(context.population.served.fitted.horizons)
    if period.days_from(as_of) > longest:
        then = "are taken to end at the pace of the days before" if context.population.loss else "count as far as that"
        notes.append(f"the period ends more than {longest} days ahead, the model's longest horizon: past it deals open today {then}")
    if not inputs.growth.deals and len(inputs.open):
        notes.append("too few deals were won in past periods to learn how amounts change: they are taken as they stand")
    notes.append(_of_past(inputs.arrivals, period))
    notes.append(_of_shock(inputs.shock, period, context.backtest))
    return tuple(notes)


def _of_amounts(left_out: pd.DataFrame, currency: str) -> list[str]:
    notes, priced = [], left_out["amount"].notna()
    for name, count in left_out.loc[priced, "currency"].value_counts().items():
        notes.append(f"{count} open deals in {name} are left out: no rate to {currency} was on record")
    if (~priced).any():
        notes.append(f"{int((~priced).sum())} open deals without an amount are left out")
    return notes


def _of_past(arrivals: Arrivals, period: Period) -> str:
    past = f"{arrivals.windows} past {period.kind}{'s' * (arrivals.windows != 1)}"
    if not len(arrivals.pool):
        return (
            f"deals not yet created won nothing in {past}, seen from as far ahead: none is expected, and the range leaves no room for one"
        )
    return f"deals not yet created are drawn from what {past} brought, seen from as far ahead"


def _of_shock(shock: Shock, period: Period, stored: StoredBacktest | None) -> str:
    command = f"dealml forecast-backtest --period-kind {period.kind}"
    if stored is None:
        return f"how well such forecasts do was not measured, so a usual spread is assumed; measure it with: {command}"
    return (
        f"how far all deals move together was learned from {shock.periods} past {period.kind}{'s' * (shock.periods != 1)}, "
        f"measured on {day(stored.as_of)}; measure anew with: {command}"
    )
