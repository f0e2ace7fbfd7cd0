"""Parameters of flows: names of models and files."""

from pathlib import Path

from pipelines.parameters import chosen, file_in


def test_models_that_are_named_are_chosen(tmp_path: Path) -> None:
    assert chosen(str(tmp_path), ["deal_win"]) == ["deal_win"]


def test_a_relative_folder_is_in_the_project_and_is_made(tmp_path: Path) -> None:
    file = file_in(str(tmp_path), "reviews", "a.html")
    assert file == tmp_path / "reviews" / "a.html"
    assert file.parent.is_dir()
