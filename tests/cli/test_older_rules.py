"""Verbs of a project whose ledger follows today's rules say nothing of older ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealml.cli.older_rules import tell_older_rules
from dealml.project import Project, make_project


def test_a_project_without_imports_has_no_older_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_project(tmp_path)
    tell_older_rules(Project(tmp_path))
    assert capsys.readouterr() == ("", "")
