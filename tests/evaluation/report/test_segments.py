from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.report.segments import Segments, segments_of
from dealml.learning.training_rows import TrainingRows


def held(sizes: dict[str, tuple[int, float, float]]) -> HoldoutPredictions:
    """Deals of segments, one row each: how many, the forecast, and the share won."""
    frame = pd.DataFrame([(name, p, place < share * count) for name, (count, p, share) in sizes.items() for place in range(count)])
    frame.columns = pd.Index(["segment", "p", "won"])
    table = pd.DataFrame({"deal_id": [f"D{i}" for i in frame.index], "segment": frame["segment"], "as_of": pd.Timestamp("2025-01-06")})
    rows = TrainingRows(table, np.arange(len(frame)), np.full(len(frame), 90.0), frame["won"].to_numpy(dtype=float), "deal_id")
    return HoldoutPredictions(rows, {"model": frame["p"].to_numpy()})


def test_gap_and_picks_by_hand() -> None:
    found = segments_of(held({"big": (400, 0.6, 0.5), "small": (600, 0.3, 0.4)}), "segment")
    big, small = (next(part for part in found.parts if part.name == name) for name in ("big", "small"))
    assert (big.entities, big.with_outcome, big.forecast, big.observed, big.picked) == (400, 200, pytest.approx(0.6), 0.5, 1.0)
    assert small.gap == pytest.approx(-0.1)
    assert found.calibration_gap == pytest.approx(0.2)
    assert found.picked_ratio == 0.0


def test_a_segment_with_few_outcomes_is_withheld_and_not_compared() -> None:
    found = segments_of(held({"big": (400, 0.6, 0.5), "few": (400, 0.1, 99 / 400)}), "segment")
    assert [part.name for part in found.shown] == ["big"]
    assert found.calibration_gap is None
    assert found.picked_ratio is None


def test_a_repeated_row_counts_once() -> None:
    thrice = replace(held({"big": (600, 0.6, 0.5), "small": (300, 0.3, 0.5)}), repeats=3)
    thrice = replace(thrice, rows=replace(thrice.rows, cross_section=True))
    assert [(part.entities, part.with_outcome, part.withheld) for part in segments_of(thrice, "segment").parts] == [
        (200, 100, False),
        (100, 50, True),
    ]


def test_a_hundred_outcomes_are_enough() -> None:
    assert len(segments_of(held({"big": (400, 0.6, 0.5), "few": (400, 0.1, 0.25)}), "segment").shown) == 2


def test_without_the_feature_there_are_none() -> None:
    assert segments_of(held({"big": (4, 0.6, 0.5)}), "region") == Segments(())
