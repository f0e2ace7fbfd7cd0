"""Compare a challenger with the champion on the same held-out rows, by the gate that was declared before its training."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from dealml.errors import ModelError
from dealml.evaluation.decisions.champion_challenger import ChampionComparison, ComparisonData, compare_with_champion
from dealml.evaluation.decisions.promotion import CHALLENGER, CHAMPION, Judgement, check_gate, same_source
from dealml.evaluation.decisions.score_shift import ScoreShift, score_shift
from dealml.evaluation.report.slices import texts_of
from dealml.jobs.modelling.holdout import labelled_history
from dealml.jobs.progress import Progress, silent
from dealml.jobs.registry import registry_to_read
from dealml.learning.fitted import FittedModel
from dealml.learning.promotion_gate import Gate
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.tracking import ModelVersion, Registry

INSTEAD = "so the base rate is what must be beaten"


@dataclass(frozen=True)
class ComparedVersion:
    """A registered version, and its model where that can be used."""

    registered: ModelVersion
    fitted: FittedModel | None

    def content(self, form: str) -> dict[str, Any]:
        """As plain values; `form` says as what it was measured."""
        version = self.registered
        values = {"version": version.version, "digest": version.digest, "rung": version.tags.get("rung", "")}
        return values | {"trained_through": version.tags.get("trained_through", ""), "measured": form}


@dataclass(frozen=True)
class ChallengerComparison:
    """A challenger measured against the champion, with the judgement of the promotion gate."""

    challenger: ComparedVersion
    champion: ComparedVersion | None
    judgement: Judgement
    comparison: ChampionComparison | None
    """None where the two versions cannot be compared."""
    churn: ScoreShift | None
    notes: tuple[str, ...]
    gate: Gate
    ledger_digest: str

    def content(self) -> dict[str, Any]:
        """The evidence as plain values, to be kept with the version."""
        forms = self.comparison.forms if self.comparison else {}
        sides = {"challenger": (self.challenger, CHALLENGER), "champion": (self.champion, CHAMPION)}
        return {
            "model": self.challenger.registered.name,
            "passed": self.judgement.passed,
            "message": self.judgement.message,
            **{key: side.content(forms.get(name, "not measured")) if side else None for key, (side, name) in sides.items()},
            "window": _window(self.comparison) if self.comparison else None,
            "conditions": [condition.content() for condition in self.judgement.conditions],
            "score_churn": asdict(self.churn) if self.churn else None,
            "gate": asdict(self.gate),
            "notes": list(self.notes),
            "ledger_digest": self.ledger_digest,
        }


def compare(
    project: Project,
    name: str,
    challenger: int | None = None,
    champion: int | None = None,
    as_of: datetime | None = None,
    progress: Progress = silent,
) -> ChallengerComparison:
    """Compare a version (default: the challenger) with another one (default: the champion) on the same held-out rows.

    Parameters
    ----------
    as_of
        Use only what was recorded before this moment.

    Raises
    ------
    ModelError
        When there is no challenger, both are the same, or too few outcomes to tell.
    """
    spec = load_model(project.folder, name)
    registry = registry_to_read(project, name)
    new = _challenger(registry, name, challenger)
    old, notes = _champion(registry, name, champion, new)
    fitted = registry.load(new)
    versions = [fitted, *([old.fitted] if old and old.fitted else [])]
    gate, (view, rows) = Gate(**fitted.gate), labelled_history(project, spec, as_of, progress, versions)
    if gate != spec.gate:
        notes.append("the gate in the model's file was changed after this version was trained; the one declared before counts")
    source = same_source(fitted, old.fitted if old else None, view.cross_section, view.outcome.outcome_name)
    judgement, comparison, churn = Judgement((source,)), None, None
    if source.passed:
        rival = _rival(old, view, notes)
        progress("held-out rows", 0, 2)
        comparison = compare_with_champion(
            ComparisonData(spec, rows, view.served_features(), view.outcome.outcome_name, view.end), fitted, rival
        )
        progress("held-out rows", 1, 2)
        beaten = CHAMPION if rival and rival.rung.name != "base_rate" else None
        judgement = Judgement((source, *check_gate(gate, comparison.predictions, beaten, _segments(comparison, spec.shown.segment))))
        churn = score_shift(comparison.predictions, CHAMPION, CHALLENGER) if rival else None
        progress("held-out rows", 2, 2)
    return ChallengerComparison(ComparedVersion(new, fitted), old, judgement, comparison, churn, tuple(notes), gate, project.ledger.digest)


def _challenger(registry: Registry, name: str, version: int | None) -> ModelVersion:
    challenger = registry.challenger(name) if version is None else registry.version(name, version)
    if challenger is None:
        raise ModelError(f"{name}: no challenger; train one with: dealml train {name}, or name a version of: dealml models list {name}")
    return challenger


def _champion(registry: Registry, name: str, version: int | None, new: ModelVersion) -> tuple[ComparedVersion | None, list[str]]:
    """The version to be followed; one whose files are damaged must not keep a sound one from following it."""
    champion = registry.version_with_alias(name, CHAMPION) if version is None else registry.version(name, version)
    if champion == new:
        problem = "is the champion already" if version is None else "cannot be compared with itself"
        raise ModelError(f"{name}: version {new.version} {problem}; choose another of: dealml models list {name}")
    if champion is None:
        return None, [f"there is no champion, {INSTEAD}"]
    try:
        return ComparedVersion(champion, registry.load(champion)), []
    except ModelError:
        return ComparedVersion(champion, None), [
            f"the files of version {champion.version} are missing, damaged or of an older format, {INSTEAD}"
        ]


def _rival(old: ComparedVersion | None, view: View, notes: list[str]) -> FittedModel | None:
    """The champion's model, where it predicts what the ledger tells now; what else there is to say goes to the notes."""
    if old is None or old.fitted is None:
        return None
    if old.fitted.cross_section != view.cross_section or old.fitted.outcome_name != view.outcome.outcome_name:
        notes.append(f"version {old.registered.version} learned from another kind of source or outcome, {INSTEAD}")
        return None
    if old.fitted.rung.name == "base_rate":
        notes.append(f"version {old.registered.version} serves the base rate, {INSTEAD}")
    return old.fitted


def _segments(comparison: ChampionComparison, feature: str) -> npt.NDArray[np.object_] | None:
    rows = comparison.predictions.rows
    return texts_of(rows, feature) if feature in rows.snapshots else None


def _window(comparison: ChampionComparison) -> dict[str, Any]:
    had, had_not = comparison.predictions.outcomes()
    return {
        "from": comparison.cut,
        "until": comparison.until,
        "horizon_days": comparison.horizon_days,
        "rows": len(comparison.predictions) // comparison.predictions.repeats,
        "accounts": len(np.unique(comparison.predictions.clusters)),
        "entities": had + had_not,
        "with_outcome": had,
    }
