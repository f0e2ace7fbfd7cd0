"""Evaluate a model on held-out later time."""

from __future__ import annotations

from datetime import datetime

from dealml.errors import ModelError
from dealml.evaluation.evaluate import Evaluation, later_time, measure, refitted
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.train import registry_to_read
from dealml.learning.rows import labelled
from dealml.learning.tables import View
from dealml.loading import load_model
from dealml.project import Project


def evaluate(
    project: Project, name: str, as_of: datetime | None = None, version: int | None = None, progress: Progress = silent
) -> Evaluation:
    """Measure a version (default: the champion) on the time after its training.

    Where too little time came after, the same recipe is trained on the first three quarters and held
    against the last; the result says which.

    Parameters
    ----------
    as_of
        Use only what was recorded before this moment.

    Raises
    ------
    ModelError
        When no outcome was settled by then.
    """
    spec = load_model(project.folder, name)
    registry = registry_to_read(project, name)
    fitted = registry.load(registry.champion(name) if version is None else registry.version(name, version))
    view = View.of(project.ledger, spec, as_of, project.limits)
    table = view.history(within(progress, "features"))
    rows = labelled(table, spec.entity, spec.horizons_for(view.outcome), view.end, view.outcome.absence)
    if not len(rows):
        raise ModelError(f"{name}: no outcome was settled before {view.end:%Y-%m-%d}; import more history or choose a later date")
    progress("held-out check", 0, 2)
    held, method, model = later_time(spec, fitted, rows), "later time", fitted
    if held is None:
        (held, model), method = refitted(spec, rows, view.served(), view.outcome.word, view.end), "refitted"
    progress("intervals", 1, 2)
    evaluation = measure(spec, model, held, method, view.end.isoformat())
    progress("intervals", 2, 2)
    return evaluation
