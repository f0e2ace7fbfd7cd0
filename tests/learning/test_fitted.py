"""A fitted model: its parts add up, it survives a round trip, and a damaged one is told before it is read."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dealml.errors import ModelError
from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel, load_fitted
from dealml.learning.ladder import MIN_ENTITIES
from tests.learning import snapshot_fixtures as synthetic
from tests.learning.snapshot_fixtures import FEATURES, fitted, rows_of, snapshots


@pytest.fixture(scope="module")
def base_rate_model() -> FittedModel:
    return fitted(snapshots(deals=150, win=0.12))


@pytest.fixture
def saved(model: FittedModel, tmp_path: Path) -> tuple[Path, str]:
    return tmp_path / "model", model.save(tmp_path / "model")


def given(table: pd.DataFrame, horizon: float = 60.0) -> pd.DataFrame:
    return table.assign(**{HORIZON: horizon})


def test_the_learner_uses_texts_and_the_horizon(model: FittedModel, table: pd.DataFrame) -> None:
    assert model.rung.name == "lightgbm"
    parts = pd.DataFrame(np.abs(model.explain(rows_of(table).table()).log_odds).max(axis=0), index=model.schema.names)[0]
    assert parts["colour"] > 0
    assert parts["depth"] > 0
    assert parts[HORIZON] > 0
    assert set(FEATURES) - set(model.schema.names) == {"flat", "nothing"}


def rewritten(folder: Path, content: dict[str, object]) -> str:
    """The digest of an artefact whose content was exchanged."""
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "model.json").write_text(json.dumps(content))
    manifest["model.json"] = hashlib.sha256((folder / "model.json").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()


def test_an_artefact_of_another_format_names_its_model(saved: tuple[Path, str]) -> None:
    folder, _ = saved
    content = json.loads((folder / "model.json").read_text())
    digest, name = rewritten(folder, content | {"format": 3}), content["name"]
    with pytest.raises(
        ModelError, match=f"^{name}: an artefact of format 3, .* train again: dealml train {name} && dealml models promote {name}$"
    ):
        load_fitted(folder, digest)


def test_an_artefact_of_the_format_before_is_read_and_explained_as_it_was(
    saved: tuple[Path, str], model: FittedModel, table: pd.DataFrame
) -> None:
    folder, _ = saved
    content = json.loads((folder / "model.json").read_text())
    del content["rung"]["start"]["horizon_in_base"]
    older, rows = load_fitted(folder, rewritten(folder, content | {"format": 4})), rows_of(table).table()
    assert older.format == 4
    np.testing.assert_array_equal(older.probability(rows), model.probability(rows))
    then, now = older.explain(rows), model.explain(rows)
    np.testing.assert_array_equal(then.log_odds[:, :-1], now.log_odds[:, :-1])
    assert np.ptp(then.base_margin) < np.ptp(now.base_margin), "of the horizon only the line's part was in the base"


@pytest.mark.parametrize("which", ["model", "base_rate_model"])
def test_parts_add_up(which: str, table: pd.DataFrame, request: pytest.FixtureRequest) -> None:
    asked: FittedModel = request.getfixturevalue(which)
    rows = rows_of(table).table()
    told = asked.explain(rows)
    assert np.abs(told.base_margin + told.log_odds.sum(axis=1) - told.margin).max() < 1e-9
    assert np.abs(told.base_probability + told.points.sum(axis=1) - told.probability).max() < 1e-9
    np.testing.assert_array_equal(told.probability, asked.probability(rows))
    assert ((told.probability > 0) & (told.probability < 1)).all()
    assert len(np.unique(told.base_margin)) == len(np.unique(rows[HORIZON]))


@pytest.mark.parametrize("which", ["model", "base_rate_model"])
def test_all_horizons_at_once_are_each_by_itself(which: str, table: pd.DataFrame, request: pytest.FixtureRequest) -> None:
    asked: FittedModel = request.getfixturevalue(which)
    found = asked.probabilities(table, (30, 60, 180))
    for place, days in enumerate((30, 60, 180)):
        np.testing.assert_array_equal(found[:, place], asked.probability(given(table, float(days))))
    assert asked.probabilities(table[:0], (30, 60)).shape == (0, 2)


def test_points_have_the_sign_of_their_log_odds(model: FittedModel, table: pd.DataFrame) -> None:
    told = model.explain(given(table))
    assert (told.points * told.log_odds >= 0).all()


@pytest.mark.parametrize("which", ["model", "base_rate_model"])
def test_the_probability_never_falls_as_the_horizon_grows(which: str, table: pd.DataFrame, request: pytest.FixtureRequest) -> None:
    asked: FittedModel = request.getfixturevalue(which)
    by_horizon = np.stack([asked.probability(given(table, h)) for h in (0, 1, 7, 14, 15, 59.5, 60, 100, 150, 500)])
    assert (np.diff(by_horizon, axis=0) >= 0).all()


def test_it_never_falls_even_where_the_rows_speak_against_it(table: pd.DataFrame) -> None:
    """Long horizons are settled for old snapshots alone; here only young ones are won."""
    young = table["as_of"] > pd.Timestamp("2024-01-01", tz="UTC")
    turned = table.assign(event_at=(table["as_of"] + pd.Timedelta(days=3)).where(young & (table["as_of"].dt.day % 3 > 0)))
    rows = rows_of(turned)
    shares = [rows.label[rows.horizon == horizon].mean() for horizon in synthetic.SPEC.horizons]
    assert shares[0] > shares[-1]
    asked = fitted(turned)
    by_horizon = np.stack([asked.probability(given(table, h)) for h in synthetic.SPEC.horizons])
    assert (np.diff(by_horizon, axis=0) >= 0).all()


def test_too_few_outcomes_give_the_base_rate_under_its_name(base_rate_model: FittedModel) -> None:
    assert base_rate_model.counts["with_outcome"] < MIN_ENTITIES
    assert base_rate_model.rung.name == "base_rate"
    rows = rows_of(snapshots(deals=150, win=0.12))
    for horizon in synthetic.SPEC.horizons:
        at = rows.horizon == horizon
        rate = (rows.label[at].sum() + 0.5) / (at.sum() + 1)
        assert base_rate_model.probability(rows.table()[at])[0] == pytest.approx(rate)


def test_training_twice_gives_the_same_digest(model: FittedModel, table: pd.DataFrame) -> None:
    assert fitted(table.sample(frac=1, random_state=9)).digest == model.digest


def test_another_row_gives_another_digest(model: FittedModel, table: pd.DataFrame) -> None:
    changed = table.copy()
    changed.loc[3, "silence"] += 1
    assert fitted(changed).digest != model.digest


@pytest.mark.parametrize("which", ["model", "base_rate_model"])
def test_a_model_survives_a_round_trip(which: str, table: pd.DataFrame, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    asked: FittedModel = request.getfixturevalue(which)
    digest = asked.save(tmp_path)
    back = load_fitted(tmp_path, digest)
    assert back == asked
    assert back.digest == digest == asked.digest
    told, again = asked.explain(given(table)), back.explain(given(table))
    np.testing.assert_array_equal(told.probability, again.probability)
    np.testing.assert_array_equal(told.points, again.points)


def test_the_calibrator_is_part_of_the_digest(model: FittedModel) -> None:
    assert model.digest != FittedModel(**{**vars(model), "calibrator": Calibrator(1.5, 0.1)}).digest


def test_a_truncated_tree_file_is_told_before_it_is_parsed(saved: tuple[Path, str]) -> None:
    folder, digest = saved
    trees = folder / "trees.txt"
    trees.write_bytes(trees.read_bytes()[: trees.stat().st_size // 2])
    with pytest.raises(ModelError, match=r"trees\.txt: missing or changed"):
        load_fitted(folder, digest)


def test_an_edit_of_the_same_length_is_told(saved: tuple[Path, str]) -> None:
    folder, digest = saved
    trees = folder / "trees.txt"
    text = trees.read_text(encoding="utf-8")
    trees.write_text(text.replace("leaf_value=", "leaf_valve=", 1), encoding="utf-8")
    with pytest.raises(ModelError, match="missing or changed"):
        load_fitted(folder, digest)


@pytest.mark.parametrize("name", ["trees.txt", "model.json", "manifest.json"])
def test_a_missing_file_is_told(saved: tuple[Path, str], name: str) -> None:
    folder, digest = saved
    (folder / name).unlink()
    with pytest.raises(ModelError, match=r"missing|no model artefact"):
        load_fitted(folder, digest)


def test_a_manifest_made_to_fit_the_damage_is_told(saved: tuple[Path, str], base_rate_model: FittedModel, tmp_path: Path) -> None:
    folder, digest = saved
    base_rate_model.save(tmp_path / "other")
    shutil.copytree(tmp_path / "other", folder, dirs_exist_ok=True)
    with pytest.raises(ModelError, match="differs from what was registered"):
        load_fitted(folder, digest)
