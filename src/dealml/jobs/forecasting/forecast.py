"""Forecast the money won in a period, as seen from a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pandas as pd

from dealml.errors import InputError, ModelError, UsageError
from dealml.forecast.accuracy import accuracy_of, range_of
from dealml.forecast.backtest_store import StoredBacktest, stored_backtest
from dealml.forecast.period_forecast import OverriddenInputs, PeriodSimulation, simulate_period
from dealml.forecast.record import Record
from dealml.forecast.result import Forecast, Range, Recurring
from dealml.forecast.simulation.common_shock import Shock, learned
from dealml.forecast.simulation.new_deals import Arrivals
from dealml.formatting import day
from dealml.jobs.forecasting.base import base_of
from dealml.jobs.forecasting.customers import recurring
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import ScoringPopulation, scoring_population
from dealml.jobs.scoring.served_models import notes_for_scores
from dealml.learning.outcomes import Won
from dealml.learning.spec import Model
from dealml.learning.view import View, data_end
from dealml.load_definitions import load_model
from dealml.period import Period
from dealml.project import Project
from dealml.scoring.score import ServedModel

QUIET = timedelta(days=7)
"""Data that ends longer before the moment is told of."""


@dataclass(frozen=True)
class ForecastRun:
    """A forecast, and the deals that it counts."""

    forecast: Forecast
    deals: pd.DataFrame
    """Of each open deal: `deal_id`, `team`, `segment`, `kind`, `amount`, `probability` within the period, and `expected` money."""
    simulation: PeriodSimulation

    def judged(self, instead: Mapping[str, OverriddenInputs]) -> Range | None:
        """The money with people's numbers in place of the served ones; None where nobody said any."""
        return self.simulation.judged(instead) if instead else None


def run_forecast(
    project: Project,
    as_of: datetime,
    period: Period,
    model: str = "deal_win",
    version: int | None = None,
    judged: Mapping[str, OverriddenInputs] | None = None,
    progress: Progress = silent,
    stake: ScoringPopulation | None = None,
    base: tuple[ScoringPopulation | None, str] | None = None,
) -> ForecastRun:
    """The distribution of the money won in a period, with the deals behind it.

    Parameters
    ----------
    as_of
        Nothing recorded at or after this moment is used.
    judged
        By deal what people said instead, which stands beside the model's numbers.
    stake, base
        What is at stake at the moment, and `base_of` it, where they were computed already.

    Raises
    ------
    UsageError
        When the period is over at the moment.
    InputError, ModelError
        When the ledger has no dates or no deals by then, the model was not trained or does not speak of deals won, or no past period is
        on record to learn from.
    """
    if period.end <= as_of:
        raise UsageError(f"--period: {period.name} was over on {period.end:%Y-%m-%d}, before {as_of:%Y-%m-%d}; name a later one")
    deals_spec(project, model)
    stake = stake or scoring_population(project, model, as_of, version, progress)
    chosen, loss, view = stake.chosen, stake.loss, stake.view
    progress("forecast", 0, 1)
    record = Record.of(view, project.settings.company.currency)
    chances = pd.Series(stake.curves.won_in(period, as_of), index=stake.table["deal_id"])
    stored = stored_backtest(project.folder, model, period.kind, as_of)
    found = simulate_period(record, period, as_of, chances, shock_of(stored, as_of))
    revenue, of_revenue = _recurring(project, base or base_of(project, as_of), period)
    notes = _notes(project, found, chosen, view, stored, loss is not None) + of_revenue
    told = replace(_told(project, found, judged, stored, notes), recurring=revenue)
    progress("forecast", 1, 1)
    return ForecastRun(told, _rows(found), found)


def deals_spec(project: Project, model: str) -> Model:
    """The specification of a model that can be forecast from.

    Raises
    ------
    InputError, ModelError
        When the ledger is a cross-section, or the model does not say whether deals are won.
    """
    spec = load_model(project.folder, model)
    project.ledger.require_facts()
    if project.ledger.is_cross_section:
        raise InputError(f"{project.ledger.folder}: a cross-section, which has no dates, so no period can be forecast")
    if not isinstance(spec.outcomes[0], Won):
        raise ModelError(f"{model}: does not say whether deals are won; name a model that does, such as deal_win")
    return spec


def shock_of(stored: StoredBacktest | None, as_of: datetime) -> Shock:
    """The shock as past periods teach it; without a backtest what is taken for usual."""
    return learned([told.curve for told in stored.before(as_of)] if stored else [])


def _recurring(project: Project, base: tuple[ScoringPopulation | None, str], period: Period) -> tuple[Recurring | None, tuple[str, ...]]:
    customers, why_not = base
    if customers is None:
        return None, (f"recurring revenue is not told: {why_not}",)
    return recurring(project, customers, period)


def _told(
    project: Project,
    found: PeriodSimulation,
    judged: Mapping[str, OverriddenInputs] | None,
    stored: StoredBacktest | None,
    notes: tuple[str, ...],
) -> Forecast:
    return Forecast(
        period=found.period,
        as_of=found.as_of,
        currency=project.settings.company.currency,
        won_so_far=found.won_so_far,
        deals=len(found.inputs.open),
        total=range_of(found.draws),
        open_deals=range_of(found.drawn.open),
        new_deals=range_of(found.drawn.new),
        bridge=found.bridge,
        wide_because=found.wide_because,
        groups=found.groups,
        rivals=found.rivals,
        judged=found.judged(judged) if judged else None,
        track=accuracy_of([told.past for told in stored.before(found.as_of)]) if stored else None,
        notes=notes,
    )


def _rows(found: PeriodSimulation) -> pd.DataFrame:
    table = found.inputs.open.rename(columns={"money": "amount_base"})
    rows = table[["deal_id", "team", "segment", "kind", "probability"]].assign(amount=table["amount_base"])
    rows = rows.assign(expected=rows["amount"] * rows["probability"])
    return rows[["deal_id", "team", "segment", "kind", "amount", "probability", "expected"]]


def _notes(
    project: Project, found: PeriodSimulation, chosen: ServedModel, view: View, stored: StoredBacktest | None, told_losses: bool
) -> tuple[str, ...]:
    """What a reader of the forecast should know."""
    period, as_of, outlook = found.period, found.as_of, found.inputs
    notes = list(notes_for_scores(chosen, view))
    last = data_end(view.con, project.ledger)
    if as_of - last > QUIET:
        notes.append(f"the data ends on {day(last)}, before the moment of this forecast: what happened since is not in it")
    notes += _of_amounts(found.left_out, project.settings.company.currency)
    if outlook.won["money"].isna().any():
        notes.append(f"{int(outlook.won['money'].isna().sum())} deals won in the period have no money on record, and count as nothing")
    longest = max(chosen.fitted.horizons)
    if period.days_from(as_of) > longest:
        then = "are taken to end at the pace of the days before" if told_losses else "count as far as that"
        notes.append(f"the period ends more than {longest} days ahead, the model's longest horizon: past it deals open today {then}")
    if not outlook.growth.deals and len(outlook.open):
        notes.append("too few deals were won in past periods to learn how amounts change: they are taken as they stand")
    notes.append(_of_past(outlook.arrivals, period))
    notes.append(_of_shock(outlook.shock, period, stored))
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
