"""`dealml choose`: the page is named, and what it lacks is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT

Run = Callable[..., Ran]


def test_a_project_without_a_model_has_a_page_that_says_what_it_lacks(
    dealml: Run, copied: Callable[[Path], Project], tmp_path: Path
) -> None:
    folder, page = copied(tmp_path / "p").folder, tmp_path / "where.html"
    ran = dealml("choose", "--as-of", CUT.isoformat(), "--out", page, "--project", folder)
    assert ran.code == 0
    assert f"where to compete as of {CUT:%Y-%m-%d}" in ran.out
    assert "the page does not show “What winning would bring”" in ran.err
    content = json.loads(dealml("choose", "--as-of", CUT.isoformat(), "--out", page, "--json", "--project", folder).out)
    assert content["bytes"] == page.stat().st_size
    assert "What winning would bring" in content["gaps"]


def test_a_file_of_another_kind_is_refused(dealml: Run, imported: Project) -> None:
    one_line(dealml("choose", "--out", "where.pdf", "--project", imported.folder), 2, "where.pdf: end the file's name in .html")
