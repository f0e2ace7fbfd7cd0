"""A duel is fair: both sides on the same rows, and neither saw any of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from dealml.errors import ModelError
from dealml.evaluation.decisions.champion_challenger import AS_REGISTERED, ComparisonData, compare_with_champion
from dealml.evaluation.decisions.promotion import check_gate
from dealml.evaluation.holdout.predictions import HoldoutPredictions, is_weekly
from dealml.learning.fitted import FittedModel
from dealml.learning.promotion_gate import Gate
from dealml.learning.training import fit
from dealml.learning.training_rows import labelled
from dealml.moments import as_utc64
from tests.learning.snapshot_fixtures import END, FEATURES, SPEC, rows_of, snapshots

EARLY = datetime(2023, 11, 6, tzinfo=UTC)
MIDDLE = datetime(2024, 2, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def arena() -> ComparisonData:
    return ComparisonData(SPEC, rows_of(snapshots(deals=400)), FEATURES, "won", END)


@pytest.fixture(scope="module")
def models(arena: ComparisonData) -> dict[str, FittedModel]:
    """Versions of one recipe, trained as of three moments."""
    table = arena.rows.snapshots
    known = {at: table[table["as_of"] < at].assign(event_at=table["event_at"].where(table["event_at"] < at)) for at in (EARLY, MIDDLE)}
    early, middle = (fit(SPEC, rows_of(known[at], end=at), FEATURES, "won", at, "ledger", only="logistic") for at in (EARLY, MIDDLE))
    return {"early": early, "middle": middle, "late": fit(SPEC, arena.rows, FEATURES, "won", END, "ledger", only="logistic")}


def cut_of(held: HoldoutPredictions) -> np.datetime64:
    return held.rows.as_of.min()


def test_versions_that_were_trained_before_stand_as_registered_on_the_time_since(
    arena: ComparisonData, models: dict[str, FittedModel]
) -> None:
    found = compare_with_champion(arena, models["middle"], models["early"])
    assert found.forms == {"model": AS_REGISTERED, "champion": AS_REGISTERED}
    assert found.cut == MIDDLE.isoformat()
    assert cut_of(found.predictions) >= as_utc64(MIDDLE)
    assert found.horizon_days == 60
    table = found.predictions.rows.table()
    assert np.array_equal(found.predictions.probabilities["model"], models["middle"].probability(table))
    assert np.array_equal(found.predictions.probabilities["champion"], models["early"].probability(table))


def test_a_version_that_saw_the_last_quarter_is_refitted_before_it(arena: ComparisonData, models: dict[str, FittedModel]) -> None:
    found = compare_with_champion(arena, models["late"], models["early"])
    cut = found.cut[:10]
    assert found.forms == {"model": f"refitted before {cut}", "champion": AS_REGISTERED}
    assert cut_of(found.predictions) >= np.datetime64(cut)
    assert set(found.predictions.rows.horizon) == {float(found.horizon_days)}
    assert is_weekly(found.predictions.rows.table()["as_of"]).all()
    table = found.predictions.rows.table()
    assert not np.array_equal(found.predictions.probabilities["model"], models["late"].probability(table))
    assert np.array_equal(found.predictions.probabilities["champion"], models["early"].probability(table))
    earlier = arena.rows.keep(arena.rows.resolved_at <= as_utc64(datetime.fromisoformat(found.cut)))
    assert not set(earlier.entities) & set(found.predictions.rows.entities)


def test_the_same_recipe_on_fresh_data_gains_nothing_and_is_refused(arena: ComparisonData, models: dict[str, FittedModel]) -> None:
    """Age alone promotes nothing: refitted before the cut, both are the same model."""
    older = replace(models["late"], trained_through=datetime(2024, 12, 30, tzinfo=UTC).isoformat())
    found = compare_with_champion(arena, models["late"], older)
    assert np.array_equal(found.predictions.probabilities["model"], found.predictions.probabilities["champion"])
    conditions = {c.name: c for c in check_gate(Gate(resamples=100), found.predictions, "champion", None)}
    assert conditions["gain_over_champion"].value == 0.0
    assert not conditions["gain_over_champion"].passed


def test_each_side_is_refitted_by_its_own_recipe(arena: ComparisonData, models: dict[str, FittedModel]) -> None:
    base = fit(SPEC, arena.rows, FEATURES, "won", END, "ledger", only="base_rate")
    narrow = fit(SPEC, arena.rows, ["colour"], "won", END, "ledger", only="logistic")
    found = compare_with_champion(arena, base, narrow)
    p = found.predictions.probabilities
    assert len(np.unique(p["model"])) == 1
    by_colour = pd.Series(p["champion"]).groupby(found.predictions.rows.table()["colour"].fillna("").to_numpy()).nunique()
    assert by_colour.max() == 1


def test_a_recipe_whose_features_are_gone_says_so(arena: ComparisonData, models: dict[str, FittedModel]) -> None:
    fewer = replace(arena, available=["depth", "colour"])
    found = compare_with_champion(fewer, models["middle"], models["early"])
    assert all(form.endswith(", without 2 features that are gone") for form in found.forms.values()), found.forms


def test_without_a_champion_there_are_the_forecasts_that_cost_nothing(arena: ComparisonData, models: dict[str, FittedModel]) -> None:
    found = compare_with_champion(arena, models["middle"], None)
    assert {"model", "base_rate", "stage_rates"} <= set(found.predictions.probabilities)
    assert "champion" not in found.predictions.probabilities


def test_too_few_outcomes_are_told() -> None:
    rows = rows_of(snapshots(deals=30))
    model = fit(SPEC, rows, FEATURES, "won", END, "ledger", only="base_rate")
    with pytest.raises(ModelError, match="made: too few outcomes to compare versions on; at least 40"):
        compare_with_champion(ComparisonData(SPEC, rows, FEATURES, "won", END), model, None)


def test_where_there_are_no_dates_both_are_cross_validated() -> None:
    table = snapshots(deals=200).drop_duplicates("deal_id").reset_index(drop=True)
    at = pd.Timestamp("2000-01-03", tz="UTC")
    event = (at + pd.Timedelta(hours=12)).tz_convert("UTC")
    won = table["event_at"].notna()
    table = table.assign(as_of=at, since=at, known_by=at, event_at=pd.Series(event, index=table.index).where(won))
    rows = labelled(table, "deal_id", (1,), datetime(2000, 1, 4, tzinfo=UTC), cross_section=True)
    arena = ComparisonData(replace(SPEC, horizons=(1,), main_horizon=1), rows, FEATURES, "won", datetime(2000, 1, 4, tzinfo=UTC))
    base = fit(arena.spec, rows, FEATURES, "won", arena.end, "ledger", only="base_rate")
    found = compare_with_champion(arena, base, base)
    assert (found.cut, found.until) == ("", "")
    assert found.forms["model"].startswith("refitted in each part of a cross-validation")
    assert len(found.predictions) == len(rows) * found.predictions.repeats
    assert found.predictions.repeats > 1
