"""What is expected of the recurring revenue of the customers there are."""

from __future__ import annotations

import numpy as np

from dealml.forecast.customers.recurring_revenue import base_at, growth_of_stayers, recurring_of
from dealml.forecast.result import Recurring
from dealml.forecast.simulation.common_shock import learned
from dealml.forecast.time_to_close import leaving_of
from dealml.jobs.scoring.population import ScoringPopulation
from dealml.period import Period
from dealml.project import Project


def recurring(project: Project, base: ScoringPopulation, period: Period) -> tuple[Recurring | None, tuple[str, ...]]:
    """Recurring revenue at a period's end, and what a reader should know; None with the reason where it cannot be told.

    Parameters
    ----------
    base
        The customers there are, from `base_of`.
    """
    view, accounts, fitted = base.view, base.table, base.chosen.fitted
    as_of, currency = view.end, project.settings.company.currency
    arr = base_at(view, [as_of], currency).set_index("account_id")["arr"].reindex(accounts["account_id"]).to_numpy(dtype=np.float64)
    known = arr > 0
    if not known.any():
        return None, ("recurring revenue is not told: no account has any on record",)
    leaves = leaving_of(accounts, fitted).won_by(period.days_from(as_of))
    growth = growth_of_stayers(view, as_of, period.end - as_of, currency)
    notes = []
    if (~known).any():
        notes.append(f"{int((~known).sum())} customers without recurring revenue in {currency} on record are left out of it")
    if not len(growth):
        notes.append("no past window of the same length is on record, so customers are taken to add nothing")
    if period.days_from(as_of) > max(fitted.horizons):
        notes.append(
            f"past {max(fitted.horizons)} days customers are taken to leave at the pace of the days before: nothing was learned there"
        )
    return recurring_of(arr[known], leaves[known], growth, learned([])), tuple(notes)
