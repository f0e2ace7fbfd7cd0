"""What a training run returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dealml.api.results.evaluation_result import EvaluationResult, evaluation_result

if TYPE_CHECKING:
    from dealml.jobs.modelling.train import Trained


@dataclass(frozen=True)
class TrainingResult:
    """A trained and registered version of a model.

    Example
    -------
    >>> result = project.train("deal_win", as_of="2025-10-01")
    >>> result.version, result.learner, result.is_champion
    """

    model: str
    version: int
    digest: str
    """The digest of the artefact."""
    learner: str
    """The learner that was chosen: base_rate, shrunken_rates, logistic or lightgbm."""
    is_champion: bool
    """Whether this version is served now: the first version of a model is; later ones are promoted."""
    trained_through: str
    """ISO 8601: everything that was recorded before this moment was used."""
    ledger_digest: str
    rows: int
    entities: int
    counts: Mapping[str, int]
    """Row counts by name, for example `rows`, `entities` and `with_outcome`."""
    absent_features: Mapping[str, str]
    """Features that this ledger cannot feed, each with the reason."""
    evaluation: EvaluationResult | None
    """The same recipe on held-out rows; None where too little could be held out."""
    changes: tuple[str, ...] = ()
    """What this training did otherwise than the one that made the champion."""
    left_truncation: str = ""
    """What was left out from before outcomes are on record, as a sentence; empty where nothing was."""


def training_result(trained: Trained) -> TrainingResult:
    """A training run as its public form."""
    registered, fitted = trained.registered, trained.fitted
    return TrainingResult(
        model=registered.name,
        version=registered.version,
        digest=registered.digest,
        learner=fitted.rung.name,
        is_champion=trained.is_champion,
        trained_through=fitted.trained_through,
        ledger_digest=fitted.ledger_digest,
        rows=fitted.counts["rows"],
        entities=fitted.counts["entities"],
        counts=dict(fitted.counts),
        absent_features=dict(trained.absent),
        changes=trained.changes,
        left_truncation=trained.truncated,
        evaluation=evaluation_result(trained.evaluation) if trained.evaluation else None,
    )
