"""`dealml review`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, Version, moment, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, warn
from dealml.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.project import Project


def command(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The page to write, an .html file; needed unless --from is given.")
    ] = None,
    as_of: AsOf = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="What changed since this moment, such as the last review.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The later moment.")] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period", metavar="PERIOD", help="With --from: of which period, such as 2026Q1 or 2026-01; default the quarter of --to."
        ),
    ] = None,
    changes: Annotated[
        Path | None, typer.Option("--changes", metavar="FILE", help="With --from: write every deal's change, .parquet or .csv.")
    ] = None,
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help="The model whose scores are reviewed.")] = "deal_win",
    version: Version = None,
    from_version: Annotated[
        int | None, typer.Option("--from-version", metavar="N", help="The version of the earlier scores; default the same as of the later.")
    ] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Write the review page of what is at stake; or with --from, --to: what changed since the last review, deal by deal."""
    if (from_ is None) != (to is None):
        raise UsageError("give both --from DATE and --to DATE")
    if from_ is None and out is None:
        raise UsageError("Missing option '--out': name the page to write; or give --from DATE --to DATE")
    for option, given in (("--period", period), ("--changes", changes), ("--from-version", from_version)):
        if given is not None and from_ is None:
            raise UsageError(f"{option} goes with --from DATE --to DATE")
    if from_ and to:
        if as_of is not None:
            raise UsageError("--as-of: leave it out; --to is the moment of this review")
        moments = moment(from_, "--from"), moment(to, "--to")
        _changed(open_project(project), moments, period, model, (from_version, version), (changes, out), json)
    elif out:
        here = open_project(project)
        _page(here, model, moment_of_scores(here, as_of), out, version, json)


def _page(here: Project, model: str, at: datetime | None, out: Path, version: int | None, json: bool) -> None:
    from dealml.jobs.review import write_review

    with progress() as tell:
        report = write_review(here, model, at, out, version, tell)
    if json:
        say_json(vars(report) | {"file": str(out)})
        return
    say(f"{out}: {report.entities:,} {report.subject}s as of {report.as_of:%Y-%m-%d}, {report.bytes / 1000:,.0f} KB")
    for note in report.notes:
        warn(f"note: {note}")


def _changed(
    here: Project,
    moments: tuple[datetime, datetime],
    period: str | None,
    model: str,
    versions: tuple[int | None, int | None],
    files: tuple[Path | None, Path | None],
    json: bool,
) -> None:
    from dealml.cli.moved import as_json, tell_movement
    from dealml.forecast.period import Period
    from dealml.jobs.files import checked_page
    from dealml.jobs.movement import MOVES, movement, moves_table
    from dealml.scoring.export import check_destination, write_table

    changes, out = files
    over = None if period is None else Period.parse(period)
    if changes:
        check_destination(changes)
    if out:
        checked_page(out)
    with progress() as tell:
        found = movement(here, *moments, over, model, versions[1], versions[0], tell)
    if changes:
        write_table(changes, MOVES, [moves_table(found)])
    if json:
        say_json(as_json(found))
    else:
        tell_movement(found)
    if changes and not json:
        say(f"{changes}: {len(found.moves):,} changes")
    for note in found.notes if not json else ():
        warn(f"note: {note}")
    if out:
        from dealml.jobs.review import write_review

        write_review(here, model, moments[1], out, versions[1])
        if not json:
            say(f"{out}: what is at stake as of {moments[1]:%Y-%m-%d}")
