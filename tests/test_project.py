from __future__ import annotations

from pathlib import Path

import pytest

from dealml.errors import InputError
from dealml.project import TEMPLATE_ENTRIES, Project, make_project


def test_a_new_project_has_the_definitions_and_settings(tmp_path: Path) -> None:
    assert make_project(tmp_path / "a" / "b") == list(TEMPLATE_ENTRIES)
    folder = tmp_path / "a" / "b"
    assert (folder / "features" / "stage.py").is_file()
    assert (folder / "models" / "deal_win.py").is_file()
    assert (folder / "prefect.yaml").is_file()
    assert not list(folder.rglob("__pycache__"))
    assert {path.name for path in folder.iterdir()} == set(TEMPLATE_ENTRIES)


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mine.py").write_text("x = 1", encoding="utf-8")
    assert "models" not in make_project(tmp_path)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["mine.py"]
    assert make_project(tmp_path) == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is a file; name a folder"):
        make_project(tmp_path / "p")


def test_stores_are_in_the_project_unless_settings_say_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    project = Project(Path())
    assert project.tracking_uri == f"sqlite:///{tmp_path / 'mlflow.db'}"
    assert project.scores_url == f"sqlite:///{tmp_path / 'scores.db'}"
    monkeypatch.setenv("DEALML_SCORES__URL", "postgresql://u@h/scores")
    monkeypatch.setenv("DEALML_TRACKING__URI", "postgresql://u@h/mlflow")
    monkeypatch.setenv("DEALML_MACHINE__MEMORY", "3GB")
    project = Project(Path())
    assert project.scores_url == "postgresql://u@h/scores"
    assert project.tracking_uri == "postgresql+psycopg://u@h/mlflow"
    assert project.query_settings.memory == "3GB"
