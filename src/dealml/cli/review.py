"""`dealml review`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, Version, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, warn


def command(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write, an .html file.")],
    as_of: AsOf = None,
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help="The model whose scores are reviewed.")] = "deal_win",
    version: Version = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Write the review page: what is at stake, ranked, with reasons, in one file that opens offline."""
    from dealml.jobs.review import write_review

    here = open_project(project)
    at = moment_of_scores(here, as_of)
    with progress() as tell:
        report = write_review(here, model, at, out, version, tell)
    if json:
        say_json(vars(report) | {"file": str(out)})
        return
    say(f"{out}: {report.entities:,} {report.subject}s as of {report.as_of:%Y-%m-%d}, {report.bytes / 1000:,.0f} KB")
    for note in report.notes:
        warn(f"note: {note}")
