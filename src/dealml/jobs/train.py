"""Train a model on the ledger, track the run and register the version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

import dealml
from dealml.errors import ModelError
from dealml.evaluation.evaluate import Evaluation, measure, refitted, summary_of
from dealml.evaluation.pictures import pictures_of
from dealml.evaluation.verdict import Verdict, verdict_on
from dealml.jobs.progress import Progress, silent, within
from dealml.learning.fitted import FittedModel
from dealml.learning.rows import Rows, labelled
from dealml.learning.tables import View
from dealml.learning.training import fit
from dealml.loading import code_digest, load_model
from dealml.project import Project
from dealml.tracking import Registered, Registry, has_store, no_champion, versions_used

TRAINING_RESAMPLES = 100


@dataclass(frozen=True)
class Trained:
    """What a training run came to."""

    registered: Registered
    fitted: FittedModel
    is_champion: bool
    evaluation: Evaluation | None
    """On held-out later time, by the same recipe trained before; None when too little could be held out."""
    verdict: Verdict
    """Whether that recipe beats the base rate; where it does not, the base rate is what was registered."""
    absent: dict[str, str]
    """Features that went away, each with the reason."""


def registry_of(project: Project) -> Registry:
    """The project's MLflow store."""
    return Registry(project.tracking_uri, project.folder / "mlartifacts")


def registry_to_read(project: Project, name: str) -> Registry:
    """The project's MLflow store, which is not made where it is only read.

    Raises
    ------
    ModelError
        When nothing was trained yet.
    """
    if not has_store(project.tracking_uri):
        raise ModelError(no_champion(name))
    return registry_of(project)


def train(project: Project, name: str, as_of: datetime | None = None, progress: Progress = silent) -> Trained:
    """Train a model on everything recorded before a moment (default: the end of the data).

    A recipe that does not beat the base rate on held-out time is not fitted: the base rate is.

    Raises
    ------
    ModelError
        When the ledger holds no settled outcome to learn from.
    """
    spec = load_model(project.folder, name)
    view = View.of(project.ledger, spec, as_of, project.limits)
    table = view.history(within(progress, "features"))
    rows = labelled(table, spec.entity, spec.horizons_for(view.outcome), view.end, view.outcome.absence)
    if not len(rows):
        raise ModelError(f"{name}: no outcome was settled before {view.end:%Y-%m-%d}; import more history or choose a later date")
    progress("held-out check", 0, 3)
    evaluation = _checked(view, rows)
    verdict = verdict_on(evaluation)
    progress("fit on everything", 1, 3)
    only = None if verdict.beats else "base_rate"
    fitted = fit(spec, rows, view.served(), view.outcome.word, view.end, project.ledger.digest, only)
    fitted = replace(fitted, held_out=summary_of(evaluation) if evaluation else {})
    progress("track and register", 2, 3)
    registry = registry_of(project)
    registered = _record(registry, view, fitted, evaluation, verdict, _code(project))
    progress("track and register", 3, 3)
    champion = registry.champion(name)
    return Trained(registered, fitted, champion.version == registered.version, evaluation, verdict, view.plan.absent)


def _checked(view: View, rows: Rows) -> Evaluation | None:
    try:
        held, model = refitted(view.spec, rows, view.served(), view.outcome.word, view.end)
    except ModelError:
        return None
    return measure(view.spec, model, held, "refitted", view.end.isoformat(), TRAINING_RESAMPLES)


def _code(project: Project) -> dict[str, str]:
    """Which code a run used: the packages, dealml's own files, and the project's definitions."""
    definitions = code_digest(project.folder / "features", project.folder / "models")
    return versions_used() | {"code": code_digest(Path(dealml.__file__).parent), "definitions": definitions}


def _record(
    registry: Registry, view: View, fitted: FittedModel, evaluation: Evaluation | None, verdict: Verdict, code: dict[str, str]
) -> Registered:
    parameters = {
        "model": fitted.name,
        "rung": fitted.rung.name,
        "verdict": verdict.told,
        "trained_through": fitted.trained_through,
        "ledger_digest": fitted.ledger_digest,
        "outcome": fitted.word,
        "horizons": list(fitted.horizons),
        "features": len(fitted.schema.names) - 1,
        "absent_features": len(view.plan.absent),
        "calibrator": fitted.calibrator,
        **{f"trees.{key}": value for key, value in vars(view.spec.trees).items()},
        **{f"version.{key}": value for key, value in code.items()},
    }
    metrics = {f"count.{key}": float(value) for key, value in fitted.counts.items()}
    pictures = []
    if evaluation:
        for who, measured in evaluation.overall.items():
            metrics |= {f"{who}.{metric}": interval.value for metric, interval in measured.items() if np.isfinite(interval.value)}
        pictures = pictures_of(fitted, evaluation)
    texts = {"absent_features.txt": "\n".join(f"{n}: {why}" for n, why in view.plan.absent.items()) or "none"}
    return registry.record(fitted, parameters, metrics, pictures, texts)
