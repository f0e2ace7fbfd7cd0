"""Choosing from notebooks and flows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

import dealml
from dealml.project import Project
from tests.conftest import CUT


def test_scenarios_are_frames(copied: Callable[[Path], Project], tmp_path: Path) -> None:
    project = dealml.open(copied(tmp_path / "p").folder)
    result = project.scenarios(CUT, tmp_path / "open.parquet")
    assert (result.as_of, result.stored.parent.name) == (CUT, "scenarios")
    assert 0 < result.won < result.deals
    assert set(result.open["scenario"]) <= set(result.scenarios["name"])
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "open.parquet"), result.open)
