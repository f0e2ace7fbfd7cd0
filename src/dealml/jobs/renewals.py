"""The churn risk of the base, by the month of renewal."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import ModelError
from dealml.forecast.curve import Curves
from dealml.forecast.renewals import RenewalMonth, renewal_months
from dealml.forecast.standing import Past
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.score import seen_by, served
from dealml.learning.fitted import FittedModel
from dealml.learning.outcomes import Cancelled
from dealml.learning.spec import Shown
from dealml.loading import load_model, model_names
from dealml.project import Project
from dealml.scoring.score import at_horizons

Floats = npt.NDArray[np.float64]


def renewals(
    project: Project, as_of: datetime, name: str = "account_churn", version: int | None = None, progress: Progress = silent
) -> tuple[RenewalMonth, ...]:
    """For each of the next twelve months in which a term ends: accounts, recurring revenue, and what of it is expected to be lost.

    Empty where the ledger has no subscriptions or no dates, or the project has no such model or no champion of it.

    Parameters
    ----------
    name
        A model of accounts that cancel.
    version
        A version by number; default the champion.

    Raises
    ------
    ModelError
        When a version was asked for that is not there.
    """
    ledger = project.ledger
    if "subscriptions" not in ledger.tables or ledger.is_cross_section or name not in model_names(project.folder):
        return ()
    spec = load_model(project.folder, name)
    if not isinstance(spec.outcome(ledger.tables), Cancelled):
        return ()
    try:
        chosen = served(project, name, version)
    except ModelError:
        if version is not None:
            raise
        return ()
    table = seen_by(chosen, project, spec, as_of).at_stake(within(progress, "features"))
    past = Past.of(ledger, as_of, project.settings.company.currency, project.limits)
    days = _numbers(table, spec.shown.ends_in_days)
    return renewal_months(as_of, days, _revenue(table, spec.shown, past), leaving(chosen.fitted, table))


def leaving(model: FittedModel, table: pd.DataFrame) -> Curves:
    """By when each account leaves; past the model's last horizon at the pace of the last stretch."""
    left = model.probability(at_horizons(table, model.horizons)).reshape(len(table), len(model.horizons))
    # An account that does not leave stays: nothing else can end it.
    return Curves.of(model.horizons, left, np.zeros_like(left))


def _revenue(table: pd.DataFrame, shown: Shown, past: Past) -> Floats:
    if shown.amount_converted in table:
        return _numbers(table, shown.amount_converted)
    own = table[shown.currency] if shown.currency in table else pd.Series(None, index=table.index, dtype="str")
    asked = pd.DataFrame({"currency": own.fillna(past.currency), "rated_at": pd.Timestamp(past.end).as_unit("us")})
    return np.asarray(_numbers(table, shown.amount) * past.rates(asked).to_numpy(dtype=np.float64))


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    return np.asarray(table[name].to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
