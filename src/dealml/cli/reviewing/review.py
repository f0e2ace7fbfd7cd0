"""`dealml review`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import (
    HERE,
    AsOf,
    FromVersion,
    Json,
    LastReview,
    PeriodName,
    ProjectFolder,
    ReviewedModel,
    Version,
    moment_of_scores,
    open_project,
)
from dealml.cli.output import progress, say, say_json, warn
from dealml.errors import UsageError

if TYPE_CHECKING:
    from dealml.jobs.reviewing.request import ReviewRequest

_InJson = dict[str, str | None] | None
"""What the JSON has besides the report; None where tables are printed."""


def command(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The page to write, an .html file; without it, --from prints what changed.")
    ] = None,
    as_of: AsOf = None,
    from_: LastReview = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="This review; the same as --as-of.")] = None,
    period: PeriodName = None,
    tables: Annotated[
        Path | None, typer.Option("--tables", metavar="PATH", help="Every table of the page: an .xlsx file, or a folder for .csv files.")
    ] = None,
    changes: Annotated[
        Path | None, typer.Option("--changes", metavar="FILE", help="Write every deal's change since --from: .parquet or .csv.")
    ] = None,
    model: ReviewedModel = "deal_win",
    version: Version = None,
    from_version: FromVersion = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Review what is at stake: as a page, or what changed since the last review as tables."""
    _require(out, as_of, from_, to, {"--changes": changes, "--from-version": from_version}, tables)
    from dealml.jobs.reviewing.request import ReviewRequest

    here = open_project(project)
    older = tell_older_rules(here)
    at = here.calendar.read_moment(to, "--to") if to else moment_of_scores(here, as_of)
    over = None if period is None else here.calendar.read_period(period)
    since = here.calendar.read_optional_moment(from_, "--from")
    request = ReviewRequest(here, model, at, version, since, from_version, over)
    if changes or not out:
        _print_changes(request, changes, older if json and not out else None)
    if out:
        _write_page(request, out, tables, older if json else None)


def _require(
    out: Path | None, as_of: str | None, from_: str | None, to: str | None, of_changes: dict[str, object], tables: Path | None
) -> None:
    """Refuse a call from which something is missing, or that gives the moment twice."""
    if to is not None and as_of is not None:
        raise UsageError("--as-of: leave it out; --to is the moment of this review")
    for option, value in of_changes.items():
        if value is not None and from_ is None:
            raise UsageError(f"Missing option '--from': {option} is about what changed since the last review")
    if tables is not None and out is None:
        raise UsageError("Missing option '--out': name the page whose tables --tables writes")
    if from_ is None and out is None:
        raise UsageError("Missing option '--out': name the page to write; or give --from DATE, to see what changed since")


def _write_page(request: ReviewRequest, out: Path, tables: Path | None, json: _InJson) -> None:
    from dealml.jobs.reviewing.review import write_review

    with progress() as tell:
        report = write_review(request, out, tables, progress=tell)
    if json is not None:
        say_json(json | vars(report) | {"file": str(out), "files": [str(file) for file in report.files]})
        return
    say(f"{out}: {report.entities:,} {report.subject}s as of {report.as_of:%Y-%m-%d}, {report.bytes / 1000:,.0f} KB")
    if tables:
        say(f"{tables}: {len(report.files):,} files" if len(report.files) > 1 else f"{tables}: every table")
    for section, why in report.gaps.items():
        warn(f"note: the page does not show {section}: {why}")
    for note in report.notes:
        warn(f"note: {note}")


def _print_changes(request: ReviewRequest, file: Path | None, json: _InJson) -> None:
    from dealml.cli.reviewing.review_output import movement_json, say_movement
    from dealml.jobs.reviewing.waterfall import MOVES, moves_table, pipeline_waterfall
    from dealml.scoring.export import check_destination, write_table

    if request.since is None or request.as_of is None:
        raise UsageError("Missing option '--to': give the moment of this review too")
    if file:
        check_destination(file)
    with progress() as tell:
        result = pipeline_waterfall(
            request.project, request.since, request.as_of, request.period, request.model, request.version, request.version_before, tell
        )
    if file:
        write_table(file, MOVES, [moves_table(result)])
    if json is not None:
        say_json(json | movement_json(result))
        return
    say_movement(result)
    if file:
        say(f"{file}: {len(result.moves):,} changes")
    for note in result.notes:
        warn(f"note: {note}")
