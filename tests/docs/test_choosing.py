"""The chapters on choosing where to compete: their commands work as they stand, on a small company."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from dealml.project import Project
from dealml.scenarios.definition import WinScenarios
from scripts.docs import ROOT
from tests.cli.conftest import Ran, dealml  # noqa: F401  (a fixture)

CHAPTERS = ("scenarios", "commitments", "qualification")


def commands(chapter: str) -> list[list[str]]:
    text = (ROOT / "docs" / f"{chapter}.md").read_text(encoding="utf-8")
    return [shlex.split(line) for line in re.findall(r"^\$ dealml (.+)$", text, re.MULTILINE)]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_commands_of_a_chapter_work(
    chapter: str,
    copied: Callable[[Path], Project],
    dealml: Callable[..., Ran],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(copied(tmp_path / "p").folder)
    assert commands(chapter)
    for words in commands(chapter):
        ran = dealml(*words)
        assert ran.code == 0, f"{shlex.join(words)}\n{ran.err}"
        assert "--out" not in words or Path(words[words.index("--out") + 1]).stat().st_size > 0


def test_every_setting_of_scenarios_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for name, setting in WinScenarios.__dataclass_fields__.items():
        default = f"{setting.default:g}" if isinstance(setting.default, int | float) else ""
        assert f"| `{name}` | {default}" in page
