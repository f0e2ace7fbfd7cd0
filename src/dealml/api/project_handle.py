"""A project as notebooks and flows use it: each method runs the job of the verb of the same name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dealml.api.choosing import ChoosingMethods
from dealml.api.forecasting import ForecastingMethods
from dealml.api.ledger import LedgerMethods
from dealml.api.modelling import ModellingMethods
from dealml.api.reviewing import ReviewingMethods
from dealml.api.scoring import ScoringMethods
from dealml.api.session import PathLike
from dealml.progress_bars import Progress

if TYPE_CHECKING:
    from dealml.api.results.import_result import ImportResult


def open(folder: PathLike = ".", progress: Progress | None = None) -> ProjectHandle:  # noqa: A001
    """Open a project that `dealml init` made.

    Parameters
    ----------
    folder
        The project's folder, which holds `dealml.toml`.
    progress
        Called with a step's name, how much of it is done, and of how much. Without it, a terminal or a
        notebook shows progress bars; elsewhere nothing is shown.

    Returns
    -------
    ProjectHandle
        The project; threads may share it.

    Raises
    ------
    InputError
        When the folder is no project, or a setting in `dealml.toml` is wrong.

    Example
    -------
    >>> project = dealml.open("acme")
    >>> project.score("deal_win", as_of="2026-01-05").scores
    """
    return ProjectHandle(folder, progress)


class ProjectHandle(LedgerMethods, ModellingMethods, ScoringMethods, ForecastingMethods, ReviewingMethods, ChoosingMethods):
    """A project: import, train, score, explain, forecast and review, with frames and dataclasses as results.

    Dates are a datetime, a date or ISO 8601 text; in the company's zone where they name none. Every error that a user can
    act on is a `dealml.DealmlError`. A method that is interrupted leaves what was stored before it whole.

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

    Example
    -------
    >>> project = dealml.open("acme")
    """

    def import_source(self, source: PathLike, mapping: PathLike, *, allow_quarantine: bool = False, dry_run: bool = False) -> ImportResult:
        """Import a folder of extracts into the ledger; importing it twice changes nothing.

        Parameters
        ----------
        source
            The folder with the extract's files.
        mapping
            The file that says how columns become facts.
        allow_quarantine
            Import also when many rows are refused, or a full extract has lost most of its records.
        dry_run
            Do everything but publish the facts.

        Returns
        -------
        ImportResult
            Every row accounted for.

        Raises
        ------
        InputError
            When the mapping or a file cannot be used, or too many rows are refused; nothing is written then.
        SetupError
            When another import holds the ledger's lock.

        Example
        -------
        >>> project.import_source("company/export", "company/mapping.yaml").counts
        """
        from dealml.api.results.import_result import import_result
        from dealml.importing.import_source import ImportOptions, import_source

        with self._reporting() as report:
            rows_done: dict[str, int] = {}

            def count(file: str, rows: int) -> None:
                rows_done[file] = rows_done.get(file, 0) + rows
                report(file, rows_done[file], rows_done[file])

            options, settings = ImportOptions(allow_quarantine, dry_run), self._project.import_settings
            return import_result(import_source(Path(source), Path(mapping), self._project.ledger, count, settings, options))
