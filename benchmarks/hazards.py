"""A discrete-time hazard model of how deals end: what dealml's curves are measured against.

A row is a snapshot and a stretch between two horizons into which the deal goes open; it is won in that stretch, lost in it, or goes on
(Tutz and Schmid 2016, Modeling Discrete Time-to-Event Data). One learner of three classes, LightGBM and logistic regression blended, the
stretch among the features; the number of trees, the blend's share and the calibration are chosen on the same rolling origins of later
time on which dealml chooses. Multiplied up, its hazards give won, lost and open at each horizon.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from benchmarks.common import Floats
from dealml.learning.encoding import Field, Schema, schema_of
from dealml.learning.folds import splits
from dealml.learning.ladder import MAX_LOGISTIC_ROWS, ORIGINS, can_teach
from dealml.learning.rungs import lightgbm
from dealml.learning.rungs.logistic import signed_log
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64

OPEN, WON, LOST = range(3)
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Hazards:
    """A fitted rival."""

    schema: Schema
    horizons: tuple[int, ...]
    booster: Any
    line: Any
    share: float
    """Of the trees."""
    slope: float
    shift: Floats
    """Of the calibration: class log-odds times the slope, plus the shift."""

    def states(self, table: pd.DataFrame) -> tuple[Floats, Floats]:
        """Won and lost by each horizon, rows × horizons."""
        still, won, lost = np.ones(len(table)), [np.zeros(len(table))], [np.zeros(len(table))]
        for days in self.horizons:
            p = softmax(self._logits(_encoded(self.schema, table, np.full(len(table), float(days)))), axis=1)
            won.append(won[-1] + still * p[:, WON])
            lost.append(lost[-1] + still * p[:, LOST])
            still = still * p[:, OPEN]
        return np.column_stack(won[1:]), np.column_stack(lost[1:])

    def _logits(self, matrix: Floats) -> Floats:
        trees = np.asarray(self.booster.predict(matrix, raw_score=True))
        return self.slope * _mixed(_line_logits(self.line, matrix), trees, self.share) + self.shift


def periods(snapshots: pd.DataFrame, horizons: Sequence[int], end: datetime) -> tuple[TrainingRows, npt.NDArray[np.intp]]:
    """Person-period rows, the stretch named by the horizon that ends it, and how each deal left it.

    Parameters
    ----------
    snapshots
        With `event_at`, the next loss, and `unless_at`, the next win.
    end
        A stretch enters when it was over by then, so that a snapshot whose longest horizon was not still teaches its first stretches.
    """
    snapshots = snapshots.sort_values(["as_of", "deal_id"], kind="stable", ignore_index=True)
    as_of, lost, won = (snapshots[name].to_numpy(dtype="datetime64[us]") for name in ("as_of", "event_at", "unless_at"))
    places, lengths, classes = [], [], []
    for before, days in zip((0, *horizons), horizons, strict=False):
        begins, over = (as_of + np.timedelta64(number, "D") for number in (before, days))
        goes_in = ~(won < begins) & ~(lost < begins) & (over <= as_utc64(end))
        place = np.flatnonzero(goes_in)
        came = np.where(won[place] < over[place], WON, np.where(lost[place] < over[place], LOST, OPEN))
        places.append(place)
        lengths.append(np.full(len(place), float(days)))
        classes.append(came)
    place, horizon, left = (np.concatenate(parts) for parts in (places, lengths, classes))
    order = np.lexsort((horizon, place))
    return TrainingRows(snapshots, place[order], horizon[order], (left[order] == WON).astype(float), "deal_id"), left[order]


def fit_hazards(spec: Model, snapshots: pd.DataFrame, features: Sequence[str], end: datetime, horizons: Sequence[int]) -> Hazards:
    """Fit the rival on all that was on record by `end`."""
    rows, left = _thinned(*periods(snapshots, horizons, end), spec.trees.max_training_rows)
    schema = _schema(rows.snapshots, features, horizons)
    matrix = _encoded(schema, rows.snapshots, np.zeros(len(rows.snapshots)))[rows.snapshot_index]
    matrix[:, -1] = _stretch(schema, rows.horizon)
    later, line, trees, rounds = _held_out(spec, rows, left, schema, matrix, as_utc64(end))
    share = min(np.linspace(0, 1, 21), key=lambda share: _loss(_mixed(line, trees, float(share)), left[later]))
    slope, shift = _calibration(_mixed(line, trees, float(share)), left[later])
    booster = lightgbm().train(_parameters(spec, len(left)), _dataset(spec, schema, matrix, left), rounds)
    return Hazards(schema, tuple(horizons), booster, _line(schema, matrix, left, rows.codes), float(share), slope, shift)


def _held_out(
    spec: Model, rows: TrainingRows, left: npt.NDArray[np.intp], schema: Schema, matrix: Floats, end: np.datetime64
) -> tuple[npt.NDArray[np.intp], Floats, Floats, int]:
    """What both learners say of later rows, and after how many trees LightGBM says it best."""
    found, losses, boosters = [], [], []
    for cut in splits(rows, spec.main_horizon, end, ORIGINS):
        if not can_teach(rows, cut):
            continue
        earlier, later = np.flatnonzero(cut.earlier), np.flatnonzero(cut.later)
        line = _line_logits(_line(schema, matrix[earlier], left[earlier], rows.codes[earlier]), matrix[later])
        known, record = _dataset(spec, schema, matrix[earlier], left[earlier]), dict[str, dict[str, list[float]]]()
        watch = [lightgbm().early_stopping(60, verbose=False), lightgbm().record_evaluation(record)]
        shown = lightgbm().Dataset(matrix[later], left[later], reference=known)
        options = {"valid_sets": [shown], "valid_names": ["later"], "callbacks": watch, "keep_training_booster": True}
        boosters.append(lightgbm().train(_parameters(spec, len(earlier)), known, 2 * spec.trees.num_boost_round, **options))
        losses.append(np.array(record["later"]["multi_logloss"]))
        found.append((later, line))
    longest = max(map(len, losses))
    padded = [np.pad(loss, (0, longest - len(loss)), mode="edge") for loss in losses]
    rounds = int(np.argmin(np.average(padded, axis=0, weights=[len(later) for later, _ in found]))) + 1
    trees = [b.predict(matrix[later], raw_score=True, num_iteration=rounds) for b, (later, _) in zip(boosters, found, strict=True)]
    return np.concatenate([later for later, _ in found]), np.vstack([line for _, line in found]), np.vstack(trees), rounds


def _calibration(logits: Floats, left: npt.NDArray[np.intp]) -> tuple[float, Floats]:
    """A slope and a shift for each class (vector scaling with one slope; Guo et al. 2017)."""

    def loss(theta: Floats) -> float:
        return _loss(theta[0] * logits + np.array([0.0, theta[1], theta[2]]), left)

    best = minimize(loss, np.array([1.0, 0.0, 0.0]), method="L-BFGS-B").x
    return float(best[0]), np.array([0.0, best[1], best[2]])


def _loss(logits: Floats, left: npt.NDArray[np.intp]) -> float:
    return float(np.mean(logsumexp(logits, axis=1) - logits[np.arange(len(left)), left]))


def _mixed(line: Floats, trees: Floats, share: float) -> Floats:
    centred = [logits - logits.mean(axis=1, keepdims=True) for logits in (line, trees)]
    return np.asarray((1 - share) * centred[0] + share * centred[1])


def _thinned(rows: TrainingRows, left: npt.NDArray[np.intp], most: int) -> tuple[TrainingRows, npt.NDArray[np.intp]]:
    # The label is carried through the thinning in place of the outcome, which it also tells.
    thin = TrainingRows(rows.snapshots, rows.snapshot_index, rows.horizon, left.astype(float), rows.entity).thinned(most)
    kept = thin.label.astype(np.intp)
    return TrainingRows(rows.snapshots, thin.snapshot_index, thin.horizon, (kept == WON).astype(float), rows.entity), kept


def _schema(table: pd.DataFrame, features: Sequence[str], horizons: Sequence[int]) -> Schema:
    schema = schema_of(table, features)
    return Schema((*schema.fields[:-1], Field(schema.fields[-1].name, tuple(str(days) for days in horizons))), schema.dropped)


def _stretch(schema: Schema, horizon: Floats) -> Floats:
    ends = np.array([float(name) for name in schema.fields[-1].categories or ()])
    return np.searchsorted(ends, horizon).astype(np.float64)


def _encoded(schema: Schema, table: pd.DataFrame, horizon: Floats) -> Floats:
    matrix = Schema((*schema.fields[:-1], Field(schema.fields[-1].name))).encode(table.assign(**{schema.fields[-1].name: horizon}))
    matrix[:, -1] = _stretch(schema, horizon)
    return matrix


def _dataset(spec: Model, schema: Schema, matrix: Floats, left: npt.NDArray[np.intp]) -> Any:
    # The stretch is a number to the trees, which may cut it anywhere, and a text to the line.
    texts = [place for place, field in enumerate(schema.fields[:-1]) if field.is_text]
    return lightgbm().Dataset(matrix, left, categorical_feature=texts, params=_parameters(spec, len(left)), free_raw_data=False)


def _parameters(spec: Model, rows: int) -> dict[str, Any]:
    trees = spec.trees
    return {
        "objective": "multiclass",
        "num_class": 3,
        "metric": "multi_logloss",
        "learning_rate": trees.learning_rate,
        "num_leaves": trees.num_leaves,
        "max_depth": trees.max_depth,
        "min_data_in_leaf": min(trees.min_data_in_leaf, max(10, rows // 50)),
        "feature_fraction_bynode": trees.feature_fraction_bynode,
        "lambda_l2": trees.lambda_l2,
        "max_bin": trees.max_bin,
        "min_sum_hessian_in_leaf": 1.0,
        "cat_smooth": 5.0,
        "cat_l2": 5.0,
        "max_cat_threshold": 16,
        "seed": trees.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 2,
        "verbosity": -1,
    }


def _line(schema: Schema, matrix: Floats, left: npt.NDArray[np.intp], codes: npt.NDArray[np.intp]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    texts = [place for place, field in enumerate(schema.fields) if field.is_text]
    numbers = [place for place, field in enumerate(schema.fields) if not field.is_text]
    scaled = make_pipeline(FunctionTransformer(signed_log), SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    known = SimpleImputer(strategy="constant", fill_value=-1.0)
    one_hot = make_pipeline(known, OneHotEncoder(min_frequency=10, handle_unknown="infrequent_if_exist", sparse_output=False))
    columns = ColumnTransformer([("numbers", scaled, numbers), ("texts", one_hot, texts)])
    step = -(-len(left) // MAX_LOGISTIC_ROWS)
    # Rows of one deal are little evidence more than one: the penalty is that of dealml's line, a tenth of a row's worth for each deal.
    trust = 0.1 * len(np.unique(codes[::step])) / len(codes[::step])
    pipeline = make_pipeline(columns, LogisticRegression(C=trust, solver="lbfgs", max_iter=500))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a feature without values, or a fit that stops early, is no news in a rival
        return pipeline.fit(matrix[::step], left[::step])


def _line_logits(line: Any, matrix: Floats) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(line.decision_function(matrix), dtype=np.float64)
