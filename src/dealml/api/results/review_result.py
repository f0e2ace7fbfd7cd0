"""What writing a review page returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealml.progress_bars import Progress
    from dealml.project import Project


@dataclass(frozen=True)
class ReviewResult:
    """A review page that was written.

    Example
    -------
    >>> result = project.review("deal_win", "review.html", as_of="2026-01-05")
    >>> result.page, result.entities
    """

    page: Path
    entities: int
    subject: str
    """What is listed: "deal" or "account"."""
    as_of: datetime
    gaps: Mapping[str, str]
    """The sections that the page lacks, each with the reason."""
    notes: tuple[str, ...]
    tables: tuple[Path, ...]
    """Files with the page's tables, where they were asked for."""
    run_id: str
    """The run in MLflow; empty where the page was not tracked."""


def write_review_page(
    project: Project,
    model: str,
    moments: tuple[datetime | None, datetime | None],
    period: str | None,
    files: tuple[Path, Path | None],
    track: bool,
    version: int | None,
    progress: Progress,
) -> ReviewResult:
    """Run the reviewing job, and return its report in its public form.

    Parameters
    ----------
    moments
        The moment of the review, and that of the last one.
    files
        The page, and the file or folder for its tables.
    """
    from dealml.jobs.reviewing.request import ReviewRequest
    from dealml.jobs.reviewing.review import write_review

    (as_of, since), (page, tables) = moments, files
    span = None if period is None else project.calendar.read_period(period, "period")
    report = write_review(ReviewRequest(project, model, as_of, version, since, period=span), page, tables, track, progress)
    return ReviewResult(
        page=page,
        entities=report.entities,
        subject=report.subject,
        as_of=report.as_of,
        gaps=dict(report.gaps),
        notes=report.notes,
        tables=report.files,
        run_id=report.run_id,
    )
