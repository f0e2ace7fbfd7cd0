"""A store in a file is there once the first training has made it; reading makes none."""

from pathlib import Path

import pytest

from dealml.errors import ModelError
from dealml.jobs.registry import has_store, registry_to_read
from dealml.project import Project, make_project


def test_a_store_in_a_file_is_there_when_the_file_is(tmp_path: Path) -> None:
    file = tmp_path / "mlflow.db"
    assert not has_store(f"sqlite:///{file}")
    file.touch()
    assert has_store(f"sqlite:///{file}")


def test_a_server_is_there() -> None:
    assert has_store("https://tracking.example.com")


def test_reading_without_a_training_is_one_line_and_makes_no_store(tmp_path: Path) -> None:
    make_project(tmp_path / "p")
    with pytest.raises(ModelError, match="dealml train deal_win"):
        registry_to_read(Project(tmp_path / "p"), "deal_win")
    assert not (tmp_path / "p" / "mlflow.db").exists()
