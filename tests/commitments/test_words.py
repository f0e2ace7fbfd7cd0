"""Promises in words."""

from __future__ import annotations

import pytest

from dealml.commitments.words import promised_value


@pytest.mark.parametrize(
    ("measure", "value", "text"),
    [("discount", 0.28, "28%"), ("implementation_days", 45.2, "45 days"), ("roadmap_promise", 1, "yes"), ("roadmap_promise", 0, "no"),
     ("discount", float("nan"), "–")],
)  # fmt: skip
def test_a_value_is_read_by_its_measure(measure: str, value: float, text: str) -> None:
    assert promised_value(measure, value) == text
