"""Options that verbs share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.errors import UsageError

if TYPE_CHECKING:
    from dealml.project import Project

ProjectFolder = Annotated[Path, typer.Option("--project", metavar="DIR", help="The project's folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, and nothing else.")]
ModelName = Annotated[str, typer.Argument(metavar="MODEL", help="A model of the project, such as deal_win.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="The moment, such as 2026-01-05 (midnight in the company's zone) or 2026-01-05T09:00:00+01:00; a cross-section has none.",
    ),
]
MaybeAsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="See only what was recorded before this moment.")]
Version = Annotated[int | None, typer.Option("--version", metavar="N", help="A version by number; default the champion.")]
EntityId = Annotated[str, typer.Argument(metavar="ENTITY", help="The id of a deal, an account or a lead.")]
ModelOfEntity = Annotated[
    str | None, typer.Option("--model", metavar="MODEL", help="The model; default the one that the entity is at stake for.")
]
ModelOfDeals = Annotated[str, typer.Option("--model", metavar="MODEL", help="The model of deals won.")]
ReviewedModel = Annotated[str, typer.Option("--model", metavar="MODEL", help="The model whose scores are reviewed.")]
LastReview = Annotated[str | None, typer.Option("--from", metavar="DATE", help="The last review: show what changed since, deal by deal.")]
PeriodName = Annotated[
    str | None,
    typer.Option("--period", metavar="PERIOD", help="What is forecast, such as 2026Q1 or 2026-01; default the quarter of this review."),
]
FromVersion = Annotated[
    int | None, typer.Option("--from-version", metavar="N", help="The version of the earlier scores; default the same as of the later.")
]
HERE = Path()


def moment_of_scores(project: Project, text: str | None) -> datetime | None:
    """The moment to score at; a cross-section has none.

    Raises
    ------
    UsageError
        When the ledger has dates and none is given.
    """
    if text is None and not project.ledger.is_cross_section:
        raise UsageError("Missing option '--as-of': give the moment, such as 2026-01-05")
    return project.calendar.read_optional_moment(text)


def open_project(folder: Path) -> Project:
    """The project in a folder."""
    from dealml.project import Project

    return Project(folder)
