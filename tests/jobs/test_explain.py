"""Explanations of a real ledger: sums, evidence that is recomputed from what the command line writes, similar cases."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dealml.errors import InputError
from dealml.jobs.changes import changes
from dealml.jobs.explain import Explanation, explain
from dealml.jobs.features import write_features
from dealml.jobs.score import score_all
from tests.conftest import CUT, Company, ScoredFiles


@pytest.fixture(scope="module")
def explained(company: Company, scored: ScoredFiles) -> list[Explanation]:
    ids = sorted(set(pq.read_table(scored.scores)["entity_id"].to_pylist()))
    return [explain(company.project, entity, CUT, "tiny") for entity in ids[:: len(ids) // 5]]


def test_groups_add_up_to_the_served_probability(explained: list[Explanation]) -> None:
    for found in explained:
        total = sum(group.points for group in found.groups)
        assert abs(found.main["base_probability"] + total - found.main["probability"]) < 1e-9
        assert abs(found.main["base_margin"] + sum(group.log_odds for group in found.groups) - found.main["margin"]) < 1e-9
        assert {group.subject for group in found.groups} == {"stage", "milestones", "champion", "segment", "time"}


def test_every_number_of_the_evidence_comes_from_the_ledger_again(company: Company, explained: list[Explanation], tmp_path: Path) -> None:
    write_features(company.project, "tiny", CUT, tmp_path / "settled.parquet", settled=True)
    table, checked = pd.read_parquet(tmp_path / "settled.parquet"), 0
    assert (table["as_of"] < CUT).all()
    assert (table["ended_at"] < CUT).all()
    for found in explained:
        for backing in found.evidence:
            counts = duckdb.execute(backing.query.replace("settled.parquet", str(tmp_path / "settled.parquet"))).fetchone()
            assert counts is not None
            alike, had, others, others_had = counts
            if min(alike, others) < 20:
                assert backing.sentence == f"Only {alike} like this and {others} others in the past: too few to tell."
                continue
            assert f"Of {alike} deals like this" in backing.sentence
            assert f"{100 * had / alike:.0f} % were won, against {100 * others_had / others:.0f} % of {others} others" in backing.sentence
            checked += 1
    assert checked > 10


def test_similar_cases_were_over_by_then_and_are_told_once(company: Company, explained: list[Explanation]) -> None:
    for found in explained:
        ids = [one.entity_id for one in found.similar]
        assert len(ids) == len(set(ids)) == 10
        assert found.entity_id not in ids
        assert [one.similarity for one in found.similar] == sorted((one.similarity for one in found.similar), reverse=True)
        assert all(one.as_of < CUT and one.days is not None and one.days > 0 for one in found.similar)
    assert {one.had for found in explained for one in found.similar} == {True, False}


def test_the_changes_of_all_balance(company: Company, tmp_path: Path) -> None:
    start, end = CUT - pd.Timedelta(days=28).to_pytimedelta(), CUT
    found = changes(company.project, "tiny", start, end, out=tmp_path / "changes.parquet")
    table = pd.read_parquet(tmp_path / "changes.parquet")
    sums = table.groupby("entity_id")["points"].sum()
    moved = table.drop_duplicates("entity_id").set_index("entity_id")
    assert ((moved["probability_after"] - moved["probability_before"]) - sums).abs().max() < 1e-9
    assert found.entities >= len(sums) > 20
    assert set(table["part"]) == {"time", "facts"}
    folder = tmp_path / "then.parquet"
    score_all(company.project, "tiny", end, folder)
    scores = pd.read_parquet(folder).query("horizon_days == 90").set_index("entity_id")["probability"]
    assert (moved["probability_after"] == scores.loc[moved.index]).all()


def test_a_week_without_events_is_the_passage_of_time_alone(company: Company) -> None:
    """Nothing goes on record between two moments an hour apart at night."""
    start = pd.Timestamp("2025-02-03T00:00:00Z").to_pydatetime()
    found = changes(company.project, "tiny", start, start + pd.Timedelta(minutes=30).to_pytimedelta())
    assert set(found.table["part"]) <= {"time"}


def test_only_what_was_at_stake_at_both_moments_has_a_change(company: Company) -> None:
    with pytest.raises(InputError, match="D999999: no deal or account of this name is on record for tiny"):
        changes(company.project, "tiny", CUT - pd.Timedelta(days=28).to_pytimedelta(), CUT, "D999999")


def test_the_past_can_be_left_out(company: Company, explained: list[Explanation], monkeypatch: pytest.MonkeyPatch) -> None:
    found = explain(company.project, explained[0].entity_id, CUT, "tiny", with_past=False)
    assert (found.evidence, found.similar, found.scores) == ([], [], explained[0].scores)
