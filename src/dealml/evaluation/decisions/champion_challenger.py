"""Compare challenger and champion on the same held-out rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from dealml.errors import ModelError
from dealml.evaluation.baselines.baselines import BASELINES, BaselineContext
from dealml.evaluation.decisions.promotion import CHALLENGER, CHAMPION, MUST_BEAT
from dealml.evaluation.holdout.backtest import REPEATS, folds
from dealml.evaluation.holdout.fold import with_own_snapshots_only
from dealml.evaluation.holdout.predictions import HoldoutPredictions, pooled, weekly
from dealml.evaluation.report.evaluate import main_horizon
from dealml.learning.fitted import FittedModel
from dealml.learning.folds import split_at, split_in_time
from dealml.learning.ladder import MIN_ENTITIES
from dealml.learning.spec import Model, Trees
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64

AS_REGISTERED = "as registered"
ModelsByName = dict[str, FittedModel]
"""By name in `HoldoutPredictions.probabilities`."""


@dataclass(frozen=True)
class ComparisonData:
    """The data that both models are fitted and compared on.

    Parameters
    ----------
    spec
        The model's specification as it is now.
    rows
        All labelled rows.
    available
        The features that the ledger and the project give now, in order.
    word
        What is predicted.
    end
        The end of the data.
    """

    spec: Model
    rows: TrainingRows
    available: Sequence[str]
    word: str
    end: datetime


@dataclass(frozen=True)
class ChampionComparison:
    """Held-out rows of one horizon with the probabilities of both models."""

    predictions: HoldoutPredictions = field(repr=False)
    cut: str
    """When the held-out time begins; empty in a cross-validation."""
    until: str
    horizon_days: int
    forms: dict[str, str]
    """Of each side, by its name in `held.probabilities`: whether it stood as registered or was refitted, and what it then lacked."""


def compare_with_champion(data: ComparisonData, challenger: FittedModel, champion: FittedModel | None) -> ChampionComparison:
    """Compare both models on the same held-out time.

    Where enough rows were settled after the training of both, both stand as registered. Otherwise the window is the
    last quarter, and a side that had seen more than what was on record at the cut is refitted before it by its own recipe:
    its features, settings and rung.

    Raises
    ------
    ModelError
        When there are too few outcomes to hold any out.
    """
    sides = {CHALLENGER: challenger} | ({CHAMPION: champion} if champion else {})
    if data.rows.cross_section:
        return _cross_validated(data, sides)
    return _since_both(data, sides) or _last_quarter(data, sides)


def _since_both(data: ComparisonData, sides: ModelsByName) -> ChampionComparison | None:
    """Both as registered on the time after both were trained; None where too little was settled since."""
    split = split_at(data.rows, max(_seen(side) for side in sides.values()))
    horizon = float(min(side.main_horizon for side in sides.values()))
    earlier, later = (rows.keep(rows.horizon == horizon) for rows in map(data.rows.keep, (split.earlier, split.later)))
    if not len(earlier) or not _enough(weekly(later)) or not all(_can_score(side, data, horizon) for side in sides.values()):
        return None
    predictions = _forecasts(data, sides, earlier, weekly(later))
    return ChampionComparison(
        predictions, split.moment.isoformat(), data.end.isoformat(), int(horizon), dict.fromkeys(sides, AS_REGISTERED)
    )


def _last_quarter(data: ComparisonData, sides: ModelsByName) -> ChampionComparison:
    """The registered version of a side that knew nothing of the last quarter, or else its recipe, fitted before it."""
    split = split_in_time(data.rows, data.spec.main_horizon, as_utc64(data.end))
    earlier, later = with_own_snapshots_only(data.rows.keep(split.earlier)), weekly(data.rows.keep(split.later))
    later = later.keep(np.isin(later.horizon, earlier.horizon))
    if not _enough(earlier) or not len(later) or min(later.outcomes()) < 1:
        raise ModelError(
            f"{data.spec.name}: too few outcomes to compare versions on; at least {MIN_ENTITIES} with and without are needed "
            "before the last quarter, and some within it; import more history"
        )
    horizon = main_horizon(data.spec, later)
    standing, forms = {}, {}
    for name, side in sides.items():
        is_blind = split.at is not None and _seen(side) <= split.at and _can_score(side, data, horizon)
        standing[name] = side if is_blind else _refitted(data, side, earlier, split.moment)
        forms[name] = AS_REGISTERED if is_blind else _form(data, side, standing[name], f"before {split.moment:%Y-%m-%d}")
    predictions = _forecasts(data, standing, earlier, later.keep(later.horizon == horizon))
    return ChampionComparison(predictions, split.moment.isoformat(), data.end.isoformat(), int(horizon), forms)


def _cross_validated(data: ComparisonData, sides: ModelsByName) -> ChampionComparison:
    """Both recipes, fitted in each part of a repeated stratified cross-validation."""
    parts, forms = [], dict[str, str]()
    for fold in folds(data.spec, data.rows, data.end):
        earlier = with_own_snapshots_only(fold.earlier)
        standing = {name: _refitted(data, side, earlier, fold.at) for name, side in sides.items()}
        forms = {name: _form(data, side, standing[name], "in each part of a cross-validation") for name, side in sides.items()}
        predictions = _forecasts(data, standing, earlier, fold.later)
        parts.append(replace(predictions, fold=np.full(len(predictions), fold.name.partition(",")[0], dtype=object)))
    if not parts:
        raise ModelError(f"{data.spec.name}: too few outcomes to compare versions on; import more rows")
    predictions = pooled(parts, REPEATS)
    return ChampionComparison(predictions, "", "", int(predictions.rows.horizon[0]), forms)


def _refitted(data: ComparisonData, side: FittedModel, earlier: TrainingRows, end: datetime) -> FittedModel:
    """A registered version's recipe, fitted on what was known before."""
    recipe = {*side.schema.names, *side.schema.dropped, *data.rows.families.features_of(side.families)}
    features = [name for name in data.available if name in recipe]
    spec = replace(data.spec, trees=Trees(**side.settings), families=bool(side.families))
    return fit(spec, earlier, features, data.word, end, "held-out", only=side.rung.name)


def _form(data: ComparisonData, side: FittedModel, refitted: FittedModel, when: str) -> str:
    """How a side was refitted, and in what that is not the registered version's recipe."""
    gone = _gone(side, data)
    lacking = f", without {len(gone)} features that are gone" if gone else ""
    fallen = "" if refitted.rung.name == side.rung.name else f", as {refitted.rung.name} since too little was known by then"
    return f"refitted {when}{lacking}{fallen}"


def _forecasts(data: ComparisonData, sides: ModelsByName, earlier: TrainingRows, later: TrainingRows) -> HoldoutPredictions:
    """The probabilities of both models and of the baselines for later rows; baselines are fitted on the earlier rows."""
    table = later.table()
    context = BaselineContext(data.spec, next(iter(sides.values())).schema)
    others = {name: BASELINES[name](earlier, later, context) for name in MUST_BEAT if name in BASELINES}
    predicted = {name: side.probability(table) for name, side in sides.items()}
    return HoldoutPredictions(later, predicted | {name: p for name, p in others.items() if p is not None})


def _can_score(side: FittedModel, data: ComparisonData, horizon: float) -> bool:
    return horizon in side.horizons and not _gone(side, data)


def _gone(side: FittedModel, data: ComparisonData) -> set[str]:
    return set(side.schema.names[:-1]) - set(data.available)


def _seen(side: FittedModel) -> np.datetime64:
    return as_utc64(datetime.fromisoformat(side.trained_through))


def _enough(rows: TrainingRows) -> bool:
    return len(rows) > 0 and min(rows.outcomes()) >= MIN_ENTITIES
