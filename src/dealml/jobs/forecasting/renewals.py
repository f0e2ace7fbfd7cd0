"""The churn risk of the base, by the month of renewal."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.forecast.customers.renewals import RenewalMonth, renewal_months
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.forecast.time_to_close import leaving_of
from dealml.jobs.scoring.population import ScoringPopulation
from dealml.learning.spec import Shown
from dealml.project import Project

Floats = npt.NDArray[np.float64]


def renewals(project: Project, base: ScoringPopulation) -> tuple[RenewalMonth, ...]:
    """For each of the next twelve months in which a term ends: accounts, recurring revenue, and what of it is expected to be lost.

    Parameters
    ----------
    base
        The customers there are, from `base_of`.
    """
    view, table, shown = base.view, base.table, base.view.spec.shown
    past = DealsAsOf.of(project.ledger, view.end, project.settings.company.currency, project.limits)
    days = _numbers(table, shown.ends_in_days)
    return renewal_months(view.end, days, _revenue(table, shown, past), leaving_of(table, base.chosen.fitted))


def _revenue(table: pd.DataFrame, shown: Shown, past: DealsAsOf) -> Floats:
    if shown.amount_converted in table:
        return _numbers(table, shown.amount_converted)
    own = table[shown.currency] if shown.currency in table else pd.Series(None, index=table.index, dtype="str")
    asked = pd.DataFrame({"currency": own.fillna(past.currency), "rated_at": pd.Timestamp(past.end).as_unit("us")})
    return np.asarray(_numbers(table, shown.amount) * past.rates(asked).to_numpy(dtype=np.float64))


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    return np.asarray(table[name].to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
