"""A run that is worse than on record is called so, row by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.loss_record import Losses, against_record

ROWS = 400
CLUSTER = np.arange(ROWS) // 4


def run(level: float, seed: int = 0) -> Losses:
    """Losses of made rows, of which a half has a probability that is off by a level."""
    random = np.random.default_rng(seed)
    p = random.uniform(0.2, 0.8, ROWS)
    won = (random.uniform(size=ROWS) < p).astype(float)
    return Losses.of(won, np.clip(p + level * np.where(np.arange(ROWS) % 2, 1, -1), 0.01, 0.99), CLUSTER)


def test_losses_are_those_of_the_probabilities() -> None:
    assert Losses.of(np.array([1.0, 0.0]), np.array([0.5, 0.25]), np.array([0, 1])).loss == pytest.approx([0.693147, 0.287682], abs=1e-6)


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    run(0).keep("one", tmp_path)
    again = Losses.on_record("one", tmp_path)
    assert again is not None
    np.testing.assert_allclose(again.loss, run(0).loss, rtol=1e-6)
    assert again.cluster.tolist() == CLUSTER.tolist()
    assert Losses.on_record("another", tmp_path) is None


def test_the_same_run_is_no_worse() -> None:
    row = against_record(run(0), run(0))
    assert (row["worse_by"], row["limit"], row["ok"]) == (0.0, 0.002, True)


def test_a_worse_run_fails_and_a_better_one_does_not() -> None:
    assert against_record(run(0.19), run(0))["ok"] is False
    assert against_record(run(0), run(0.19))["ok"] is True


def test_what_is_within_one_standard_error_is_no_worse() -> None:
    """Two deals are worse and one is better: rows of a deal are taken together, else the error would be .009."""
    rows = np.arange(ROWS)
    gap = np.where(rows < 8, 1.0, 0.0) - np.where((rows >= 8) & (rows < 12), 1.0, 0.0)
    row = against_record(Losses(run(0).loss + gap, CLUSTER), run(0))
    assert (row["worse_by"], row["limit"], row["ok"]) == (0.01, 0.0173, True)


def test_a_record_of_other_rows_is_not_compared() -> None:
    fewer = Losses(run(0).loss[:-1], CLUSTER[:-1])
    assert (against_record(fewer, run(0))["why"], against_record(run(0), None)["why"]) == ("the record is of other rows", "no record")
