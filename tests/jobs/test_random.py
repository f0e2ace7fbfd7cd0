"""Random ledgers and random models: parts add up, changes balance, evidence is counted again, and every score is replayed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.jobs.explaining.explain import explain
from dealml.jobs.explaining.score_changes import explain_changes
from dealml.jobs.scoring.feature_table import write_features
from dealml.jobs.scoring.replay import replay
from dealml.jobs.scoring.score import score_all
from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel
from dealml.learning.ladder import LADDER
from dealml.learning.training import fit
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project, make_project
from dealml.scoring.score import at_horizons
from dealml.tracking import Registry
from tests.features.deal_history_fixtures import LENGTH, START, make_case, write_ledger

KINDS = (
    *("stage.stage", "stage.days_in_stage", "stage.stage_moves", "milestones.milestones_reached", "milestones.milestone_pace"),
    *("champion.champion_depth", "champion.champion_depth_now", "champion.champion_cooled", "segment.segment", "segment.country"),
    *("competition.competitor", "activity.activities_30d", "activity.days_since_activity", "timing.days_to_close", "economics.amount"),
    *("economics.amount_base", "history.segment_win_lift", "stakeholders.people_known"),
)
DEALS = 40


@pytest.fixture(scope="module")
def bare(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Project]:
    """Makes projects without facts."""
    root = tmp_path_factory.mktemp("random")
    make_project(root / "template")
    shutil.copy(empty_store, root / "template" / "mlflow.db")

    def made() -> Project:
        folder = root / f"p{len(list(root.iterdir()))}"
        shutil.copytree(root / "template", folder, ignore=shutil.ignore_patterns("__pycache__"))
        return Project(folder)

    return made


def with_model(project: Project, chance: random.Random, rung: str) -> FittedModel:
    """A random recipe, fitted on the project's ledger, with a calibration of its own, and registered."""
    drawn = sorted({*chance.sample(KINDS, chance.randint(3, 9)), "stage.stage"})
    modules = sorted({name.partition(".")[0] for name in drawn})
    (project.folder / "models" / "drawn.py").write_text(
        f'"""Drawn by lot."""\nfrom dealml import Model, Shown, Trees, Won\nfrom features import {", ".join(modules)}\n'
        f'MODEL = Model(name="drawn", entity="deal_id", outcomes=(Won(),), horizons=(5, 10, 20), main_horizon=10, '
        f'features=({", ".join(drawn)},), shown=Shown(amount="amount"), trees=Trees(num_boost_round=12, min_data_in_leaf=10))\n',
        encoding="utf-8",
    )
    return registered(project, rung, chance)


def registered(project: Project, rung: str, chance: random.Random) -> FittedModel:
    """The recipe, fitted with a rung on what the ledger holds now."""
    view = View.of(project.ledger, load_model(project.folder, "drawn"), None, project.query_settings)
    rows = view.labelled(view.history())
    fitted = fit(view.spec, rows, view.served_features(), view.outcome.outcome_name, view.end, project.ledger.digest, only=rung)
    fitted = replace(fitted, calibrator=Calibrator(chance.uniform(0.2, 3), chance.uniform(-2, 2)))
    Registry(project.tracking_uri, project.folder / "mlartifacts").record(fitted, {}, {})
    return fitted


@pytest.mark.timeout(1200)
@settings(max_examples=3, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), rungs=st.permutations(LADDER))
def test_sums_balances_and_replays(bare: Callable[[], Project], seed: int, rungs: list[str]) -> None:
    project, chance = bare(), random.Random(seed)
    case = make_case(seed, DEALS)
    write_ledger(project.ledger.folder, case, seed)
    model = with_model(project, chance, rungs[0])
    at = START + timedelta(days=chance.randrange(LENGTH // 2, LENGTH))
    view = View.of(project.ledger, load_model(project.folder, "drawn"), at, project.query_settings)
    table = view.at_stake()
    assert len(table)
    adds_up(model, table)
    counted_again(project, table["deal_id"].iloc[0], at)
    report = score_all(project, "drawn", at)
    assert report.written == report.rows > 0

    later = registered(project, rungs[1], chance)
    balances(project, at - timedelta(days=chance.randrange(1, 20)), at, model, later)

    # A second company's facts about deals of the same names, recorded before and after: backfills and corrections.
    write_ledger(project.ledger.folder, make_case(seed + 1, DEALS), seed + 1)
    registered(project, rungs[2], chance)
    (project.folder / "dealml.toml").write_text('[company]\nlanguage = "pl"\n', encoding="utf-8")
    assert len(replay(Project(project.folder), as_of=at)) == report.written
    assert score_all(Project(project.folder), "drawn", at, version=1).written > 0, "the ledger is another one now"


def adds_up(model: FittedModel, table: pd.DataFrame) -> None:
    """Parts sum to the margin and to the served probability, at every horizon, which never falls with it."""
    rows = at_horizons(table, model.horizons)
    told = model.explain(rows)
    assert np.abs(told.base_margin + told.log_odds.sum(axis=1) - told.margin).max() < 1e-9
    assert np.abs(told.base_probability + told.points.sum(axis=1) - told.probability).max() < 1e-9
    np.testing.assert_array_equal(told.probability, model.probability(rows))
    assert (np.diff(told.probability.reshape(len(table), -1), axis=1) >= 0).all()


def counted_again(project: Project, entity: str, at: datetime) -> None:
    """The queries that are printed give the counts that the sentences tell."""
    file = project.folder / "settled.parquet"
    write_features(project, "drawn", at, file, settled=True)
    for backing in explain(project, entity, at, "drawn").evidence:
        counts = duckdb.execute(backing.query.replace("settled.parquet", str(file))).fetchone()
        assert counts is not None
        alike, _, others, _ = counts
        told = (
            (f"Of {alike} deals like this", f" of {others} others ")
            if min(alike, others) >= 20
            else (f"Only {alike} like", f" {others} oth")
        )
        assert all(part in backing.sentence for part in told), (counts, backing.sentence)


def balances(project: Project, start: datetime, end: datetime, earlier: FittedModel, later: FittedModel) -> None:
    """All parts of a change sum to it, from one version to the other."""
    found = explain_changes(project, "drawn", start, end, version=2, version_before=1)
    sums, whole = found.table.groupby("entity_id")["points"].sum(), found.by_entity
    assert len(whole)
    assert np.abs(whole["change"] - sums[whole.index]).max() < 1e-9
    for moment, column, model in ((start, "probability_before", earlier), (end, "probability_after", later)):
        view = View.of(project.ledger, load_model(project.folder, "drawn"), moment, project.query_settings)
        said = view.at_stake().set_index("deal_id", drop=False).loc[whole.index].assign(**{HORIZON: float(model.main_horizon)})
        np.testing.assert_array_equal(model.probability(said), whole[column])
