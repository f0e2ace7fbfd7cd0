"""The commands of "Deal economics" work as they stand, and the chapter names every term and setting."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from dealml.economics.settings import Declared, EconomicsSettings, LookAlikeRule
from dealml.project import Project
from scripts.docs import ROOT
from tests.cli.conftest import Ran, dealml  # noqa: F401  (a fixture)
from tests.economics.economics_fixtures import store_scores

CHAPTER = (ROOT / "docs" / "economics.md").read_text(encoding="utf-8")
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
COMMANDS = [shlex.split(line) for line in re.findall(r"^\$ dealml (.+)$", CHAPTER, re.MULTILINE)]


def test_the_chapter_leads_to_the_list_and_to_one_deal(
    simulated: Path,
    copied: Callable[[Path], Project],
    dealml: Callable[..., Ran],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = copied(tmp_path / "p")
    truth = pd.read_parquet(simulated / "truth" / "truth.parquet")
    open_now = truth[(truth["as_of"] == pd.Timestamp("2026-01-05", tz="UTC")) & (truth["horizon_days"] == 180)]
    store_scores(project.folder, project.ledger, dict(zip(open_now["deal_id"], open_now["probability"], strict=True)), scored=MONDAY)
    monkeypatch.chdir(project.folder)
    deal, verbs = "", []
    for words in COMMANDS:
        verbs.append(words[0])
        if words[0] == "economics":
            words = ["economics", *([deal] if words[1].startswith("D") else []), *words[words.index("--as-of") :]]
            ran = dealml(*words)
            assert ran.code == 0, ran.err
            deal = str(dealml("economics", "--as-of", "2026-01-05", "--json").json["cases"][0]["id"])
    assert verbs == ["train", "score", "economics", "economics", "economics"]
    table = pd.read_parquet("economics.parquet")
    assert table["expected_value"].notna().mean() > 0.9
    assert table["expected_value"].is_monotonic_decreasing


@pytest.mark.parametrize("name", [*EconomicsSettings.model_fields, *LookAlikeRule.model_fields, *Declared.model_fields])
def test_every_setting_stands_in_the_file_that_projects_get(name: str) -> None:
    assert name in (ROOT / "models" / "economics.toml").read_text(encoding="utf-8")
