"""The customers there are, as the model of who leaves sees them: computed once for renewals and recurring revenue."""

from __future__ import annotations

from datetime import datetime

from dealml.errors import ModelError
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import ScoringPopulation, scoring_population
from dealml.learning.outcomes import Cancelled
from dealml.load_definitions import load_model, model_names
from dealml.project import Project

CHURN = "account_churn"


def base_of(project: Project, as_of: datetime, name: str = CHURN, progress: Progress = silent) -> tuple[ScoringPopulation | None, str]:
    """Accounts with a subscription at a moment, as the champion of a model of accounts that cancel sees them; or why nothing is told.

    Returns
    -------
    tuple
        What is at stake and no words, or None and the reason.
    """
    if why_not := _obstacle(project, name):
        return None, why_not
    try:
        return scoring_population(project, name, as_of, progress=progress), ""
    except ModelError as error:
        return None, str(error)


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
