"""Parameters of flows: texts become moments and files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealml.errors import UsageError
from pipelines.parameters import chosen, file_in, moment_of, today


def test_a_moment_is_the_text_or_the_last_midnight() -> None:
    assert moment_of("2026-01-05") == datetime(2026, 1, 5, tzinfo=UTC)
    assert moment_of(None) == today()
    assert (today().hour, today().minute, today().second) == (0, 0, 0)


def test_a_text_that_is_no_date() -> None:
    with pytest.raises(UsageError, match="as_of: 'Monday' is no date"):
        moment_of("Monday")


def test_models_that_are_named_are_chosen(tmp_path: Path) -> None:
    assert chosen(str(tmp_path), ["deal_win"]) == ["deal_win"]


def test_a_relative_folder_is_in_the_project_and_is_made(tmp_path: Path) -> None:
    file = file_in(str(tmp_path), "reviews", "a.html")
    assert file == tmp_path / "reviews" / "a.html"
    assert file.parent.is_dir()
