"""What is expected of the recurring revenue of the customers there are."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from dealml.errors import ModelError
from dealml.forecast.ends import curves_of
from dealml.forecast.period import Period
from dealml.forecast.recurring import base_at, growth_of_stayers, recurring_of
from dealml.forecast.result import Recurring
from dealml.forecast.shock import learned
from dealml.jobs.score import seen_by, served
from dealml.learning.fitted import FittedModel
from dealml.learning.outcomes import Cancelled
from dealml.learning.tables import View
from dealml.loading import load_model, model_names
from dealml.project import Project

CHURN = "account_churn"


def recurring(project: Project, as_of: datetime, period: Period) -> tuple[Recurring | None, tuple[str, ...]]:
    """Recurring revenue at a period's end, and what a reader should know; None with the reason where it cannot be told."""
    if "subscriptions" not in project.ledger.tables:
        return None, ("recurring revenue is not told: the ledger has no subscriptions",)
    if CHURN not in model_names(project.folder):
        return None, (f"recurring revenue is not told: the project has no model {CHURN}",)
    try:
        chosen = served(project, CHURN)
    except ModelError as error:
        return None, (f"recurring revenue is not told: {error}",)
    view = seen_by(chosen, project, load_model(project.folder, CHURN), as_of)
    if not isinstance(view.outcome, Cancelled):
        return None, (f"recurring revenue is not told: {CHURN} does not say who cancels",)
    return _told(project, chosen.fitted, view, as_of, period)


def _told(project: Project, fitted: FittedModel, view: View, as_of: datetime, period: Period) -> tuple[Recurring | None, tuple[str, ...]]:
    accounts = view.at_stake()
    currency = project.settings.company.currency
    arr = base_at(view, [as_of], currency).set_index("account_id")["arr"].reindex(accounts["account_id"]).to_numpy(dtype=np.float64)
    known = arr > 0
    if not known.any():
        return None, ("recurring revenue is not told: no account has any on record",)
    leaves = curves_of(accounts, fitted).won_by(period.days_from(as_of))
    growth = growth_of_stayers(view, as_of, period.end - as_of, currency)
    notes = []
    if (~known).any():
        notes.append(f"{int((~known).sum())} customers without recurring revenue in {currency} on record are left out of it")
    if not len(growth):
        notes.append("no past window of the same length is on record, so customers are taken to add nothing")
    if period.days_from(as_of) > max(fitted.horizons):
        notes.append(f"recurring revenue counts customers who leave within {max(fitted.horizons)} days, the longest horizon of {CHURN}")
    return recurring_of(arr[known], leaves[known], growth, learned([])), tuple(notes)
