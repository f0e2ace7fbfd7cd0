"""`dealml replay`."""

from __future__ import annotations

from typing import Annotated

import typer

from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json
from dealml.errors import UsageError


def command(
    score_id: Annotated[str | None, typer.Argument(metavar="SCORE_ID", help="A score's id, as `score` writes it.")] = None,
    entity: Annotated[str | None, typer.Option("--entity", metavar="ENTITY", help="All scores of a deal, an account or a lead.")] = None,
    as_of: MaybeAsOf = None,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="Only scores of this model.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Make a past score and its reasons again from the ledger as it was, and compare every bit."""
    if (score_id is None) == (entity is None):
        raise UsageError("name one score by its SCORE_ID, or all scores of a deal, an account or a lead by --entity ENTITY [--as-of DATE]")
    from dealml.jobs.scoring.replay import replay

    with progress() as tell:
        here = open_project(project)
        replays = replay(here, score_id, entity, here.calendar.read_optional_moment(as_of), model, tell)
    if json:
        say_json({"replayed": [vars(score) for score in replays]})
        return
    for score in replays:
        same = "the same to the last bit" if score.is_exact else "made by another engine, equal to 1e-12"
        say(
            f"{score.score_id} {same}: {score.entity_id} as of {score.as_of:%Y-%m-%d %H:%M %Z}, {score.model} version "
            f"{score.model_version}, {score.horizon_days} days: {score.probability:.1%}, {score.features} features, {score.reasons} reasons"
        )
