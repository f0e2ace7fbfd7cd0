"""Naive Bayes against scikit-learn's, and by hand where that knows no answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.naive_bayes import CategoricalNB

from dealml.evaluation.baselines.naive_bayes import naive_bayes_probability
from dealml.learning.training_rows import TrainingRows

TEXTS = ("stage", "country", "source")


def rows(count: int, seed: int) -> TrainingRows:
    random = np.random.default_rng(seed)
    stage = random.integers(0, 4, count)
    table = pd.DataFrame(
        {
            "deal_id": [f"D{n}" for n in range(count)],
            "stage": [f"s{n}" for n in stage],
            "country": [f"c{n}" for n in random.integers(0, 3, count)],
            "source": [f"o{n}" for n in random.integers(0, 2, count)],
        }
    )
    place, horizon = np.repeat(np.arange(count), 2), np.tile([30.0, 90.0], count)
    won = (random.random(2 * count) < 0.1 + 0.2 * stage[place] * (horizon == 90)).astype(float)
    return TrainingRows(table, place, horizon, won, "deal_id")


def test_it_is_scikit_learns_for_each_horizon() -> None:
    earlier, later = rows(300, 1), rows(80, 2)
    found = naive_bayes_probability(earlier, later, TEXTS)
    for horizon in (30.0, 90.0):
        then, now = earlier.keep(earlier.horizon == horizon), later.keep(later.horizon == horizon)
        codes = [{text: place for place, text in enumerate(sorted(earlier.snapshots[name].unique()))} for name in TEXTS]
        one, other = (
            np.column_stack([r.snapshots[name].map(code).to_numpy()[r.snapshot_index] for name, code in zip(TEXTS, codes, strict=True)])
            for r in (then, now)
        )
        usual = (then.label.sum() + 0.5) / (len(then) + 1)
        oracle = CategoricalNB(alpha=1.0, class_prior=[1 - usual, usual]).fit(one, then.label)
        np.testing.assert_allclose(found[later.horizon == horizon], oracle.predict_proba(other)[:, 1], rtol=1e-9)


def test_missing_and_new_values_add_nothing() -> None:
    table = pd.DataFrame({"deal_id": list("abcdef"), "stage": pd.array(["x", "x", "y", "y", None, "x"], dtype="str")})
    earlier = TrainingRows(table, np.arange(6), np.full(6, 30.0), np.array([1.0, 0, 0, 0, 1, 1]), "deal_id")
    asked = pd.DataFrame({"deal_id": list("abc"), "stage": pd.array(["x", None, "new"], dtype="str")})
    later = replace(earlier, snapshots=asked, snapshot_index=np.arange(3), horizon=np.full(3, 30.0), label=np.zeros(3))
    usual = (3 + 0.5) / (6 + 1)
    # With the outcome x twice, y never; without it x once, y twice: each count one more, of 2 + 2 and 3 + 2.
    x = np.log(3 / 4) - np.log(2 / 5)
    np.testing.assert_allclose(naive_bayes_probability(earlier, later, ["stage"]), [expit(logit(usual) + x), usual, usual])
