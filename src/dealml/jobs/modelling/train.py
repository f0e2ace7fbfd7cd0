"""Train a model on the ledger, track the run and register the version."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version as package_version
from pathlib import Path

import numpy as np

import dealml
from dealml.errors import ModelError
from dealml.evaluation.decisions.fit_or_fall_back import ValidatedFit, fit_or_fall_back
from dealml.evaluation.decisions.verdict import Verdict
from dealml.evaluation.figures.figure_sets import EXPLAINING, training_figures
from dealml.evaluation.report.evaluate import Evaluation
from dealml.jobs.modelling.data_quality import data_quality_of
from dealml.jobs.modelling.holdout import labelled_history
from dealml.jobs.modelling.model_card import card_of, excluded_from
from dealml.jobs.progress import Progress, silent
from dealml.jobs.registry import registry_of
from dealml.leaks.findings import Inspection
from dealml.leaks.gate import inspect, refuse
from dealml.leaks.searches.rewritten_after_outcome import changed_after_outcome
from dealml.learning.fitted import FittedModel
from dealml.learning.recipe.family_trial import FamilyTrial
from dealml.learning.rungs.recipe_changes import changes_since
from dealml.learning.training_rows import TrainingRows
from dealml.learning.view import View
from dealml.load_definitions import code_digest, load_model, load_scorecard
from dealml.page.model_card import Card, card_html, card_markdown
from dealml.project import Project
from dealml.tracking import ModelVersion, Registry


@dataclass(frozen=True)
class Trained:
    """The result of a training run."""

    registered: ModelVersion
    fitted: FittedModel
    is_champion: bool
    evaluation: Evaluation | None
    """On held-out rows, by the same recipe; None when too little could be held out."""
    verdict: Verdict
    """Whether that recipe has earned to be served; where it has not, a rate is what was registered."""
    leaks: Inspection
    """What the leak gate found, and how the leaks fared that were planted in this run."""
    absent: dict[str, str]
    """Features that went away, each with the reason."""
    changes: tuple[str, ...] = ()
    """What this training did otherwise than the one that made the champion."""
    truncated: str = ""
    """The sentence on rows from before outcomes are on record, which were left out; empty where there were none."""
    families: str = ""
    """The sentence on whether families of features are used; empty where the specification settles that."""


def train(
    project: Project,
    name: str,
    as_of: datetime | None = None,
    progress: Progress = silent,
    allowed_leaks: Mapping[str, str] | None = None,
) -> Trained:
    """Train a model on everything recorded before a moment (default: the end of the data).

    A recipe that does not beat rates on held-out rows, or is calibrated worse than its gate allows, is not served: a rate is.

    Parameters
    ----------
    allowed_leaks
        Features that may stay though the leak gate finds them, besides those of the specification: name and reason.

    Raises
    ------
    ModelError
        When the ledger holds no settled outcome to learn from.
    GateRefused
        When a feature looks as if it knew the outcome; nothing is registered then.
    """
    spec = load_model(project.folder, name)
    view, rows = labelled_history(project, spec, as_of, progress)
    progress("leak gate", 0, 4)
    open_now = view.at_stake()
    serving = None if view.cross_section else open_now
    leaks = inspect(rows, serving, view.served_features(), spec.main_horizon, changed_after_outcome(project.ledger, view, as_of))
    allowed = refuse(leaks, {**spec.allowed_leaks, **(allowed_leaks or {})})
    progress("held-out check and fit", 1, 4)
    earned = _earned(project, view, rows)
    earned = replace(earned, fitted=replace(earned.fitted, allowed_leaks={finding.feature: reason for finding, reason in allowed}))
    taught, conditional = earned.fitted.counts["rows_taught"], view.outcome.excluding_events is not None
    excluded = excluded_from(project.ledger, rows, taught, len(open_now), conditional)
    progress("track and register", 3, 4)
    registry = registry_of(project)
    truncated = rows.truncation.sentence if rows.truncation else ""
    card = card_of(view, earned, leaks, excluded, data_quality_of(project.ledger), truncated)
    families = FamilyTrial(**earned.fitted.family_trial).sentence if earned.fitted.family_trial else ""
    notes = {"left_truncation": truncated or "none", "families": families or "as the specification says", **_code(project)}
    registered = _record(registry, view, earned, leaks, card, notes)
    progress("track and register", 4, 4)
    champion = registry.champion(name)
    is_champion = champion.version == registered.version
    changes = () if is_champion else changes_since_champion(registry, champion)
    return Trained(
        registered, earned.fitted, is_champion, earned.evaluation, earned.verdict, leaks, view.plan.absent, changes, truncated, families
    )


def changes_since_champion(registry: Registry, champion: ModelVersion) -> tuple[str, ...]:
    """What trainings do otherwise since the champion's; nothing where its files cannot be read, which whatever uses it tells."""
    try:
        return tuple(changes_since(registry.load(champion).format))
    except ModelError:
        return ()


def _earned(project: Project, view: View, rows: TrainingRows) -> ValidatedFit:
    context = (
        view.outcome.outcome_name,
        view.end,
        project.ledger.digest,
        load_scorecard(project.folder, view.spec.entity),
        project.settings.company.currency,
    )
    return fit_or_fall_back(view.spec, rows, view.served_features(), *context)


def _code(project: Project) -> dict[str, str]:
    """Which code a run used: the packages, dealml's own files, and the project's definitions."""
    definitions = code_digest(project.folder / "features", project.folder / "models")
    code = _versions_used() | {"code": code_digest(Path(dealml.__file__).parent), "definitions": definitions}
    return {f"version.{key}": value for key, value in code.items()}


def _record(registry: Registry, view: View, earned: ValidatedFit, leaks: Inspection, card: Card, notes: dict[str, str]) -> ModelVersion:
    fitted, evaluation = earned.fitted, earned.evaluation
    parameters = {
        "model": fitted.name,
        "rung": fitted.rung.name,
        "verdict": earned.verdict.message,
        "trained_through": fitted.trained_through,
        "ledger_digest": fitted.ledger_digest,
        "outcome": fitted.outcome_name,
        "horizons": list(fitted.horizons),
        "features": len(fitted.schema.names) - 1,
        "absent_features": len(view.plan.absent),
        "calibrator": fitted.calibrator,
        "allowed_leaks": fitted.allowed_leaks,
        **{f"canary.{canary.name}": canary.detected_by or "not found" for canary in leaks.canaries},
        **{f"trees.{key}": value for key, value in vars(view.spec.trees).items()},
        **notes,
    }
    metrics = {f"count.{key}": float(value) for key, value in fitted.counts.items()}
    pictures = []
    if evaluation:
        for who, measured in evaluation.overall.items():
            metrics |= {f"{who}.{metric}": interval.value for metric, interval in measured.items() if np.isfinite(interval.value)}
        subjects = {feature.name: feature.subject for feature in view.plan.features}
        pictures = training_figures(fitted, evaluation, subjects, view.spec.shown.segment)
    texts = {
        "absent_features.txt": "\n".join(f"{n}: {why}" for n, why in view.plan.absent.items()) or "none",
        "model_card.md": card_markdown(card),
        "model_card.html": card_html(card, [picture for picture in pictures if picture.name in EXPLAINING]),
    }
    return registry.record(fitted, parameters, metrics, pictures, texts)


def _versions_used() -> dict[str, str]:
    """What a run depended on: Python and the packages that shape a model."""
    packages = ("dealml", "lightgbm", "numpy", "pandas", "scikit-learn", "duckdb", "ibis-framework")
    return {"python": platform.python_version()} | {name: package_version(name) for name in packages}
