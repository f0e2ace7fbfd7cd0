"""Study a company's own past: progress against activity."""

from __future__ import annotations

from datetime import datetime

from dealml.evaluation.study import Study, study
from dealml.jobs.modelling.holdout import labelled_history
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.scoring.requirements import first_deal_model, load_deal_model, require_dated
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
    spec = load_deal_model(project, name or first_deal_model(project), "the study compares what is known of deals")
    require_dated(project, "a study needs a later time to be judged on")
    view, rows = labelled_history(project, spec, as_of, progress)
    return study(spec, rows, view.plan.features, view.outcome.outcome_name, view.end, within(progress, "models"))
