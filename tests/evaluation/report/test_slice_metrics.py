"""Parts: withheld where too few, and gains that are those of the paired bootstrap."""

from __future__ import annotations

import numpy as np
import pytest

from dealml.evaluation.holdout.predictions import HoldoutPredictions, weekly
from dealml.evaluation.metrics.bootstrap import paired_difference
from dealml.evaluation.metrics.lift import TOP_MEASURES
from dealml.evaluation.metrics.metrics import METRICS
from dealml.evaluation.report.slice_metrics import slice_of, whole_of
from tests.learning.snapshot_fixtures import rows_of, snapshots


@pytest.fixture(scope="module")
def held() -> HoldoutPredictions:
    rows, random = weekly(rows_of(snapshots(deals=120), (60,))), np.random.default_rng(1)
    return HoldoutPredictions(
        rows, {"model": random.uniform(0.1, 0.6, len(rows)), "base_rate": np.full(len(rows), 0.3), "other": random.uniform(0, 1, len(rows))}
    )


def test_a_gain_is_the_paired_difference_on_the_same_accounts(held: HoldoutPredictions) -> None:
    found = whole_of(held, None, 40).gain
    assert list(found) == ["base_rate", "other"]
    p, won = held.probabilities, held.rows.label
    expected = paired_difference(won, p["other"], p["model"], held.weight, held.clusters, metrics=["log_loss"], resamples=40)["log_loss"]
    assert vars(found["other"]) == pytest.approx(vars(expected))


def test_a_slice_bounds_the_model_and_gives_rivals_values(held: HoldoutPredictions) -> None:
    whole, part = whole_of(held, np.ones(len(held)), 20), slice_of(held, np.ones(len(held)), 20)
    assert list(part.measured["model"]) == [*METRICS, *TOP_MEASURES]
    assert part.measured["model"] == whole.measured["model"]
    assert part.gain == whole.gain
    for metric, found in part.measured["other"].items():
        assert found.value == whole.measured["other"][metric].value
        assert np.isnan(found.low)
        assert whole.measured["other"][metric].low < found.value


@pytest.mark.parametrize(
    ("rows", "won", "withheld"), [(99, 12, True), (100, 12, False), (300, 9, True), (300, 10, False), (300, 291, True)]
)
def test_too_few_rows_or_outcomes_are_withheld(rows: int, won: int, withheld: bool) -> None:
    """Each row is a deal of its own."""
    table = snapshots(deals=400, seed=2).drop_duplicates("deal_id").reset_index(drop=True)
    some = rows_of(table, (14,))
    some = some.keep(np.arange(len(some)) < rows)
    some.label[:] = np.arange(rows) < won
    part = slice_of(HoldoutPredictions(some, dict.fromkeys(("model", "base_rate"), np.full(rows, 0.2))), None, 5)
    assert (part.rows, part.entities, part.with_outcome, part.withheld) == (rows, rows, won, withheld)
    assert bool(part.gain) == (not withheld)
