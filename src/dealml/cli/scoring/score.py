"""`dealml score`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, AsOf, Json, ModelName, ProjectFolder, Version, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, warn


def command(
    model: ModelName,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the scores: .parquet or .csv.")] = None,
    contributions: Annotated[
        Path | None, typer.Option("--contributions", metavar="FILE", help="Write every contribution: .parquet or .csv.")
    ] = None,
    version: Version = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Score all open deals, or all active accounts, with reasons."""
    from dealml.jobs.scoring.score import score_all

    here = open_project(project)
    older = tell_older_rules(here)
    at = moment_of_scores(here, as_of)
    with progress() as tell:
        report = score_all(here, model, at, out, contributions, version, tell)
    if json:
        unseen = {feature: asdict(texts) for feature, texts in report.unseen_texts.items()}
        say_json(vars(report) | {"unseen_texts": unseen} | older)
        return
    moment = f" as of {report.as_of:%Y-%m-%d %H:%M %Z}" if report.as_of else ""
    say(
        f"{model} version {report.version} ({report.rung}){moment}: "
        f"{report.entities:,} entities, {report.rows:,} scores, {report.written:,} new in the score database"
    )
    for path in (out, contributions):
        if path:
            say(f"{path}: written")
    for note in report.notes:
        warn(f"note: {note}")
