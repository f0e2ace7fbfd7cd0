"""Rivals: each by hand or by what it must be, and left out where the ledger lacks what it needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dealml import Lost, Points, Scorecard
from dealml.evaluation.baselines.baselines import BASELINES, DISPLAY_NAMES, BaselineContext, baseline_probabilities, scores_of
from dealml.learning.encoding import Schema, schema_of
from dealml.learning.training_rows import TrainingRows
from tests.learning.snapshot_fixtures import FEATURES, SPEC, rows_of

CARD = Scorecard("card", (Points(10, "depth", at_least=3), Points(5, "colour", one_of=("blue",))))


@pytest.fixture(scope="module")
def both() -> tuple[TrainingRows, TrainingRows]:
    from tests.learning.snapshot_fixtures import snapshots

    rows = rows_of(snapshots(200))
    cut = np.datetime64("2024-06-03", "us")
    return rows.keep(rows.resolved_at <= cut), rows.keep(rows.as_of >= cut)


def schema(rows: TrainingRows) -> Schema:
    return schema_of(rows.snapshots, FEATURES)


def with_column(rows: TrainingRows, name: str, values: Any) -> TrainingRows:
    return replace(rows, snapshots=rows.snapshots.assign(**{name: values}))


def test_every_rival_has_a_name_that_people_use() -> None:
    assert set(DISPLAY_NAMES) == set(BASELINES)


def test_probabilities_of_those_that_the_ledger_allows(both: tuple[TrainingRows, TrainingRows]) -> None:
    earlier, later = both
    found = baseline_probabilities(SPEC, earlier, later, schema(earlier), CARD)
    assert list(found) == ["base_rate", "stage_rates", "heuristic", "logistic_regression"]
    for p in found.values():
        assert p.shape == (len(later),)
        assert ((p > 0) & (p < 1)).all()
    assert "heuristic" not in baseline_probabilities(SPEC, earlier, later, schema(earlier))


def test_a_scorecard_of_other_entities_or_other_features_is_no_rival(both: tuple[TrainingRows, TrainingRows]) -> None:
    earlier, later = both
    for card in (replace(CARD, entity="account_id"), Scorecard("card", (Points(1, "nothing_like_it", at_least=1),))):
        assert BASELINES["heuristic"](earlier, later, BaselineContext(SPEC, schema(earlier), card)) is None


def test_what_people_say_of_winning_is_no_rival_for_losing(both: tuple[TrainingRows, TrainingRows]) -> None:
    earlier, later = (with_column(rows, "rep_probability", 0.3) for rows in both)
    assert BASELINES["rep_probability"](earlier, later, BaselineContext(SPEC, schema(both[0]))) is not None
    losing = BaselineContext(replace(SPEC, outcomes=(Lost(),)), schema(both[0]))
    assert BASELINES["rep_probability"](earlier, later, losing) is None
    assert BASELINES["stage_rates"](earlier, later, losing) is not None


def test_stage_rates_are_shrunken_by_deals_within_each_horizon() -> None:
    """Of stage x, 3 deals with 2 rows each; the base rate counts as 20 deals."""
    table = pd.DataFrame({"deal_id": list("aabbccdd"), "account_id": None, "colour": list("xxxxxxyy")})
    earlier = TrainingRows(table, np.arange(8), np.full(8, 60.0), np.array([1.0, 1, 1, 1, 0, 0, 0, 0]), "deal_id")
    asked = replace(earlier, snapshots=pd.DataFrame({"deal_id": ["e", "f", "g"], "colour": ["x", "y", "z"]}), snapshot_index=np.arange(3))
    later = replace(asked, horizon=np.full(3, 60.0), label=np.zeros(3))
    usual = (4 + 0.5) / (8 + 1)
    found = BASELINES["stage_rates"](earlier, later, BaselineContext(SPEC, schema_of(table, ["colour"])))
    assert found is not None
    np.testing.assert_allclose(found, [(3 * 4 / 6 + 20 * usual) / 23, (1 * 0 + 20 * usual) / 21, usual])


def test_the_scorecards_probabilities_rise_with_its_points(both: tuple[TrainingRows, TrainingRows]) -> None:
    earlier, later = both
    p = BASELINES["heuristic"](earlier, later, BaselineContext(SPEC, schema(earlier), CARD))
    assert p is not None
    points = scores_of("heuristic", later, p, CARD)
    assert set(points) == {0.0, 5.0, 10.0, 15.0}
    for horizon in np.unique(later.horizon):
        at = later.horizon == horizon
        means = [p[at & (points == value)].mean() for value in (0.0, 10.0)]
        assert means[0] < means[1]
    assert np.array_equal(points, CARD.points(later.table()))


def test_what_a_rep_says_stands_and_silence_is_the_base_rate(both: tuple[TrainingRows, TrainingRows]) -> None:
    earlier, later = both
    said = np.tile([0.4, np.nan, 0.0, 1.0], len(later.snapshots))[: len(later.snapshots)]
    earlier, later = (with_column(rows, "rep_probability", said) for rows in (earlier, later))
    context = BaselineContext(SPEC, schema(earlier))
    p, usual = BASELINES["rep_probability"](earlier, later, context), BASELINES["base_rate"](earlier, later, context)
    assert p is not None
    assert usual is not None
    told = said[later.snapshot_index]
    np.testing.assert_allclose(p, np.where(np.isnan(told), usual, np.clip(told, 0.01, 0.99)))
    assert BASELINES["crm_probability"](earlier, later, context) is None
    unknown = with_column(later, "rep_probability", np.nan)
    assert BASELINES["rep_probability"](earlier, unknown, context) is None


def test_points_on_record_rank_and_those_without_come_last(both: tuple[TrainingRows, TrainingRows]) -> None:
    earlier, later = both
    points = np.where(np.arange(len(later.snapshots)) % 3 == 0, np.nan, later.snapshots["depth"].fillna(0) * 10)
    earlier, later = (with_column(rows, "recorded_points", points) for rows in (earlier, later))
    p = BASELINES["recorded_points"](earlier, later, BaselineContext(SPEC, schema(earlier)))
    usual = BASELINES["base_rate"](earlier, later, BaselineContext(SPEC, schema(earlier)))
    assert p is not None
    assert usual is not None
    gone = np.isnan(points[later.snapshot_index])
    np.testing.assert_allclose(p[gone], usual[gone])
    assert np.isneginf(scores_of("recorded_points", later, p, None)[gone]).all()
    early = replace(earlier, snapshots=earlier.snapshots.assign(recorded_points=np.nan))
    found = BASELINES["recorded_points"](early, later, BaselineContext(SPEC, schema(earlier)))
    assert found is not None
    np.testing.assert_allclose(found, usual)


def test_a_horizon_that_nothing_was_learned_of_has_rates_all_the_same(both: tuple[TrainingRows, TrainingRows]) -> None:
    earlier, later = both
    short = earlier.keep(earlier.horizon == 14)
    for p in baseline_probabilities(SPEC, short, later, schema(earlier), CARD).values():
        assert np.isfinite(p).all()


def test_what_was_said_of_a_simulated_companys_deals_is_known_in_time(later: pd.DataFrame) -> None:
    assert later["rep_probability"].notna().mean() > 0.8
    assert set(later["crm_probability"].dropna()) == {0.1, 0.25, 0.5, 0.75}
    assert later["recorded_points"].isna().all()
    same = later.dropna(subset="rep_probability")
    assert same["rep_probability"].between(0.05, 0.95).all()
