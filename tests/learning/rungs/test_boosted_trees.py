from __future__ import annotations

import numpy as np
import pytest

from dealml.errors import SetupError
from dealml.learning.rungs import boosted_trees as module
from dealml.learning.rungs import fit_trees, grow_trees
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
