"""Evaluate a model on held-out later time."""

from __future__ import annotations

from datetime import datetime

from dealml.evaluation.report.evaluate import Evaluation, measure
from dealml.jobs.modelling.holdout import holdout_of
from dealml.jobs.progress import Progress, silent
from dealml.project import Project


def evaluate(
    project: Project, name: str, as_of: datetime | None = None, version: int | None = None, progress: Progress = silent
) -> Evaluation:
    """Measure a version (default: the champion), or its recipe, and its baselines on held-out later time.

    Parameters
    ----------
    as_of
        Use only what was recorded before this moment.

    Raises
    ------
    ModelError
        When no outcome was settled by then.
    """
    holdout = holdout_of(project, name, as_of, version, progress)
    progress("intervals", 0, 1)
    currency = project.settings.company.currency
    evaluation = measure(
        holdout.view.spec, holdout.model, holdout.predictions, holdout.method, holdout.view.end.isoformat(), currency=currency
    )
    progress("intervals", 1, 1)
    return evaluation
