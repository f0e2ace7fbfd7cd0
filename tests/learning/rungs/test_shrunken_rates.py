from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from dealml.learning.rungs import fit_shrunken_rates


def table(categories: list[float], won: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A matrix of one text and one horizon; every row is an entity of its own."""
    matrix = np.column_stack([categories, np.full(len(won), 30.0)])
    return matrix, np.array(won), np.arange(len(won))


def test_a_category_is_drawn_towards_the_base_rate_by_so_many_entities() -> None:
    matrix, won, entities = table([0.0] * 30 + [1.0] * 30, [1.0] * 24 + [0.0] * 6 + [1.0] * 6 + [0.0] * 24)
    rung = fit_shrunken_rates(matrix, won, entities, {0: 2}, strength=20)
    shrunken = (30 * 0.8 + 20 * 0.5) / 50
    assert expit(rung.margin(matrix))[0] == pytest.approx(shrunken)
    assert expit(rung.margin(matrix))[-1] == pytest.approx(1 - shrunken)


def test_many_rows_of_one_entity_are_little_evidence() -> None:
    matrix, won, entities = table([0.0] * 50 + [1.0] * 50, [1.0] * 50 + [0.0] * 50)
    by_row = fit_shrunken_rates(matrix, won, entities, {0: 2})
    by_entity = fit_shrunken_rates(matrix, won, entities // 50, {0: 2})
    assert by_entity.margin(matrix)[0] < by_row.margin(matrix)[0]
    assert expit(by_entity.margin(matrix))[0] == pytest.approx((1 + 20 * 0.5) / 21)


def test_a_missing_a_new_and_an_empty_category_are_the_base_rate() -> None:
    matrix, won, entities = table([0.0] * 10 + [np.nan] * 10, [1.0] * 15 + [0.0] * 5)
    rung = fit_shrunken_rates(matrix, won, entities, {0: 3})
    base = logit(15.5 / 21)
    asked = np.array([[np.nan, 30.0], [2.0, 30.0]])
    np.testing.assert_allclose(rung.margin(asked), base)
