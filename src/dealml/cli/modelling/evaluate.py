"""`dealml evaluate`."""

from __future__ import annotations

from dealml.cli.modelling.evaluate_output import measured_json, refuse_without_worth, say_overall, say_slices
from dealml.cli.options import HERE, Json, MaybeAsOf, ModelName, ProjectFolder, Version, open_project
from dealml.cli.output import progress, say_json


def command(model: ModelName, as_of: MaybeAsOf = None, version: Version = None, project: ProjectFolder = HERE, json: Json = False) -> None:
    """Measure a model on held-out later time, with its baselines on the same rows."""
    from dealml.jobs.modelling.evaluate import evaluate

    with progress() as tell:
        here = open_project(project)
        evaluation = evaluate(here, model, here.calendar.read_optional_moment(as_of), version, tell)
    if json:
        say_json(measured_json(evaluation))
    else:
        say_overall(evaluation)
        say_slices(evaluation)
    refuse_without_worth(evaluation)
