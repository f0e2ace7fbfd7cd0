"""Study a company's own past: progress against activity."""

from __future__ import annotations

from datetime import datetime

from dealml.errors import InputError, UsageError
from dealml.evaluation.study import Study, study
from dealml.jobs.modelling.holdout import labelled_history
from dealml.jobs.progress import Progress, silent, within
from dealml.learning.spec import Model
from dealml.load_definitions import leading_models, load_model
from dealml.project import Project


def progress_vs_activity(project: Project, name: str | None = None, as_of: datetime | None = None, progress: Progress = silent) -> Study:
    """Compare what progress and activity say of the deals' outcome; nothing is registered or written.

    Parameters
    ----------
    name
        A model of deals; without it, the first of the project.
    as_of
        Use only what was recorded before this moment.

    Raises
    ------
    UsageError
        When the model is not one of deals.
    InputError
        When the ledger has no dates.
    ModelError
        When there are too few outcomes, or one side has no features.
    """
    spec = _model_of_deals(project, name)
    if project.ledger.is_cross_section:
        raise InputError(f"{project.ledger.folder}: a cross-section, which has no later time to judge a study on; import facts with dates")
    view, rows = labelled_history(project, spec, as_of, progress)
    return study(spec, rows, view.plan.features, view.outcome.outcome_name, view.end, within(progress, "models"))


def _model_of_deals(project: Project, name: str | None) -> Model:
    specs = (load_model(project.folder, model_name) for model_name in ([name] if name else leading_models(project.folder)))
    model = next((spec for spec in specs if spec.entity == "deal_id"), None)
    if model is None:
        problem = f"--model: {name} is not of deals" if name else f"{project.folder / 'models'}: no model of deals"
        raise UsageError(f"{problem}; the study compares what is known of deals")
    return model
