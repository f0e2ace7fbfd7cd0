"""Results of the public API as the tables that flows show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from dealml import ImportResult
from dealml.errors import UsageError
from dealml.flows import (
    backtest_table,
    holdout_table,
    import_table,
    models_of,
    models_with_facts,
    models_with_pages,
    moment_in,
    predicts_wins,
    promotion_table,
    score_table,
    version_summary,
)
from dealml.project import make_project
from tests.api.results.result_fixtures import backtested, promoted, scored, trained
from tests.conftest import ROOT
from tests.ledger_fixtures import ledger_of


def test_the_table_of_past_forecasts_has_a_row_for_each_quarter() -> None:
    assert backtest_table(backtested()) == [{"quarter": "2025Q1", "P10": "1,000", "P90": "3,000", "actual": "2,500"}]
    assert backtested().covered == 1


def test_the_held_out_table_has_a_row_for_each_forecast() -> None:
    assert holdout_table(trained()) == [{"forecast": name, "log loss": "0.400 (0.300 to 0.500)"} for name in ("model", "base rate")]
    assert holdout_table(trained(evaluated=False)) == []


def test_the_conditions_table_says_which_failed() -> None:
    assert promotion_table(promoted(passed=False)) == [{"condition": "gain_over_champion", "holds": "no", "measured": "it gains 0.010"}]


def test_the_summary_names_version_and_digest() -> None:
    text = version_summary(trained())
    assert "deal_win version 3" in text
    assert "ab" * 32 in text
    assert "orders_30d" in text


def test_the_table_of_scores_has_one_row() -> None:
    assert [(row["scores"], row["new in the database"]) for row in score_table(scored())] == [(54, 54)]
    table = score_table(replace(scored(), unseen_texts={"stage": 1200, "industry": 3}))
    assert table[0]["unseen categories"] == "stage 1,200, industry 3"


def test_the_import_table_has_a_row_for_each_file() -> None:
    counts = pd.DataFrame([{"file": "deals.csv", "rows_in": 3}])
    result = ImportResult("ef", False, counts, (), pd.DataFrame(), pd.DataFrame(), {}, False)
    assert import_table(result) == [{"file": "deals.csv", "rows in": 3}]


def test_models_are_listed_by_what_they_serve() -> None:
    assert models_of(ROOT) == ["account_churn", "deal_loss", "deal_win", "lead_conversion", "lead_win"]
    assert models_with_pages(ROOT) == ["account_churn", "deal_win", "lead_conversion", "lead_win"]
    assert [name for name in models_of(ROOT) if predicts_wins(ROOT, name)] == ["deal_win"]


def test_a_moment_is_of_the_companys_calendar(tmp_path: Path) -> None:
    (tmp_path / "dealml.toml").write_text('[company]\ntime_zone = "Europe/Warsaw"\n', encoding="utf-8")
    assert moment_in(tmp_path, "2026-01-05") == datetime(2026, 1, 4, 23, tzinfo=UTC)
    assert moment_in(tmp_path).time() == datetime.min.time()
    with pytest.raises(UsageError, match="as_of: 'Monday' is no date"):
        moment_in(str(tmp_path), "Monday")


def test_models_without_facts_are_left_out(tmp_path: Path) -> None:
    make_project(tmp_path)
    clock = {"occurred_at": datetime(2026, 1, 5, tzinfo=UTC), "recorded_at": datetime(2026, 1, 5, tzinfo=UTC)}
    facts = {"deals": [{"deal_id": "D1"} | clock], "outcomes": [{"deal_id": "D1", "outcome": "won"} | clock]}
    ledger_of(tmp_path / "ledger", facts)
    assert models_with_facts(tmp_path, models_of(tmp_path)) == ["deal_loss", "deal_win"]
    assert models_with_facts(tmp_path, ["account_churn"]) == ["account_churn"], "it says itself what is missing"
