"""`dealml review`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, Version, moment, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, warn
from dealml.errors import UsageError

if TYPE_CHECKING:
    from dealml.jobs.reviewing.request import ReviewRequest


def command(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The page to write, an .html file.")] = None,
    as_of: AsOf = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The last review: tell what changed since, deal by deal.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="With --from: this review; the same as --as-of.")] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="PERIOD", help="What is forecast, such as 2026Q1 or 2026-01; default the quarter of this review."),
    ] = None,
    tables: Annotated[
        Path | None, typer.Option("--tables", metavar="PATH", help="Every table of the page: an .xlsx file, or a folder for .csv files.")
    ] = None,
    changes: Annotated[
        Path | None, typer.Option("--changes", metavar="FILE", help="With --from: write every deal's change, .parquet or .csv.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Show the page on this machine, with judgements entered in it.")] = False,
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="With --serve: the port; 0 takes a free one.")] = 0,
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help="The model whose scores are reviewed.")] = "deal_win",
    version: Version = None,
    from_version: Annotated[
        int | None, typer.Option("--from-version", metavar="N", help="The version of the earlier scores; default the same as of the later.")
    ] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Review what is at stake: as a page, on this machine, or what changed since the last review as tables."""
    _check(out, as_of, from_, to, {"--changes": changes, "--from-version": from_version}, tables, serve)
    from dealml.jobs.reviewing.request import ReviewRequest
    from dealml.period import Period

    here = open_project(project)
    at = moment(to, "--to") if to else moment_of_scores(here, as_of)
    over = None if period is None else Period.parse(period)
    asked = ReviewRequest(here, model, at, version, moment(from_, "--from") if from_ else None, from_version, over)
    if changes or not (out or serve):
        _changed(asked, changes, json and not out)
    if out:
        _page(asked, out, tables, json)
    if serve:
        _serve(asked, port)


def _check(
    out: Path | None, as_of: str | None, from_: str | None, to: str | None, of_changes: dict[str, object], tables: Path | None, serve: bool
) -> None:
    """Refuse what does not go together."""
    if to is not None and as_of is not None:
        raise UsageError("--as-of: leave it out; --to is the moment of this review")
    if to is not None and from_ is None:
        raise UsageError("--to goes with --from DATE, the last review")
    for option, given in of_changes.items():
        if given is not None and from_ is None:
            raise UsageError(f"{option} goes with --from DATE --to DATE")
    if from_ is None and out is None and not serve:
        raise UsageError("Missing option '--out': name the page to write; or give --serve, or --from DATE --to DATE")
    if tables is not None and out is None:
        raise UsageError("--tables goes with --out FILE: they are the tables of that page")


def _page(asked: ReviewRequest, out: Path, tables: Path | None, json: bool) -> None:
    from dealml.jobs.reviewing.review import write_review

    with progress() as tell:
        report = write_review(asked, out, tables, progress=tell)
    if json:
        say_json(vars(report) | {"file": str(out), "files": [str(file) for file in report.files]})
        return
    say(f"{out}: {report.entities:,} {report.subject}s as of {report.as_of:%Y-%m-%d}, {report.bytes / 1000:,.0f} KB")
    if tables:
        say(f"{tables}: {len(report.files):,} files" if len(report.files) > 1 else f"{tables}: every table")
    for section, why in report.gaps.items():
        warn(f"note: the page does not show {section}: {why}")
    for note in report.notes:
        warn(f"note: {note}")


def _changed(asked: ReviewRequest, file: Path | None, json: bool) -> None:
    from dealml.cli.reviewing.review_output import as_json, tell_movement
    from dealml.jobs.reviewing.waterfall import MOVES, moves_table, pipeline_waterfall
    from dealml.scoring.export import check_destination, write_table

    if asked.since is None or asked.as_of is None:
        raise UsageError("give both --from DATE and --to DATE")
    if file:
        check_destination(file)
    with progress() as tell:
        found = pipeline_waterfall(
            asked.project, asked.since, asked.as_of, asked.period, asked.model, asked.version, asked.version_before, tell
        )
    if file:
        write_table(file, MOVES, [moves_table(found)])
    if json:
        say_json(as_json(found))
        return
    tell_movement(found)
    if file:
        say(f"{file}: {len(found.moves):,} changes")
    for note in found.notes:
        warn(f"note: {note}")


def _serve(asked: ReviewRequest, port: int) -> None:
    from dealml.jobs.reviewing.live import LiveReview
    from dealml.serve import serve_review

    with progress() as tell:
        desk = LiveReview.of(asked, tell)
    served = serve_review(desk.show, desk.record, port)
    say(f"{served.address}  (this machine alone; Ctrl-C ends it)")
    served.run()
