"""Why a probability changed: parts that balance, for every rung and across versions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel
from dealml.learning.ladder import LADDER
from dealml.learning.training import fit
from dealml.reasons.change import change
from tests.learning.snapshot_fixtures import END, FEATURES, SPEC, rows_of, snapshots

TABLE = snapshots(deals=150, seed=3)
MODELS: dict[str, FittedModel] = {}


def model(rung: str) -> FittedModel:
    if rung not in MODELS:
        MODELS[rung] = fit(SPEC, rows_of(TABLE), FEATURES, "won", END, "ledger", only=rung)
    return MODELS[rung]


def drawn(rng: np.random.Generator, rows: int = 40) -> pd.DataFrame:
    """Features of rows, each column drawn by itself, so that there are values and mixtures that training never had."""
    table = pd.DataFrame({name: TABLE[name].sample(rows, random_state=int(rng.integers(1e6))).to_numpy() for name in FEATURES})
    return table.assign(depth=table["depth"] * float(rng.choice([-3, 1, 50])), **{HORIZON: 60.0})


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rungs=st.tuples(st.sampled_from(LADDER), st.sampled_from(LADDER)),
    slopes=st.tuples(st.floats(0.05, 6), st.floats(0.05, 6)),
    shift=st.floats(-8, 8),
)
def test_the_parts_add_up_to_the_change(seed: int, rungs: tuple[str, str], slopes: tuple[float, float], shift: float) -> None:
    rng = np.random.default_rng(seed)
    earlier, later = (replace(model(rung), calibrator=Calibrator(slope, shift)) for rung, slope in zip(rungs, slopes, strict=True))
    tables = [drawn(rng) for _ in range(3)]
    found = change(earlier, later, *tables)
    assert np.abs(found.residual).max() < 1e-9
    np.testing.assert_array_equal(found.before, earlier.probability(tables[0]))
    np.testing.assert_array_equal(found.after, later.probability(tables[2]))


@pytest.mark.parametrize("rung", LADDER)
def test_nothing_changed_is_no_part(rung: str) -> None:
    table = drawn(np.random.default_rng(1))
    found = change(model(rung), model(rung), table, table, table)
    for part in (found.total, found.time, found.facts, found.model, found.calibration):
        assert not part.any()


def test_another_version_alone_is_the_model_alone() -> None:
    table = drawn(np.random.default_rng(2))
    found = change(model("logistic"), model("lightgbm"), table, table, table)
    assert not found.time.any()
    assert not found.facts.any()
    np.testing.assert_allclose(found.model + found.calibration, found.total, atol=1e-12)
    assert np.abs(found.model).max() > 0.01


def test_another_calibration_alone_is_the_calibration_alone() -> None:
    table, before = drawn(np.random.default_rng(3)), model("lightgbm")
    found = change(before, replace(before, calibrator=Calibrator(2.0, 0.5)), table, table, table)
    assert not found.model.any()
    np.testing.assert_array_equal(found.calibration, found.total)


def test_a_feature_that_did_not_move_has_no_part_in_a_line() -> None:
    rng = np.random.default_rng(4)
    before, after = drawn(rng), drawn(rng)
    after["colour"] = before["colour"]
    line = replace(model("logistic"), rung=replace(model("logistic").rung, scale=1.0, fade=0.0))  # else it is cut off far out
    found = change(line, line, before, before, after)
    assert not found.facts[:, found.names.index("colour")].any()
    assert found.facts[:, found.names.index("silence")].any()
