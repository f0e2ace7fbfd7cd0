from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dealml.errors import SetupError
from dealml.learning.rungs import BoostedTrees, fit_base_rate, fit_trees, grow_trees
from dealml.learning.rungs import boosted_trees as module
from dealml.learning.spec import Trees
from tests.learning.rungs.test_rung import MATRIX, ROWS, SCHEMA

SETTINGS = Trees(min_data_in_leaf=15, num_boost_round=40, learning_rate=0.4)


def test_growth_is_the_same_trees_one_by_one() -> None:
    half = len(ROWS) // 2
    growth = grow_trees(MATRIX[:half], ROWS.label[:half], SCHEMA, SETTINGS, (MATRIX[half:], ROWS.label[half:]))
    assert growth.losses.argmin() < 39
    for rounds in (1, 7, 40):
        fitted = fit_trees(MATRIX[:half], ROWS.label[:half], SCHEMA, SETTINGS, rounds)
        np.testing.assert_allclose(fitted.margin(MATRIX[half:]), growth.margin(MATRIX[half:], rounds), atol=1e-12)
        margin = growth.margin(MATRIX[half:], rounds)
        assert growth.losses[rounds - 1] == pytest.approx(np.mean(np.logaddexp(0, margin) - ROWS.label[half:] * margin))


def test_growth_stops_where_later_rows_get_worse() -> None:
    nonsense = np.random.default_rng(0).permutation(ROWS.label)
    growth = grow_trees(MATRIX, nonsense, SCHEMA, Trees(min_data_in_leaf=15, num_boost_round=200), (MATRIX, 1 - nonsense))
    assert len(growth.losses) < 100


def test_a_machine_without_its_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def broken(name: str, *rest: object) -> object:
        if name == "lightgbm":
            raise OSError("libgomp.so.1: cannot open shared object file")
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(SetupError, match="apt-get install libgomp1"):
        module.lightgbm()


def test_the_base_holds_what_the_trees_say_of_the_horizon_alone() -> None:
    trees = fit_trees(MATRIX, ROWS.label, SCHEMA, SETTINGS, 20)
    assert len(trees.base.horizons) == 1
    parts, before = trees.contributions(MATRIX), replace(trees, horizon_in_base=False).contributions(MATRIX)
    alone = trees.alone.at(MATRIX[:, -1])
    assert np.ptp(alone) > 0.5
    np.testing.assert_allclose(parts[:, -1], before[:, -1] + alone, atol=1e-12)
    np.testing.assert_array_equal(parts[:, :-2], before[:, :-2])
    assert np.abs(parts[:, -2]).max() < np.abs(before[:, -2]).max() / 2, "little is left to the horizon"


def test_trees_that_start_from_each_horizons_rate_keep_their_contributions() -> None:
    fitted = fit_trees(MATRIX, ROWS.label, SCHEMA, SETTINGS, 20)
    older = BoostedTrees(fit_base_rate(MATRIX, ROWS.label), fitted.text)
    shap = fitted.booster.predict(MATRIX, pred_contrib=True)
    np.testing.assert_allclose(older.contributions(MATRIX)[:, :-1], shap[:, :-1], atol=1e-12)
