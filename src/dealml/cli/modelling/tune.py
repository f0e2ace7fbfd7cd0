"""`dealml tune`."""

from __future__ import annotations

from typing import Annotated

import typer

from dealml.cli.options import HERE, Json, MaybeAsOf, ModelName, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json


def command(
    model: ModelName,
    trials: Annotated[int, typer.Option(min=1, metavar="N", help="How many settings to try in all; earlier trials count.")] = 40,
    minutes: Annotated[float, typer.Option(min=0.0, metavar="M", help="Begin no trial after so many minutes.")] = 20.0,
    as_of: MaybeAsOf = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Search better settings of a model's trees on rolling origins; a search that was stopped goes on."""
    from dealml.jobs.modelling.tune import tune_model

    with progress() as tell:
        here = open_project(project)
        report = tune_model(here, model, trials, minutes, here.calendar.read_optional_moment(as_of), tell)
    tuned = report.tuned
    if json:
        search = {"kept": tuned.is_better, "trials": tuned.trials, "log_loss_gain": tuned.gain, "error": tuned.error}
        say_json({"model": model, "settings": vars(tuned.settings)} | search | {"file": str(report.file) if tuned.is_better else None})
        return
    say(f"{model}: {tuned.trials} trials; the best settings lower the log loss of held-out rows by {tuned.gain:.4f} ± {tuned.error:.4f}")
    say(f"{report.file}: written" if tuned.is_better else "no more than chance: the specification's settings stay")
