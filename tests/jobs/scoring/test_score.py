"""Deleting everything recorded after a date changes no earlier feature, label, model, score or reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dealml.jobs.scoring.served_models import load_served
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows, labelled
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from dealml.load_definitions import load_model
from dealml.reasons.wording import wording_of
from dealml.scoring.score import score
from tests.conftest import CUT, Company, ScoredFiles
from tests.ledger_fixtures import cut


@pytest.fixture(scope="module")
def past(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The ledger as it was at `CUT`."""
    ledger = cut(company.project.ledger, tmp_path_factory.mktemp("past") / "ledger", CUT)
    assert ledger.digest != company.project.ledger.digest
    return ledger


def view(company: Company, ledger: Ledger, model: str) -> View:
    return View.of(ledger, load_model(company.project.folder, model), CUT, company.project.query_settings)


def settled(of: View, history: pd.DataFrame) -> TrainingRows:
    return labelled(history, of.spec.entity, of.spec.horizons_for(of.outcome), of.end, of.outcome.is_absence_of_event)


def ordered(history: pd.DataFrame, entity: str) -> pd.DataFrame:
    return history.sort_values(["as_of", entity], ignore_index=True)


@pytest.fixture(scope="module")
def past_deals(company: Company, past: Ledger) -> tuple[View, pd.DataFrame]:
    of = view(company, past, "deal_win")
    return of, of.history()


def test_features_and_events_of_deals(past_deals: tuple[View, pd.DataFrame], later: pd.DataFrame) -> None:
    """Seen from a year later, too: what a snapshot knows depends on its own moment alone."""
    earlier = later[later["as_of"] < CUT].copy()
    earlier.loc[earlier["event_at"] >= CUT, "event_at"] = pd.NaT
    found, expected = ordered(past_deals[1], "deal_id"), ordered(earlier, "deal_id")
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert len(found) > 5_000


def test_labels_and_model(company: Company, past_deals: tuple[View, pd.DataFrame]) -> None:
    of, history = past_deals
    rows, trained = settled(of, history), company.deal_win.fitted
    again = fit(of.spec, rows, of.served_features(), of.outcome.outcome_name, of.end, trained.ledger_digest)
    assert replace(again, held_out=trained.held_out).digest == trained.digest
    assert len(rows) == trained.counts["rows"]


def test_scores_and_reasons(company: Company, past: Ledger, scored: ScoredFiles) -> None:
    of, chosen = view(company, past, "deal_win"), load_served(company.project, "deal_win")
    batches = list(score(of.at_stake(), chosen, wording_of(of.plan.features), company.project.ledger.digest))
    assert [row for batch in batches for row in batch.scores.to_pylist()] == pq.read_table(scored.scores).to_pylist()
    assert [row for batch in batches for row in batch.contributions.to_pylist()] == pq.read_table(scored.contributions).to_pylist()


def test_features_and_labels_of_accounts(company: Company, past: Ledger) -> None:
    with_future, without = view(company, company.project.ledger, "account_churn"), view(company, past, "account_churn")
    seen = {name: settled(of, of.history()) for name, of in (("with", with_future), ("without", without))}
    pd.testing.assert_frame_equal(seen["with"].table(), seen["without"].table(), check_exact=True)
    assert seen["with"].label.tolist() == seen["without"].label.tolist()
    assert min(seen["with"].outcomes()) > 10
    pd.testing.assert_frame_equal(with_future.at_stake(), without.at_stake(), check_exact=True)


def test_cutting_really_deletes(company: Company, past: Ledger, tmp_path: Path) -> None:
    last = max(
        pq.read_table(path, columns=["recorded_at"])["recorded_at"].to_pandas().max() for name in past.tables for path in past.files(name)
    )
    assert last < CUT
    assert len(past.tables) == len(company.project.ledger.tables)


@pytest.mark.parametrize("model", ["deal_win", "account_churn"])
def test_two_moments_at_once_are_what_each_is_by_itself(company: Company, past: Ledger, model: str) -> None:
    """In the morning, at an hour that is no day's edge: what was known then, as it looks from later, and what is known now."""
    spec, moment = load_model(company.project.folder, model), CUT - timedelta(days=40, hours=10, microseconds=7)
    now, then = view(company, past, model), View.of(past, spec, moment, company.project.query_settings)
    before, waited, after = now.at_stake_then_and_now(moment)
    pd.testing.assert_frame_equal(before, then.at_stake()[list(before.columns)], check_exact=True)
    pd.testing.assert_frame_equal(after, now.at_stake()[list(after.columns)], check_exact=True)
    assert waited[spec.entity].tolist() == before[spec.entity].tolist()
    assert set(waited["as_of"]) == {pd.Timestamp(CUT)}
    assert set(waited["known_by"]) == {pd.Timestamp(moment)}
