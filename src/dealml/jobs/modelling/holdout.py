"""The labelled history of a model, and the part of it that is held out to measure on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dealml.errors import ModelError
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.report.evaluate import later_time, method_of, refitted
from dealml.jobs.progress import Progress, within
from dealml.jobs.registry import registry_to_read
from dealml.learning.fitted import FittedModel
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows
from dealml.learning.view import View
from dealml.load_definitions import load_model, load_scorecard
from dealml.project import Project


def labelled_history(
    project: Project, spec: Model, as_of: datetime | None, progress: Progress, versions: Sequence[FittedModel] = ()
) -> tuple[View, TrainingRows]:
    """The ledger as known before a moment (default: the end of the data), and its labelled rows.

    Parameters
    ----------
    versions
        Trained models that are to predict these rows.

    Raises
    ------
    ModelError
        When no outcome was settled by then.
    """
    view = View.of(project.ledger, spec, as_of, project.query_settings, served=versions)
    rows = view.labelled(view.history(within(progress, "features")))
    if not len(rows):
        raise ModelError(f"{spec.name}: no outcome was settled before {view.end:%Y-%m-%d}; import more history or choose a later date")
    return view, rows


@dataclass(frozen=True)
class Holdout:
    """Held-out rows with the probabilities of a model and its baselines."""

    view: View
    model: FittedModel
    """The registered version, or the same recipe trained before the cut."""
    version: int
    scorecard: Scorecard | None
    predictions: HoldoutPredictions
    method: str
    """A key of `evaluate.METHODS`."""


def holdout_of(project: Project, name: str, as_of: datetime | None, version: int | None, progress: Progress) -> Holdout:
    """The held-out rows of a version (default: the champion), from the time after its training.

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
    scorecard = load_scorecard(project.folder, spec.entity)
    registry = registry_to_read(project, name)
    registered = registry.champion(name) if version is None else registry.version(name, version)
    fitted = registry.load(registered)
    view, rows = labelled_history(project, spec, as_of, progress, [fitted])
    progress("held-out check", 0, 1)
    predictions = later_time(spec, fitted, rows, scorecard)
    if predictions is not None:
        return Holdout(view, fitted, registered.version, scorecard, predictions, "later time")
    predictions, model = refitted(spec, rows, view.served_features(), view.outcome.outcome_name, view.end, scorecard, fitted.rung.name)
    return Holdout(view, model, registered.version, scorecard, predictions, method_of(predictions))
