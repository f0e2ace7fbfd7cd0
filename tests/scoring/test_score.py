"""What scoring writes: its schema, sums that add up, sorted reasons in words."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dealml.errors import ModelError
from dealml.jobs.scoring.score import score_all
from dealml.jobs.scoring.served_models import load_served
from dealml.learning.encoding import HORIZON
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.reasons.top_reasons import LED, MAX_REASONS
from dealml.reasons.wording import wording_of
from dealml.scoring.score import CONTRIBUTIONS, SCORES, at_horizons, score
from tests.conftest import CUT, Company, ScoredFiles

KEYS = ["entity_id", "as_of", "horizon_days"]


def test_the_files_have_the_schema_of_the_contract(scored: ScoredFiles) -> None:
    assert pq.read_schema(scored.scores).equals(SCORES)
    assert pq.read_schema(scored.contributions).equals(CONTRIBUTIONS)
    assert SCORES.names == [
        "score_id",
        "entity_id",
        "as_of",
        "horizon_days",
        "probability",
        "base_probability",
        "margin",
        "base_margin",
        "rung",
        "model",
        "model_version",
        "model_digest",
        "ledger_digest",
        "reasons",
    ]
    assert [field.name for field in SCORES.field("reasons").type.value_type] == ["feature", "value", "log_odds", "points", "sentence"]
    assert CONTRIBUTIONS.names == ["entity_id", "as_of", "horizon_days", "feature", "value", "log_odds", "points"]


def test_every_open_deal_is_scored_at_every_horizon(scored: ScoredFiles, company: Company) -> None:
    table = pq.read_table(scored.scores).to_pandas()
    truth = pd.read_parquet(company.truth)
    open_deals = set(truth.loc[truth["as_of"] == CUT, "deal_id"])
    assert set(table["entity_id"]) == open_deals
    assert (table.groupby("entity_id")["horizon_days"].apply(list).map(tuple) == (7, 14, 30, 60, 90, 180)).all()
    assert not table.duplicated(KEYS).any()
    assert (table["as_of"] == CUT).all()
    assert scored.report.entities == len(open_deals)
    assert scored.report.written == scored.report.rows == len(table)


def test_contributions_add_up_to_margin_and_probability(scored: ScoredFiles) -> None:
    table = pq.read_table(scored.scores).to_pandas().set_index(KEYS)
    sums = pq.read_table(scored.contributions).to_pandas().groupby(KEYS)[["log_odds", "points"]].sum().loc[table.index]
    assert (table["base_margin"] + sums["log_odds"] - table["margin"]).abs().max() < 1e-9
    assert (table["base_probability"] + sums["points"] - table["probability"]).abs().max() < 1e-9


def test_the_probability_never_falls_as_the_date_moves_out(scored: ScoredFiles) -> None:
    table = pq.read_table(scored.scores).to_pandas().sort_values(KEYS)
    assert (table.groupby("entity_id")["probability"].diff().dropna() >= 0).all()


def test_reasons_are_the_strongest_contributions_strongest_first(scored: ScoredFiles) -> None:
    parts = pq.read_table(scored.contributions).to_pandas()
    parts = parts[parts["feature"] != HORIZON]
    largest = (
        parts.assign(strength=parts["log_odds"].abs()).groupby(KEYS)["strength"].apply(lambda s: sorted(s, reverse=True)[:MAX_REASONS])
    )
    for row in pq.read_table(scored.scores).to_pylist():
        strengths = [abs(reason["log_odds"]) for reason in row["reasons"]]
        own = largest[row["entity_id"], pd.Timestamp(row["as_of"]), row["horizon_days"]]
        assert strengths == sorted(strengths, reverse=True)
        assert strengths[: MAX_REASONS - LED] == own[: MAX_REASONS - LED], "only the last ones may give way to the leads of subjects"
        assert len(strengths) == MAX_REASONS
        assert HORIZON not in {reason["feature"] for reason in row["reasons"]}
        assert all(reason["points"] * reason["log_odds"] >= 0 for reason in row["reasons"])


def test_a_reason_speaks_in_the_words_of_its_feature(scored: ScoredFiles, company: Company) -> None:
    wording = wording_of(load_model(company.project.folder, "deal_win").all_features)
    parts = pq.read_table(scored.contributions).to_pylist()
    exact = {(part["entity_id"], part["horizon_days"], part["feature"]): part["value"] for part in parts}
    for row in pq.read_table(scored.scores).to_pylist()[:60]:
        for reason in row["reasons"]:
            assert reason["sentence"].startswith(wording.meaning(reason["feature"]).text + ": ")
            assert (reason["value"] is None) == reason["sentence"].endswith(": not known")
            assert (reason["value"] is None) == (exact[row["entity_id"], row["horizon_days"], reason["feature"]] is None)


def test_scores_name_their_model_and_ledger(scored: ScoredFiles, company: Company) -> None:
    table = pq.read_table(scored.scores).to_pandas()
    assert set(table["model_digest"]) == {company.deal_win.registered.digest}
    assert set(table["ledger_digest"]) == {company.project.ledger.digest}
    assert set(table["rung"]) == {company.deal_win.fitted.rung.name}
    assert set(table["model_version"]) == {1}


def rows_of(database: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(database) as connection:
        return connection.execute("SELECT rowid, * FROM scores ORDER BY rowid").fetchall()


def test_scoring_twice_writes_nothing_and_the_same_bytes(company: Company, tmp_path: Path) -> None:
    at, database = CUT - timedelta(days=3), company.project.folder / "scores.db"
    first = score_all(company.project, "tiny", at, tmp_path / "a.parquet", tmp_path / "a-all.csv")
    before = rows_of(database)
    again = score_all(company.project, "tiny", at, tmp_path / "b.parquet", tmp_path / "b-all.csv")
    assert (first.written, again.written) == (first.rows, 0)
    assert rows_of(database) == before
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert (tmp_path / "a-all.csv").read_bytes() == (tmp_path / "b-all.csv").read_bytes()


@pytest.mark.parametrize("at", [datetime.fromisoformat("2000-01-03T00:00:00+00:00")])
def test_an_empty_pipeline_is_a_valid_empty_result(company: Company, tmp_path: Path, at: datetime) -> None:
    report = score_all(company.project, "tiny", at, tmp_path / "empty.parquet", tmp_path / "empty.csv")
    assert (report.entities, report.rows, report.written) == (0, 0, 0)
    table = pq.read_table(tmp_path / "empty.parquet")
    assert table.num_rows == 0
    assert table.schema.equals(SCORES)
    assert (tmp_path / "empty.csv").read_text(encoding="utf-8").splitlines() == [
        '"entity_id","as_of","horizon_days","feature","value","log_odds","points"'
    ]


def test_results_do_not_depend_on_batches(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    project, chosen = company.project, load_served(company.project, "tiny")
    view = View.of(project.ledger, load_model(project.folder, "tiny"), CUT, project.query_settings)
    table, wording = view.at_stake(), wording_of(view.plan.features)
    whole = [row for batch in score(table, chosen, wording, "l") for row in batch.scores.to_pylist()]
    monkeypatch.setattr("dealml.scoring.score.ENTITIES_A_BATCH", 7)
    told: list[tuple[int, int]] = []
    assert [
        row for batch in score(table, chosen, wording, "l", lambda *step: told.append(step)) for row in batch.scores.to_pylist()
    ] == whole
    assert told[-1] == (len(table), len(table))
    assert len(told) > 3


def test_a_ledger_that_lacks_what_the_model_learned_from_is_told(company: Company) -> None:
    project, chosen = company.project, load_served(company.project, "tiny")
    view = View.of(project.ledger, load_model(project.folder, "tiny"), CUT, project.query_settings)
    with pytest.raises(ModelError, match="learned from 'stage_place', which this ledger or project lacks; train again"):
        next(score(view.at_stake().drop(columns="stage_place"), chosen, {}, "l"))


def test_rows_are_repeated_for_each_horizon() -> None:
    rows = at_horizons(pd.DataFrame({"deal_id": ["D1", "D2"]}), (30, 90))
    assert rows["deal_id"].tolist() == ["D1", "D1", "D2", "D2"]
    np.testing.assert_array_equal(rows[HORIZON], [30, 90, 30, 90])
