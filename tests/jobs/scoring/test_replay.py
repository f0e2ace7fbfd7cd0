"""Replay: a score comes out the same again after everything that may come later, and a difference is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dealml.errors import InputError, ModelError
from dealml.importing.import_source import import_source
from dealml.jobs.scoring.replay import replay
from dealml.jobs.scoring.score import score_all
from dealml.project import Project
from dealml.reasons import wording as module
from tests.close_date_fixtures import served_at_once
from tests.conftest import CUT, MAPPING


@pytest.fixture(scope="module")
def project(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copied(tmp_path_factory.mktemp("replayed") / "project")
    served_at_once(project, "tiny", CUT)
    score_all(project, "tiny", CUT)
    return project


def query(project: Project, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with sqlite3.connect(project.folder / "scores.db") as connection:
        return connection.execute(statement, values).fetchall()


def first(project: Project) -> tuple[str, str]:
    return query(project, "SELECT score_id, entity_id FROM scores WHERE horizon_days = 90 ORDER BY entity_id")[0]


def test_after_a_backfill_and_a_retrain(project: Project, simulated: Path, tmp_path: Path) -> None:
    score_id, entity = first(project)
    backfill = tmp_path / "export"
    shutil.copytree(simulated / "export", backfill)
    roles = pd.read_csv(backfill / "OpportunityContactRole.csv", dtype=str, keep_default_na=False)
    deeper = roles.assign(RoleChangeId="9" + roles["RoleChangeId"], Role="Champion", EngagementLevel="4")
    pd.concat([roles, deeper]).to_csv(backfill / "OpportunityContactRole.csv", index=False)
    before = project.ledger.digest
    import_source(backfill, MAPPING, project.ledger)
    assert project.ledger.digest != before
    served_at_once(project, "tiny")
    (one,) = replay(project, score_id)
    assert (one.entity_id, one.horizon_days, one.model_version) == (entity, 90, 1)
    assert [row.horizon_days for row in replay(project, entity_id=entity, as_of=CUT)] == [30, 90, 180]
    score_all(project, "tiny", CUT, version=1)
    (entities,), (known,) = (
        query(project, f"SELECT count({what}) FROM snapshots")[0] for what in ("DISTINCT entity_id", "DISTINCT entity_id || features")
    )
    assert known > entities, "the backfill ought to have changed what is known of some"
    assert len(replay(project, entity_id=entity)) == 6


def test_texts_are_those_that_were_used_then(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_texts", lambda language: pytest.fail("the texts of today have no part in a replay"))
    assert replay(project, first(project)[0])[0].reasons > 0


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("probability", 0.5, "the probability was 0.5 and is 0."),
        ("margin", -9.0, r"the margin was -9\.0 and is"),
        ("rung", "oracle", "the rung was 'oracle' and is"),
    ],
)
def test_a_number_that_differs_is_named(project: Project, column: str, value: object, told: str) -> None:
    score_id, _ = first(project)
    kept = query(project, f"SELECT {column} FROM scores WHERE score_id = ?", score_id)[0][0]
    query(project, f"UPDATE scores SET {column} = ? WHERE score_id = ?", value, score_id)
    with pytest.raises(ModelError, match=rf"{score_id}: cannot be replayed: {told}"):
        replay(project, score_id)
    query(project, f"UPDATE scores SET {column} = ? WHERE score_id = ?", kept, score_id)
    assert replay(project, score_id)


def test_numbers_of_another_engine_are_told_apart(project: Project) -> None:
    score_id, _ = first(project)
    kept = query(project, "SELECT probability FROM scores WHERE score_id = ?", score_id)[0][0]
    query(project, "UPDATE scores SET probability = ? WHERE score_id = ?", kept * (1 + 1e-14), score_id)
    assert not replay(project, score_id)[0].is_exact
    query(project, "UPDATE scores SET probability = ? WHERE score_id = ?", kept, score_id)
    assert replay(project, score_id)[0].is_exact


def test_a_feature_that_differs_is_named(project: Project) -> None:
    score_id, entity = first(project)
    (kept,) = query(project, "SELECT features FROM snapshots WHERE entity_id = ?", entity)[0]
    changed = json.dumps(json.loads(kept) | {"champion_depth": "17.0"})
    query(project, "UPDATE snapshots SET features = ? WHERE entity_id = ?", changed, entity)
    with pytest.raises(ModelError, match=r"the feature champion_depth was 17\.0 and is"):
        replay(project, score_id)
    query(project, "UPDATE snapshots SET features = ? WHERE entity_id = ?", kept, entity)


def test_a_reason_that_differs_is_named(project: Project) -> None:
    score_id, _ = first(project)
    (kept,) = query(project, "SELECT reasons FROM scores WHERE score_id = ?", score_id)[0]
    reasons = json.loads(kept)
    reasons[1]["sentence"] = "The moon was full"
    query(project, "UPDATE scores SET reasons = ? WHERE score_id = ?", json.dumps(reasons), score_id)
    with pytest.raises(ModelError, match=r"cannot be replayed: reason 2, \w+: its sentence was 'The moon was full' and is"):
        replay(project, score_id)
    query(project, "UPDATE scores SET reasons = ? WHERE score_id = ?", kept, score_id)


def test_what_is_gone_is_named(project: Project, tmp_path: Path) -> None:
    score_id, _ = first(project)
    with pytest.raises(InputError, match="no-such-score: no such score in the store"):
        replay(project, "no-such-score")
    (batch,) = json.loads(query(project, "SELECT batches FROM ledgers")[0][0])
    kept = project.ledger.folder / batch[:16]
    shutil.move(kept, tmp_path / "kept")
    with pytest.raises(InputError, match=f"the batch {batch[:16]} is gone; restore"):
        replay(project, score_id)
    shutil.move(tmp_path / "kept", kept)
    query(project, "UPDATE scores SET model_version = 99 WHERE score_id = ?", score_id)
    with pytest.raises(ModelError, match="99"):
        replay(project, score_id)
    query(project, "UPDATE scores SET model_version = 1 WHERE score_id = ?", score_id)
