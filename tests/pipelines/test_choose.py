"""The flow that chooses, on a tiny company and a real server."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from dealml.project import Project
from pipelines.choose import choose
from tests.pipelines.conftest import AS_OF

pytestmark = pytest.mark.filterwarnings("ignore:Series.values returning an ndarray that drops timezone:pandas.errors.Pandas4Warning")


def test_what_is_open_is_written_with_its_scenarios(imported: Project, server: None, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(imported.folder, tmp_path / "p"))
    file, weighed, page = choose(str(folder), AS_OF)
    assert Path(file) == folder / "choosing" / f"scenarios-{AS_OF}.parquet"
    assert {"kind", "id", "scenario", "state"} <= set(pd.read_parquet(file).columns)
    assert (folder / "scenarios" / f"{AS_OF}T000000.json").is_file()
    assert Path(weighed) == folder / "choosing" / f"economics-{AS_OF}.parquet"
    assert {"id", "expected_value", "unknown"} <= set(pd.read_parquet(weighed).columns)
    assert Path(page) == folder / "choosing" / f"where-to-compete-{AS_OF}.html"
    assert Path(page).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
