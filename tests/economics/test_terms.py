"""Terms: one where it is known, another elsewhere; sums and factors; words for sources."""

from __future__ import annotations

import numpy as np
import pytest

from dealml.economics.look_alikes import LookAlikeEstimate
from dealml.economics.terms import Term, certain, declared, learned, missing


def term(value: float, half: float, source: str = "s") -> Term:
    return Term(np.array([value]), np.array([value - half]), np.array([value + half]), np.array([source], dtype=object))


def test_the_first_known_value_counts_with_its_source() -> None:
    first = certain(np.array([1.0, np.nan, np.nan]), "a").or_else(certain(np.array([5.0, 2.0, np.nan]), "b")).or_else(missing(3, "c"))
    assert first.value[:2].tolist() == [1.0, 2.0]
    assert first.source.tolist() == ["a", "b", "missing: c"]


def test_errors_of_sums_add_in_quadrature_and_factors_scale_them() -> None:
    both = term(10, 3) + term(20, 4)
    assert (both.value[0], both.half_width[0]) == (30, 5)
    assert (term(10, 3) + certain(np.array([1.0]), "c")).half_width[0] == 3
    assert np.isnan((certain(np.array([1.0]), "c") + certain(np.array([1.0]), "c")).half_width[0])
    assert term(10, 3).times(np.array([2.0])).half_width[0] == 6


def test_what_is_declared_says_so_and_what_is_not_says_how_to() -> None:
    assert declared(1, 0.2, "goods", "no costs").source[0] == "declared: goods"
    assert declared(1, None, "goods", "no costs").source[0] == "missing: no costs; declare goods in models/economics.toml where you know it"


def test_look_alikes_are_counted_in_words_and_intervals_stay_possible() -> None:
    level = np.array(["segment, industry", "company"], dtype=object)
    value, low, high = np.array([[0.1, 0.9], [-0.2, 0.7], [0.4, 1.3]])
    estimate = LookAlikeEstimate(value, low, high, np.array([12, 800]), level)
    got = learned(estimate, 0.0, 1.0)
    assert got.source.tolist() == ["look-alikes: same segment and industry, n=12", "look-alikes: the whole company, n=800"]
    assert (got.low.tolist(), got.high.tolist()) == ([0.0, 0.7], pytest.approx([0.4, 1.0]))
