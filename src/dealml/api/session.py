"""What every method of a project needs: the project, its progress and the moment to score at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from dealml.errors import UsageError
from dealml.moment_parsing import Moment
from dealml.progress_bars import Progress, progress_bars

PathLike = str | Path


class ProjectSession:
    """An opened project, and where its progress is reported.

    Parameters
    ----------
    folder
        The project's folder, which holds `dealml.toml`.
    progress
        As for `dealml.open`.

    Raises
    ------
    InputError
        When the folder is no project, or a setting in `dealml.toml` is wrong.
    """

    def __init__(self, folder: PathLike = ".", progress: Progress | None = None) -> None:
        from dealml.project import Project

        self._project = Project(Path(folder))
        self._progress = progress

    def __repr__(self) -> str:
        return f"dealml.open({str(self.folder)!r})"

    @property
    def folder(self) -> Path:
        """The project's folder, as an absolute path."""
        return self._project.folder

    def _scoring_moment(self, as_of: Moment | None) -> datetime | None:
        if as_of is None and not self._project.ledger.is_cross_section:
            raise UsageError("as_of: give the moment, such as 2026-01-05")
        return self._project.calendar.optional_moment(as_of)

    @contextmanager
    def _reporting(self) -> Iterator[Progress]:
        if self._progress is not None:
            yield self._progress
            return
        with progress_bars() as report:
            yield report
