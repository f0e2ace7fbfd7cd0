"""`dealml choose`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, warn


def command(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page, an .html file.")],
    as_of: MaybeAsOf = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Write the page "Where to compete": win scenarios, qualification, economics and commitments of what is open."""
    from dealml.jobs.choosing.page import write_choosing_page

    here = open_project(project)
    older = tell_older_rules(here)
    with progress() as tell:
        report = write_choosing_page(here, out, here.calendar.read_optional_moment(as_of), tell)
    if json:
        say_json(vars(report) | {"page": str(out), "ledger_digest": here.ledger.digest} | older)
        return
    say(f"{out}: where to compete as of {report.as_of:%Y-%m-%d}, {report.bytes / 1024:,.0f} KB")
    for section, why in report.gaps.items():
        warn(f"note: the page does not show “{section}”: {why}")
