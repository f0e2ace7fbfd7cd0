"""`dealml override import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.options import HERE, Json, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, warn
from dealml.cli.overrides.override_output import ModelOfOverride, report_json


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with an override in each row.")],
    model: ModelOfOverride = "deal_win",
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Keep all overrides of a CSV file, or none."""
    from dealml.jobs.overrides.record import import_overrides

    with progress() as tell:
        report = import_overrides(open_project(project), file, model, tell)
    if json:
        say_json(report_json(report))
        return
    say(f"{file}: {len(report.new):,} overrides kept, {report.already_there:,} said nothing new")
    for note in report.notes:
        warn(f"note: {note}")
