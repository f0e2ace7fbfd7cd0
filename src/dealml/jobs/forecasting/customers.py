"""Customers and their recurring revenue: who may leave, what comes up for renewal, and what the revenue comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import ModelError
from dealml.forecast.customers.recurring_revenue import base_at, growth_of_stayers, recurring_of
from dealml.forecast.customers.renewals import RenewalMonth, renewal_months
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.result import Recurring
from dealml.forecast.simulation.common_shock import learned
from dealml.forecast.time_to_close import leaving_of
from dealml.jobs.absent import MissingPiece
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import ScoringPopulation, scoring_population
from dealml.learning.fitted import FittedModel
from dealml.learning.outcomes.of_accounts import Cancelled
from dealml.learning.spec import Shown
from dealml.learning.view import View
from dealml.load_definitions import load_model, model_names
from dealml.period import Period
from dealml.project import Project

CHURN = "account_churn"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CustomerBase:
    """Accounts with a subscription at a moment, as a served churn model sees them; every array has a number for each account."""

    as_of: datetime
    currency: str
    """The project's."""
    churn: FittedModel
    table: pd.DataFrame
    renewal_days: Floats
    """Days after the moment until the next term ends; nan where that is not known."""
    renewal_value: Floats
    """Annual recurring revenue by the features, in the project's currency; nan where that is not known."""
    recurring: Floats
    """Annual recurring revenue on record, in the project's currency; nan where there is none."""
    growth: Floats
    """What customers who stayed added in past windows as long as the period, as shares; empty without a period."""

    @cached_property
    def leaving(self) -> IncidenceCurves:
        """By when each account leaves; computed once."""
        return leaving_of(self.table, self.churn)


def churn_base(
    project: Project, as_of: datetime, period: Period | None = None, name: str = CHURN, progress: Progress = silent
) -> CustomerBase | MissingPiece:
    """The customers at a moment, as the champion of a model of accounts that cancel sees them; or why there are none.

    Parameters
    ----------
    period
        The period whose recurring revenue is forecast.
    """
    if obstacle := _obstacle(project, name):
        return MissingPiece(obstacle)
    try:
        view, population = scoring_population(project, name, as_of, progress=progress)
    except ModelError as error:
        return MissingPiece(str(error))
    return customer_base(
        view, population, DealsAsOf.of(project.ledger, as_of, project.settings.company.currency, project.query_settings), period
    )


def customer_base(view: View, population: ScoringPopulation, past: DealsAsOf, period: Period | None = None) -> CustomerBase:
    """The customers of a scoring population of accounts, with their revenue.

    Parameters
    ----------
    past
        The ledger at the same moment, for exchange rates.
    """
    table, currency, shown = population.table, past.currency, population.spec.shown
    recurring = base_at(view, [view.end], currency).set_index("account_id")["arr"].reindex(table["account_id"]).to_numpy(dtype=np.float64)
    has_growth = period is not None and bool((recurring > 0).any())
    return CustomerBase(
        as_of=view.end,
        currency=currency,
        churn=population.served.fitted,
        table=table,
        renewal_days=_numbers(table, shown.ends_in_days),
        renewal_value=_renewal_value(table, shown, past),
        recurring=recurring,
        growth=growth_of_stayers(view, view.end, period.end - view.end, currency) if period and has_growth else np.array([]),
    )


def renewals(base: CustomerBase) -> tuple[RenewalMonth, ...]:
    """For each of the next twelve months in which a term ends: accounts, recurring revenue, and what of it is expected to be lost."""
    return renewal_months(base.as_of, base.renewal_days, base.renewal_value, base.leaving)


def recurring(base: CustomerBase, period: Period) -> tuple[Recurring | None, tuple[str, ...]]:
    """Recurring revenue at the end of the period that the base was resolved for, and notes; None where no account has any."""
    has_revenue = base.recurring > 0
    if not has_revenue.any():
        return None, ("recurring revenue is not told: no account has any on record",)
    notes = []
    if (~has_revenue).any():
        notes.append(f"{int((~has_revenue).sum())} customers without recurring revenue in {base.currency} on record are left out of it")
    if not len(base.growth):
        notes.append("no past window of the same length is on record, so customers are taken to add nothing")
    longest, days = max(base.churn.horizons), period.days_from(base.as_of)
    if days > longest:
        notes.append(f"past {longest} days customers are taken to leave at the pace of the days before: nothing was learned there")
    leaves = base.leaving.won_by(days)
    return recurring_of(base.recurring[has_revenue], leaves[has_revenue], base.growth, learned([])), tuple(notes)


def _obstacle(project: Project, name: str) -> str:
    tables = project.ledger.tables
    if "subscriptions" not in tables:
        return "the ledger has no subscriptions"
    if project.ledger.is_cross_section:
        return "the ledger has no dates"
    if name not in model_names(project.folder):
        return f"the project has no model {name}"
    if not isinstance(load_model(project.folder, name).outcome(tables), Cancelled):
        return f"{name} does not say who cancels"
    return ""


def _renewal_value(table: pd.DataFrame, shown: Shown, past: DealsAsOf) -> Floats:
    if shown.amount_converted in table:
        return _numbers(table, shown.amount_converted)
    currencies = table[shown.currency] if shown.currency in table else pd.Series(None, index=table.index, dtype="str")
    rated = pd.DataFrame({"currency": currencies.fillna(past.currency), "rated_at": pd.Timestamp(past.end).as_unit("us")})
    return np.asarray(_numbers(table, shown.amount) * past.rates(rated).to_numpy(dtype=np.float64))


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    return np.asarray(table[name].to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
