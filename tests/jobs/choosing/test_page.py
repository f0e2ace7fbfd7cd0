"""The page of the small company: every section, as of one moment."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dealml.errors import InputError, UsageError
from dealml.jobs.choosing.page import write_choosing_page
from dealml.project import Project, make_project
from tests.conftest import CUT, Company
from tests.page.review.test_render import words


def test_the_page_has_every_section(company: Company, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(company.project.folder, tmp_path / "p"))
    page = tmp_path / "where.html"
    report = write_choosing_page(Project(folder), page, CUT)
    text = words(page.read_text(encoding="utf-8"))
    assert report.bytes == page.stat().st_size
    assert report.headline in text
    for title in (
        "Where you win, and where you lose",
        "What to pursue, nurture and decline",
        "What winning would bring",
        "What was promised",
    ):
        assert title in text
    assert set(report.gaps) <= {"Where you win, and where you lose", "What winning would bring"}
    assert (folder / "scenarios").is_dir()


def test_a_page_that_cannot_be_written_is_refused_first(imported: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"where\.htm: end the file's name in \.html"):
        write_choosing_page(imported, tmp_path / "where.htm")
    with pytest.raises(InputError, match="no such folder; make it first"):
        write_choosing_page(imported, tmp_path / "none" / "where.html")


def test_an_empty_ledger_is_refused(tmp_path: Path) -> None:
    make_project(tmp_path / "p")
    with pytest.raises(InputError, match="the ledger is empty"):
        write_choosing_page(Project(tmp_path / "p"), tmp_path / "where.html")
