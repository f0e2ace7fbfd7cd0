"""`dealml what-if`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.options import HERE, AsOf, EntityId, Json, ModelOfEntity, ProjectFolder, Version, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json
from dealml.errors import UsageError

if TYPE_CHECKING:
    from dealml.reasons.what_if import WhatIf


def command(
    entity: EntityId,
    values: Annotated[list[str], typer.Argument(metavar="FEATURE=VALUE...", help="Another value of a feature that people can act on.")],
    as_of: AsOf = None,
    model: ModelOfEntity = None,
    version: Version = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Show the probability with other values of features, bounded by what comparable cases had: association, not effect."""
    from dealml.jobs.explaining.what_if import try_values

    wanted = dict(_pair(text) for text in values)
    here = open_project(project)
    at = moment_of_scores(here, as_of)
    with progress() as tell:
        result = try_values(here, entity, at, wanted, model, version, tell)
    if json:
        say_json(vars(result))
    else:
        _say(entity, result)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise UsageError(f"{text}: write it as FEATURE=VALUE")
    return name, value


def _say(entity: str, result: WhatIf) -> None:
    say(f"{entity}: {result.before:.1%} as it is, {result.after:.1%} with")
    for name, (before, after) in result.values.items():
        say(f"  {name}: {after} instead of {before or 'not known'}")
    gap = (result.after - result.before) * 100
    say(f"a difference of {gap:+.1f} points (95% interval {result.low * 100:+.1f} to {result.high * 100:+.1f}): association, not effect")
