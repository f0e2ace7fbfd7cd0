"""The commands of "Replace your lead score" work as they stand, on a small company."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dealml.project import Project
from scripts.docs import ROOT
from tests.cli.conftest import Ran, dealml  # noqa: F401  (a fixture)

CHAPTER = (ROOT / "docs" / "leads.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(line) for line in re.findall(r"^\$ dealml (.+)$", CHAPTER, re.MULTILINE)]


def test_the_chapter_leads_from_training_to_the_list(
    copied: Callable[[Path], Project],
    dealml: Callable[..., Ran],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = copied(tmp_path / "p").folder
    file = folder / "models" / "lead_conversion.py"
    file.write_text(file.read_text(encoding="utf-8").replace("num_boost_round=120", "num_boost_round=20"), encoding="utf-8")
    monkeypatch.chdir(folder)
    verbs, lead = [], ""
    for words in COMMANDS:
        if words[0] == "explain":
            words = [words[0], lead, *words[2:]]
        ran = dealml(*words, *(["--out", "scores.parquet"] if words[0] == "score" else []))
        assert ran.code == 0, f"{shlex.join(words)}\n{ran.err}"
        verbs.append(words[0])
        if words[0] == "score":
            scores = pd.read_parquet("scores.parquet")
            lead = str(scores["entity_id"].iloc[0])
            assert set(scores.loc[scores["reasons"].str.len() > 0, "horizon_days"]) == {30}  # reasons stand at the main horizon alone
        if words[0] == "explain":
            assert lead in ran.out
        if words[0] == "compare-baseline":
            assert "customers" in ran.out
    assert verbs == ["train", "score", "explain", "compare-baseline", "review"]
    assert {"leads.html", "leads.xlsx"} <= {path.name for path in folder.iterdir()}
