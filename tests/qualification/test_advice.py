"""The advice, row by row against the thresholds by hand."""

from __future__ import annotations

import numpy as np

from dealml.qualification.advice import advised
from dealml.qualification.tested import TestedTable
from dealml.qualification.thresholds import Decline, KindThresholds, Pursue
from tests.qualification.tests_fixtures import FIT, SPONSOR, TABLE

TESTED = TestedTable.of((SPONSOR, FIT), TABLE, {})  # failed: 0, 2, 0, 0; passed: 2, 0, 0, 1
LIMITS = KindThresholds(Pursue(1.0, 1, 2), Decline(0.5, 1, 2))


def test_probability_and_tests_make_the_advice() -> None:
    assert advised(np.array([0.2, 0.2, 0.2, 0.19]), 0.2, TESTED, LIMITS).tolist() == ["pursue", "nurture", "pursue", "nurture"]
    assert advised(np.array([0.1, 0.1, 0.1, 0.1]), 0.2, TESTED, LIMITS).tolist() == ["nurture", "decline", "nurture", "nurture"]


def test_without_a_probability_the_tests_alone_count() -> None:
    assert advised(np.full(4, np.nan), np.nan, TESTED, LIMITS).tolist() == ["pursue", "decline", "nurture", "nurture"]
