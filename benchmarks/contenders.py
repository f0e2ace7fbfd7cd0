"""Learners that dealml is measured against, on the same rows and the same encoded features, with the defaults of their libraries.

LightGBM, HistGradientBoosting and CatBoost are told which features are texts; the others get them as indicators. CatBoost is no dependency
of dealml: `pip install catboost`, or it is left out. AutoGluon runs in an environment of its own (`benchmarks.autogluon_rival`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import autogluon_rival
from benchmarks.common import Floats
from dealml.evaluation.baselines.baselines import BaselineContext, logistic_regression
from dealml.learning.fitted import FittedModel
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows

OWN, LOGISTIC, AUTOGLUON = "dealml", "logistic regression", "AutoGluon"
THREADS = 2
SEED = 0


@dataclass(frozen=True)
class Encoded:
    """A task as a learner meets it: matrices, outcomes, and the places of the texts."""

    earlier: Floats
    won: Floats
    later: Floats
    texts: list[int]

    @property
    def numbers(self) -> list[int]:
        """The places of all other features."""
        return [place for place in range(self.earlier.shape[1]) if place not in self.texts]


def lightgbm(task: Encoded) -> Floats:
    """LightGBM."""
    from lightgbm import LGBMClassifier

    model = LGBMClassifier(n_jobs=THREADS, random_state=SEED, verbose=-1)
    return _second(model.fit(task.earlier, task.won, categorical_feature=task.texts).predict_proba(task.later))


def hist_gradient_boosting(task: Encoded) -> Floats:
    """Scikit-learn's histogram boosting; a column without values stops it, so such columns go."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    held = np.flatnonzero(~np.isnan(task.earlier).all(axis=0))
    texts = np.isin(held, task.texts)
    model = HistGradientBoostingClassifier(categorical_features=texts, random_state=SEED)
    return _second(model.fit(task.earlier[:, held], task.won).predict_proba(task.later[:, held]))


def catboost(task: Encoded) -> Floats:
    """CatBoost, texts as strings."""
    from catboost import CatBoostClassifier

    def frame(matrix: Floats) -> pd.DataFrame:
        return pd.DataFrame(
            {place: matrix[:, place].astype(str) if place in task.texts else matrix[:, place] for place in range(matrix.shape[1])}
        )

    model = CatBoostClassifier(cat_features=task.texts, random_seed=SEED, thread_count=THREADS, verbose=0, allow_writing_files=False)
    return _second(model.fit(frame(task.earlier), task.won).predict_proba(frame(task.later)))


def random_forest(task: Encoded) -> Floats:
    """A random forest of 500 trees."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    indicators = make_pipeline(SimpleImputer(strategy="constant", fill_value=-1.0), OneHotEncoder(handle_unknown="ignore"))
    columns = ColumnTransformer([("numbers", SimpleImputer(strategy="median"), task.numbers), ("texts", indicators, task.texts)])
    model = make_pipeline(columns, RandomForestClassifier(500, random_state=SEED, n_jobs=THREADS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a feature without values is no news here
        return _second(model.fit(task.earlier, task.won).predict_proba(task.later))


def autogluon(task: Encoded) -> Floats:
    """AutoGluon, `good_quality`, for three minutes."""
    return autogluon_rival.chances(task.earlier, task.won, task.later, task.texts, THREADS)


RIVALS: dict[str, Callable[[Encoded], Floats]] = {
    "LightGBM": lightgbm,
    "HistGradientBoosting": hist_gradient_boosting,
    "random forest": random_forest,
    AUTOGLUON: autogluon,
} | ({"CatBoost": catboost} if find_spec("catboost") else {})
"""Beside the logistic regression of `dealml.evaluation.baselines.baselines`, which takes rows."""


QUICK_RIVALS = [LOGISTIC, *(name for name in RIVALS if name != AUTOGLUON)]
"""Those that a benchmark runs where nobody names others: AutoGluon takes three minutes for a task, and makes its environment first."""


def _second(probabilities: npt.ArrayLike | Any) -> Floats:
    return np.asarray(probabilities, dtype=np.float64)[:, 1]


def answers_of(
    spec: Model, model: FittedModel, earlier: TrainingRows, later: TrainingRows, rivals: Collection[str] = ()
) -> dict[str, Floats]:
    """Probabilities of the later rows by contender: dealml's model, and rivals taught by the earlier rows on the model's encoding."""
    encoded = Encoded(
        earlier.matrix(model.schema),
        earlier.label,
        later.matrix(model.schema),
        [place for place, field in enumerate(model.schema.fields) if field.is_text],
    )
    answers = {OWN: model.probability(later.table())}
    if LOGISTIC in rivals:
        answers[LOGISTIC] = logistic_regression(earlier, later, BaselineContext(spec, model.schema))
    return answers | {name: rival(encoded) for name, rival in RIVALS.items() if name in rivals}
