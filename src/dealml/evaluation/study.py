"""A study of a company's own past: whether a deal's progress says more of its end than the activity around it.

The same recipe learns from four sets of features on earlier rows, and each is judged on the same
later rows: what both sides know, that with progress, that with activity, and all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan

import numpy as np

from dealml.errors import ModelError
from dealml.evaluation.holdout.fold import with_own_snapshots_only
from dealml.evaluation.holdout.predictions import HoldoutPredictions, weekly
from dealml.evaluation.metrics.bootstrap import Interval, intervals, paired_difference
from dealml.evaluation.metrics.permutation import permutation_importance
from dealml.evaluation.report.evaluate import main_horizon
from dealml.features.definition import Feature
from dealml.learning.encoding import schema_of
from dealml.learning.fitted import FittedModel
from dealml.learning.folds import split_in_time
from dealml.learning.ladder import MIN_ENTITIES
from dealml.learning.spec import Model
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64

SUBJECTS = {
    "progress": ("milestones", "champion", "stakeholders", "economics", "commitments", "problem", "trigger"),
    "activity": ("activity", "touchpoints"),
}
"""The files of `features/` on each side: how far the buyer is, and how much is done with the buyer."""
CONTEXT = "context"
"""What both sides know: all other subjects."""

SETS: dict[str, frozenset[str]] = {
    CONTEXT: frozenset(),
    "progress": frozenset({"progress"}),
    "activity": frozenset({"activity"}),
    "both": frozenset(SUBJECTS),
}
"""The sets of features that are compared, each with the sides whose features it has besides the context."""
COMPARED = (
    ("progress", CONTEXT),
    ("activity", CONTEXT),
    ("progress", "activity"),
    ("both", "activity"),
    ("both", "progress"),
)
"""Which set is held against which."""
RUNG = "lightgbm"
"""One for all sets, the top one, which contains the line: were each set to choose, a set that chose
rates of stage and segment would look as if its other features had been tried and found worthless."""
RESAMPLES = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FeatureSetResult:
    """The recipe on one set of features."""

    features: tuple[str, ...]
    log_loss: Interval


@dataclass(frozen=True)
class LogLossGain:
    """How far the log loss of one set lies below that of another."""

    better: str
    over: str
    lower_by: Interval

    @property
    def is_shown(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.lower_by.low > 0


@dataclass(frozen=True)
class Importance:
    """How far the log loss of the set with both sides rises when a subject's features are shuffled together."""

    subject: str
    side: str
    """A key of `SUBJECTS`, or the context; a subject may have features on either."""
    features: int
    rise: Interval


@dataclass(frozen=True)
class StudyVerdict:
    """Which side says more."""

    says_more: str
    """A key of `SUBJECTS`; empty where neither is shown to."""
    message: str


@dataclass(frozen=True)
class Study:
    """The result of a study."""

    model: str
    rung: str
    outcome: str
    cut: str
    """All that was learned was on record before; ISO 8601."""
    until: str
    horizon_days: int
    learned_entities: int
    rows: int
    entities: int
    with_outcome: int
    sets: dict[str, FeatureSetResult]
    gains: tuple[LogLossGain, ...]
    importances: tuple[Importance, ...]
    """The highest rise first."""
    absent: dict[str, tuple[str, ...]]
    """By side, its subjects of which the models have no feature."""
    verdict: StudyVerdict


def study(
    spec: Model, rows: TrainingRows, features: Sequence[Feature], word: str, end: datetime, progress: Progress = lambda done, of: None
) -> Study:
    """Fit the recipe on each set of features before a cut in time, and judge all on the same rows after it.

    Parameters
    ----------
    features
        Those that the ledger can answer, with what they are made of.
    word
        The outcome, such as won.
    end
        Everything in the rows was on record before.
    progress
        Called with the number of models fitted so far, and of all.

    Raises
    ------
    ModelError
        When there are too few outcomes, or a side has no features.
    """
    earlier, later, cut = _split(spec, rows, end)
    sides = sides_of(features)
    visible = rows.families.visible([feature.name for feature in features if feature.served], as_utc64(cut))
    varied = schema_of(earlier.snapshots, visible).names[:-1]
    _require_sides(spec, [sides[name] for name in varied], cut)
    models: dict[str, FittedModel] = {}
    for done, (name, feature_sides) in enumerate(SETS.items()):
        progress(done, len(SETS))
        models[name] = fit(spec, earlier, [feature for feature in varied if sides[feature] <= feature_sides], word, cut, "held-out", RUNG)
    progress(len(SETS), len(SETS))
    predictions = HoldoutPredictions(later, {name: model.probability(later.table()) for name, model in models.items()})
    subjects = {feature.name: feature.subject for feature in features}
    gains = tuple(LogLossGain(better, over, _lower_by(predictions, better, over)) for better, over in COMPARED)
    had, had_not = later.outcomes()
    return Study(
        model=spec.name,
        rung=RUNG,
        outcome=word,
        cut=cut.isoformat(),
        until=end.isoformat(),
        horizon_days=int(later.horizon[0]),
        learned_entities=sum(earlier.outcomes()),
        rows=len(later),
        entities=had + had_not,
        with_outcome=had,
        sets={name: _learned(model, predictions, name) for name, model in models.items()},
        gains=gains,
        importances=_importances(models["both"], later, sides, subjects),
        absent=_absent({subjects[name] for name in varied}),
        verdict=verdict(gains),
    )


def sides_of(features: Sequence[Feature]) -> dict[str, frozenset[str]]:
    """The sides of each feature: its subject's, and those of the features that it is computed from.

    The win rate of a problem stands in `history`, but is no context: it tells which problem it is.
    """
    by_name = {feature.name: feature for feature in features}

    def sides(feature: Feature) -> frozenset[str]:
        direct_sides = frozenset(side for side, subjects in SUBJECTS.items() if feature.subject in subjects)
        return direct_sides.union(*(sides(by_name[name]) for name in (*feature.needs, feature.entity) if name in by_name))

    return {name: sides(feature) for name, feature in by_name.items()}


def verdict(gains: Sequence[LogLossGain]) -> StudyVerdict:
    """Which side says more: the one that does better than the other, and adds to what both know."""
    by_pair = {(gain.better, gain.over): gain for gain in gains}
    interval = by_pair["progress", "activity"].lower_by
    if isnan(interval.low):
        return _not_shown("all held-out deals are of one account, so the difference has no interval")
    if interval.low <= 0 <= interval.high:
        return _not_shown(f"the interval of the difference holds 0 (progress against activity: {_words(interval)})")
    ahead, behind = ("progress", "activity") if interval.low > 0 else ("activity", "progress")
    lower = interval if interval.low > 0 else Interval(-interval.value, -interval.high, -interval.low)
    if not by_pair[ahead, CONTEXT].is_shown:
        return _not_shown(f"{ahead} did better than {behind} ({_words(lower)}), but is not shown to add to what both know")
    return StudyVerdict(ahead, f"{ahead} says more than {behind}: {_words(lower)}")


def _not_shown(why: str) -> StudyVerdict:
    return StudyVerdict("", f"not shown by your data: {why}")


def _words(lower: Interval) -> str:
    return f"log loss lower by {lower.value:.4f}, 95% interval {lower.low:.4f} to {lower.high:.4f}"


def _split(spec: Model, rows: TrainingRows, end: datetime) -> tuple[TrainingRows, TrainingRows, datetime]:
    """Rows to learn from, weekly later rows of one horizon to be judged on, and the cut between them."""
    split = split_in_time(rows, spec.main_horizon, as_utc64(end))
    earlier, later = rows.keep(split.earlier), weekly(rows.keep(split.later))
    later = later.keep(np.isin(later.horizon, earlier.horizon))
    if len(later):
        later = later.keep(later.horizon == main_horizon(spec, later))
    least = min((*earlier.outcomes(), *later.outcomes()))
    if least < MIN_ENTITIES:
        raise ModelError(
            f"{spec.name}: too few outcomes for a study: {MIN_ENTITIES} deals with and without are needed both before and after "
            f"{split.moment:%Y-%m-%d}, and there are {least} of one kind; import more history"
        )
    return with_own_snapshots_only(earlier), later, split.moment


def _require_sides(spec: Model, feature_sides: Sequence[frozenset[str]], cut: datetime) -> None:
    for side, subjects in SUBJECTS.items():
        if frozenset({side}) not in feature_sides:
            raise ModelError(
                f"{spec.name}: nothing to compare: no feature of {side} ({', '.join(subjects)}) has two different values before "
                f"{cut:%Y-%m-%d}; import such facts, or add the features to models/{spec.name}.py (docs/study.md)"
            )


def _learned(model: FittedModel, predictions: HoldoutPredictions, name: str) -> FeatureSetResult:
    p = predictions.probabilities[name]
    loss = intervals(predictions.rows.label, p, predictions.weight, predictions.clusters, metrics=["log_loss"], resamples=RESAMPLES)[
        "log_loss"
    ]
    return FeatureSetResult(tuple(model.schema.names[:-1]), loss)


def _lower_by(predictions: HoldoutPredictions, better: str, over: str) -> Interval:
    p = predictions.probabilities
    arguments = (predictions.rows.label, p[over], p[better], predictions.weight, predictions.clusters)
    return paired_difference(*arguments, metrics=["log_loss"], resamples=RESAMPLES)["log_loss"]


def _importances(
    model: FittedModel, rows: TrainingRows, sides: dict[str, frozenset[str]], subjects: dict[str, str]
) -> tuple[Importance, ...]:
    groups: dict[tuple[str, str], list[str]] = {}
    for name in model.schema.names[:-1]:
        side = " and ".join(sorted(sides[name], key=list(SUBJECTS).index)) or CONTEXT
        groups.setdefault((subjects[name], side), []).append(name)
    rises = permutation_importance(model, rows, groups, resamples=RESAMPLES)
    importances = [Importance(*group, len(groups[group]), rise) for group, rise in rises.items()]
    return tuple(sorted(importances, key=lambda importance: -importance.rise.value))


def _absent(present: set[str]) -> dict[str, tuple[str, ...]]:
    gone = {side: tuple(subject for subject in subjects if subject not in present) for side, subjects in SUBJECTS.items()}
    return {side: subjects for side, subjects in gone.items() if subjects}
