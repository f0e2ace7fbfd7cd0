"""What holds for every rung: parts add up, the horizon never lowers the margin, and it survives as plain values."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dealml.errors import ModelError
from dealml.learning.encoding import Schema, schema_of
from dealml.learning.rungs import Blend, Floats, Rung, fit_base_rate, fit_logistic, fit_shrunken_rates, fit_trees, rung_from
from dealml.learning.spec import Trees
from dealml.learning.training_rows import TrainingRows
from tests.learning.snapshot_fixtures import FEATURES, rows_of, snapshots

ROWS: TrainingRows = rows_of(snapshots(deals=120, seed=3))
SCHEMA: Schema = schema_of(ROWS.snapshots, FEATURES)
MATRIX: Floats = ROWS.matrix(SCHEMA)
COLOUR = SCHEMA.names.index("colour")


def made(name: str) -> Rung:
    if name == "base_rate":
        return fit_base_rate(MATRIX, ROWS.label)
    if name == "shrunken_rates":
        return fit_shrunken_rates(MATRIX, ROWS.label, ROWS.codes, {COLOUR: len(SCHEMA.fields[COLOUR].categories or ())})
    line = fit_logistic(MATRIX, ROWS.label, SCHEMA, len(np.unique(ROWS.codes)))
    return line if name == "logistic" else Blend(line, fit_trees(MATRIX, ROWS.label, SCHEMA, Trees(min_data_in_leaf=15), 20), 0.3)


@pytest.fixture(scope="module", params=["base_rate", "shrunken_rates", "logistic", "lightgbm"])
def rung(request: pytest.FixtureRequest) -> Rung:
    return made(request.param)


def odd_rows() -> Floats:
    """Rows that training never saw: all missing, far out, and another horizon."""
    few = MATRIX[:3].copy()
    few[0, :-1], few[1, :-1], few[2, -1] = np.nan, 1e12, 47.5
    few[1, COLOUR] = np.nan
    return few


def test_parts_add_up(rung: Rung) -> None:
    for matrix in (MATRIX, odd_rows()):
        parts = rung.contributions(matrix)
        assert parts.shape == (len(matrix), matrix.shape[1] + 1)
        np.testing.assert_allclose(parts.sum(axis=1), rung.margin(matrix), atol=1e-9)
    begun = rung.contributions(MATRIX)[:, -1]
    for horizon in (horizons := np.unique(MATRIX[:, -1])):
        assert np.ptp(begun[MATRIX[:, -1] == horizon]) == 0, "all begin alike"
    firsts = [begun[MATRIX[:, -1] == horizon][0] for horizon in horizons]
    assert (np.diff(firsts) > 0).all(), "more is to begin with where there is more time"


def test_the_margin_never_falls_with_the_horizon(rung: Rung) -> None:
    for matrix in (MATRIX[:200], odd_rows()):
        margins = []
        for horizon in (0.0, 5.0, 14.0, 30.0, 60.0, 149.0, 150.0, 900.0):
            given = matrix.copy()
            given[:, -1] = horizon
            margins.append(rung.margin(given))
        assert (np.diff(margins, axis=0) >= -1e-12).all()


def test_it_survives_as_plain_values(rung: Rung) -> None:
    back = rung_from(json.loads(json.dumps(rung.content(), allow_nan=False)), rung.trees)
    assert back == rung
    np.testing.assert_array_equal(back.margin(MATRIX), rung.margin(MATRIX))


def test_an_unknown_rung_is_told() -> None:
    with pytest.raises(ModelError, match="rung 'oracle'"):
        rung_from({"name": "oracle"}, None)
