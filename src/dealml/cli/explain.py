"""`dealml explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, Version, moment_of_scores, open_project
from dealml.cli.output import say, say_json, say_table, warn

if TYPE_CHECKING:
    from dealml.jobs.explain import Explanation


def command(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="A deal's or an account's id.")],
    as_of: AsOf = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="MODEL", help="The model; default the one that the entity is at stake for.")
    ] = None,
    version: Version = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Explain one score: the probability, and what it is made of."""
    from dealml.jobs.explain import explain

    here = open_project(project)
    found = explain(here, entity, moment_of_scores(here, as_of), model, version)
    if json:
        say_json(vars(found))
        return
    main: dict[str, Any] = next(row for row in found.scores if row["horizon_days"] == found.main_horizon)
    _tell(found, main)


def _tell(found: Explanation, main: dict[str, Any]) -> None:
    say(f"{found.entity_id} as of {found.as_of:%Y-%m-%d %H:%M} UTC, {found.model} version {found.version} ({main['rung']})")
    ahead = "   ".join(f"{row['horizon_days']} days {float(str(row['probability'])):.1%}" for row in found.scores)
    say(f"probability of being {found.word} within: {ahead}")
    start, end = main["base_probability"], main["probability"]
    say(f"within {found.main_horizon} days: {start:.1%} to begin with, {end:.1%} with what is known of it:")
    rest = main["probability"] - main["base_probability"] - sum(reason["points"] for reason in main["reasons"])
    rows = [[f"{reason['points'] * 100:+.1f}", reason["sentence"]] for reason in main["reasons"]]
    say_table(
        ("points", "reason"),
        [*rows, [f"{rest * 100:+.1f}", f"All else: the {found.main_horizon} days that it is given, and smaller parts"]],
    )
    for note in found.notes:
        warn(f"note: {note}")
