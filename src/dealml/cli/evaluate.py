"""`dealml evaluate`."""

from __future__ import annotations

from dealml.cli.measures import measured_json, say_overall, say_parts
from dealml.cli.options import HERE, Json, MaybeAsOf, ModelName, ProjectFolder, Version, maybe_moment, open_project
from dealml.cli.output import progress, say, say_json


def command(model: ModelName, as_of: MaybeAsOf = None, version: Version = None, project: ProjectFolder = HERE, json: Json = False) -> None:
    """Measure a model on held-out later time, beside its baselines."""
    from dealml.jobs.evaluate import evaluate

    with progress() as tell:
        evaluation = evaluate(open_project(project), model, maybe_moment(as_of), version, tell)
    if json:
        say_json(measured_json(evaluation))
        return
    say_overall(evaluation)
    say()
    say_parts("days ahead", evaluation.by_horizon)
    say()
    say_parts("age in days", evaluation.by_age)
