"""The value of an answer, with numbers by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dealml.qualification.questions import information_value


def test_the_value_of_an_answer_by_hand() -> None:
    """Two answers at 0.1 and 0.5, equally likely, with a break-even of 0.4: now 0.3 does not pay, after the answer half of the time 0.1."""
    worth = information_value(
        np.array([0, 0, 1, 1]), np.array([0.5, 0.5, 0.25, 0.75]), np.array([0.1, 0.5, 0.1, 0.2]), np.array([0.4, 0.4])
    )
    assert worth.value == pytest.approx([0.05, 0.0])  # the second question changes nothing
    assert worth.changes == pytest.approx([0.5, 0.0])
    assert worth.moves == pytest.approx([0.2, 0.0375])  # 0.175 is the mean of the second


def test_an_answer_that_stops_a_pursued_deal_is_worth_what_it_saves() -> None:
    worth = information_value(np.array([0, 0]), np.array([0.2, 0.8]), np.array([0.1, 0.6]), np.array([0.3]))
    assert worth.value == pytest.approx([0.2 * 0.2])
    assert worth.changes == pytest.approx([0.2])


def test_no_answer_is_worth_less_than_nothing() -> None:
    rng = np.random.default_rng(3)
    shares = rng.dirichlet(np.ones(4), 50).ravel()
    worth = information_value(np.repeat(np.arange(50), 4), shares, rng.random(200), rng.random(50))
    assert (worth.value >= 0).all()
    assert ((worth.changes >= 0) & (worth.changes <= 1)).all()
    assert (worth.value[worth.changes == 0] < 1e-12).all()
