from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dealml.evaluation.decisions.verdict import verdict_on
from dealml.evaluation.metrics.bootstrap import Interval


def evaluation(value: float, low: float, high: float) -> Any:
    return SimpleNamespace(gain={"base_rate": Interval(value, low, high)})


@pytest.mark.parametrize(("low", "beats"), [(0.001, True), (0.0, False), (-0.01, False), (float("nan"), False)])
def test_only_a_whole_interval_above_zero_beats(low: float, beats: bool) -> None:
    verdict = verdict_on(evaluation(0.02, low, 0.05))
    assert verdict.beats is beats
    assert verdict.checked
    assert verdict.message.startswith("beats the base rate" if beats else "does not beat the baseline")


def test_what_could_not_be_checked_says_so() -> None:
    verdict = verdict_on(None)
    assert not verdict.beats
    assert not verdict.checked
    assert "too few outcomes" in verdict.message
