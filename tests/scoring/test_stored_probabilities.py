"""The stored probabilities of a model: the last run within reach, its longest horizon, this ledger's own scores first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dealml.scoring.stored_probabilities import StoredProbabilities, stored_probabilities
from tests.scoring.score_fixtures import MONDAY, publish, scores

WEEK = timedelta(days=7)


def read(url: str, model: str = "deal_win", days: float = 0, digest: str = "l1") -> StoredProbabilities | None:
    return stored_probabilities(url, model, MONDAY + timedelta(days=days), WEEK, digest)


def test_the_longest_horizon_of_the_last_run_counts(url: str) -> None:
    publish(url, [scores("D1", "D2")])
    stored = read(url, days=3)
    assert stored is not None
    assert (stored.as_of, stored.horizon_days, stored.version) == (MONDAY, 90, 1)
    assert stored.by_entity.to_dict() == {"D1": 0.1 + 90 / 1000, "D2": 0.1 + 90 / 1000}


def test_runs_that_are_too_old_or_still_to_come_do_not_count(url: str) -> None:
    publish(url, [scores("D1")])
    assert read(url, days=8) is None
    assert read(url, days=-1) is None
    assert read(url, days=7) is not None


def test_without_scores_or_of_another_model_there_is_none(url: str, tmp_path: Path) -> None:
    assert read(f"sqlite:///{tmp_path / 'none.db'}") is None
    publish(url, [scores("D1")])
    assert read(url, model="lead_conversion") is None


def test_each_entity_has_one_probability(url: str) -> None:
    publish(url, [scores("D1"), scores("D1", "D2", digest="d2")])
    stored = read(url)
    assert stored is not None
    assert sorted(stored.by_entity.index) == ["D1", "D2"]
