"""`dealml deal-report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.options import HERE, AsOf, EntityId, Json, ModelOfEntity, ProjectFolder, Version, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json


def command(
    entity: EntityId,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write, an .html file.")],
    as_of: AsOf = None,
    model: ModelOfEntity = None,
    version: Version = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Write a page about one deal, account or lead: its score over its life, what the score is made of, who was like it."""
    from dealml.jobs.explaining.deal_page import write_deal_page

    here = open_project(project)
    at = moment_of_scores(here, as_of)
    with progress() as tell:
        size = write_deal_page(here, entity, at, out, model, version, tell)
    if json:
        say_json({"file": str(out), "bytes": size})
    else:
        say(f"{out}: {size // 1024} KB")
