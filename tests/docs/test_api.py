"""The script of docs/api.md does the README's five steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import dealml
from dealml.project import Project
from tests.conftest import MAPPING, ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_script_runs(copied: Callable[[Path], Project], simulated: Path, tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    (script,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len([line for line in script.splitlines() if line.strip()]) <= 10
    folder = copied(tmp_path / "p").folder
    here = {
        '"acme"': repr(str(folder)),
        '"company/export", "company/mapping.yaml"': f"{str(simulated / 'export')!r}, {str(MAPPING)!r}",
        '"deal_win"': '"tiny"',
        '"review.html"': repr(str(folder / "review.html")),
        '"2025Q4", as_of="2025-10-01"': '"2025Q1", as_of="2025-02-03", model="tiny"',
        '"2025-10-01"': '"2025-02-03"',
    }
    for old, new in here.items():
        assert old in script
        script = script.replace(old, new)
    exec(compile(script, "docs/api.md", "exec"), {})
    assert "with_judgement" not in (shown := capsys.readouterr().out)
    assert "new_deals" in shown
    assert (folder / "review.html").is_file()


def test_the_table_names_every_method() -> None:
    methods = {name for name in dir(dealml.ProjectHandle) if not name.startswith("_") and name != "folder"}
    assert set(re.findall(r"^\| `(\w+)\(", PAGE, re.MULTILINE)) == methods
