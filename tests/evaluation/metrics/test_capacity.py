"""Who gets worked: by hand, and against a random draw of ties written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.evaluation.metrics.capacity import Capacity, credits, gains, worked


def test_the_top_of_each_list_is_worked_and_ties_share_the_edge() -> None:
    scores = np.array([9.0, 5, 5, 5, 1, 0.2, 0.3])
    lists = np.array([0, 0, 0, 0, 0, 1, 1])
    np.testing.assert_allclose(worked(scores, lists, Capacity(2)), [1, 1 / 3, 1 / 3, 1 / 3, 0, 1, 1])
    np.testing.assert_allclose(worked(scores, lists, Capacity(share=0.5)), [1, 0.5, 0.5, 0.5, 0, 0, 1])
    assert worked(np.zeros(0), np.zeros(0, dtype=int), Capacity(3)).shape == (0,)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=25), st.integers(1, 8))
def test_ties_are_worked_as_often_as_a_random_order_would(rows: list[tuple[int, int]], room: int) -> None:
    scores, lists = (np.array(column) for column in zip(*rows, strict=True))
    parts = worked(scores.astype(float), lists, Capacity(room))
    for code in np.unique(lists):
        here = lists == code
        assert parts[here].sum() == pytest.approx(min(room, here.sum()))
        for value in np.unique(scores[here]):
            above, tied = (scores[here] > value).sum(), (scores[here] == value).sum()
            np.testing.assert_allclose(parts[here & (scores == value)], np.clip(room - above, 0, tied) / tied)


def test_the_order_of_rows_does_not_matter() -> None:
    random = np.random.default_rng(4)
    scores, lists = random.integers(0, 9, 200).astype(float), random.integers(0, 7, 200)
    order = random.permutation(200)
    np.testing.assert_allclose(worked(scores, lists, Capacity())[order], worked(scores[order], lists[order], Capacity()))


def test_a_won_deal_counts_once_however_many_weeks_it_took() -> None:
    won, deals = np.array([1.0, 1, 0, 1, 0, 0]), np.array([0, 0, 0, 1, 2, 2])
    np.testing.assert_allclose(credits(won, deals), [0.5, 0.5, 0, 1, 0, 0])


def test_gains_run_from_none_to_all_and_chance_is_the_diagonal() -> None:
    random = np.random.default_rng(1)
    won, lists = (random.random(400) < 0.3).astype(float), np.repeat(np.arange(8), 50)
    credit, shares = credits(won, np.arange(400)), np.linspace(0, 1, 11)
    np.testing.assert_allclose(gains(np.zeros(400), lists, credit, shares), shares)
    perfect = gains(won, lists, credit, shares)
    assert (perfect[0], perfect[-1]) == (0, pytest.approx(1))
    assert (perfect[1:-1] > shares[1:-1]).all()
    assert np.isnan(gains(won, lists, np.zeros(400), shares)).all()
