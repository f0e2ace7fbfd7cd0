"""Choosing from notebooks and flows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import dealml
from dealml.project import Project
from tests.conftest import CUT
from tests.economics.conftest import by_hand  # noqa: F401  (a fixture)
from tests.economics.economics_fixtures import AT, HandMade


def test_scenarios_are_frames(copied: Callable[[Path], Project], tmp_path: Path) -> None:
    project = dealml.open(copied(tmp_path / "p").folder)
    result = project.scenarios(CUT, tmp_path / "open.parquet")
    assert (result.as_of, result.stored.parent.name) == (CUT, "scenarios")
    assert 0 < result.won < result.deals
    assert set(result.open["scenario"]) <= set(result.scenarios["name"])
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "open.parquet"), result.open)


def test_economics_is_the_jobs_table(by_hand: HandMade, tmp_path: Path) -> None:  # noqa: F811
    project = dealml.open(by_hand.project.folder)
    result = project.economics(as_of=date(2026, 1, 1), out=tmp_path / "e.parquet")
    pd.testing.assert_frame_equal(result.cases, by_hand.report().table)
    assert (result.as_of, result.currency, result.horizon_months) == (AT, "EUR", 36)
    assert len(pd.read_parquet(tmp_path / "e.parquet")) == 2
    assert project.economics("2026-01-01", "small").cases["id"].tolist() == ["small"]


def test_a_deal_that_is_not_open_is_an_input_error(by_hand: HandMade) -> None:  # noqa: F811
    with pytest.raises(dealml.InputError, match="w1: no open deal or lead"):
        dealml.open(by_hand.project.folder).economics("2026-01-01", "w1")


def test_the_page_is_written_with_its_gaps(copied: Callable[[Path], Project], tmp_path: Path) -> None:
    result = dealml.open(copied(tmp_path / "p").folder).choose(tmp_path / "where.html", CUT)
    assert (result.page, result.as_of) == (tmp_path / "where.html", CUT)
    assert result.page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "What winning would bring" in result.gaps
