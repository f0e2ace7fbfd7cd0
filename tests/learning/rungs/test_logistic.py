from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dealml.learning.encoding import Field, Schema
from dealml.learning.rungs import fit_logistic
from dealml.learning.rungs.logistic import STRENGTH

SCHEMA = Schema((Field("size"), Field("colour", ("red", "blue", "rare")), Field("horizon_days")))


def drawn(rows: int = 4000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    size = rng.exponential(20, rows)
    size[rng.random(rows) < 0.1] = np.nan
    colour = rng.choice([0.0, 1.0, np.nan], rows, p=[0.5, 0.4, 0.1])
    colour[:5] = 2.0
    horizon = rng.choice([30.0, 90.0], rows)
    z = -2 + 0.8 * np.log1p(np.nan_to_num(size, nan=8)) - 1.0 * (colour == 1) + 0.5 * np.isnan(size) + (horizon == 90)
    return np.column_stack([size, colour, horizon]), (rng.random(rows) < 1 / (1 + np.exp(-z))).astype(float)


def test_it_is_scikit_learns_line_on_the_same_design() -> None:
    matrix, won = drawn()
    matrix[:, 2] = 30.0
    rung = fit_logistic(matrix, won, SCHEMA, len(won))
    assert (rung.scale, rung.fade) == (1.0, 0.0)
    size, colour = matrix[:, 0], matrix[:, 1]
    filled = np.log1p(np.where(np.isnan(size), np.nanmedian(size), size))
    design = np.column_stack(
        [
            rung.base.margin(matrix),
            (filled - filled.mean()) / filled.std(),
            *(column - column.mean() for column in (np.isnan(size), np.isnan(colour), colour == 0, colour == 1)),
        ]
    )
    oracle = LogisticRegression(C=STRENGTH, tol=1e-10, max_iter=5000).fit(design, won)
    np.testing.assert_allclose(rung.margin(matrix), oracle.decision_function(design), atol=2e-3)


def test_features_say_less_of_a_horizon_for_which_they_mean_less() -> None:
    matrix, won = drawn(rows=20_000)
    chance = np.random.default_rng(9).random(len(won)) < 0.55
    won = np.where(matrix[:, 2] == 90, chance, won)  # what is known today tells nothing of 90 days
    rung = fit_logistic(matrix, won.astype(float), SCHEMA, len(won))
    near, far = (rung.scale + rung.fade * margin for margin in rung.base.margins)
    assert rung.fade < 0
    assert far < 0.35 * near
    spread = [np.std(rung.margin(matrix[matrix[:, 2] == horizon])) for horizon in (30, 90)]
    assert spread[1] < 0.35 * spread[0]


def test_a_rare_category_has_no_coefficient() -> None:
    matrix, won = drawn()
    rung = fit_logistic(matrix, won, SCHEMA, len(won))
    assert {(c.feature_index, c.kind, c.at) for c in rung.columns if c.kind == "category"} == {(1, "category", 0.0), (1, "category", 1.0)}


def test_few_entities_shrink_it_more() -> None:
    matrix, won = drawn()
    many, few = fit_logistic(matrix, won, SCHEMA, len(won)), fit_logistic(matrix, won, SCHEMA, 20)
    assert np.std(few.margin(matrix)) < 0.8 * np.std(many.margin(matrix))


def test_a_horizon_that_speaks_against_itself_has_no_part() -> None:
    matrix, won = drawn()
    young = np.nan_to_num(matrix[:, 0], nan=8) < 12
    won = np.where(matrix[:, 2] == 90, young * won, won)
    rung = fit_logistic(matrix, won, SCHEMA, len(won))
    assert rung.base_weight >= 0


def test_a_text_without_a_value_and_a_flat_number_are_left_out() -> None:
    matrix, won = drawn()
    matrix[:, 0], matrix[:, 1] = 3.0, np.nan
    rung = fit_logistic(matrix, won, SCHEMA, len(won))
    assert rung.columns == ()
    assert np.ptp(rung.margin(matrix)) == pytest.approx(np.ptp(rung.base_weight * rung.base.margin(matrix)))
