"""Retrain the models, compare each with its baselines on held-out time, promote what earned it, and measure its forecasts."""

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact

import dealml
from dealml.flows import holdout_table, predicts_wins, promotion_table, version_summary
from pipelines.bars import bars, key
from pipelines.command import run
from pipelines.measure import measure_forecasts
from pipelines.older_rules import notes_of_older_rules
from pipelines.parameters import HERE, chosen
from pipelines.retries import job


@job("train", "train {model}")
def train_model(project: str, model: str, as_of: str | None = None) -> int:
    """Train a model and register it; the number of its version."""
    result = dealml.open(project, bars(f"train {model}")).train(model, as_of)
    get_run_logger().info("%s version %d: %s", model, result.version, result.learner)
    summary = "\n\n".join([version_summary(result), *notes_of_older_rules(project)])
    create_markdown_artifact(summary, key(f"version {model}"), f"{model}: the version trained")
    if result.evaluation:
        create_table_artifact(holdout_table(result), key(f"held out {model}"), f"{model}: held-out time, with 95% intervals")
    return result.version


@job("promote", "promote {model}")
def promote_model(project: str, model: str, as_of: str | None = None) -> bool:
    """Promote a model's challenger if it earned it; whether it did. A refusal is no failure."""
    result = dealml.open(project, bars(f"promote {model}")).promote_if_earned(model, as_of)
    if result is None:
        get_run_logger().info("%s: the champion has no challenger", model)
        return False
    get_run_logger().info("%s version %d %s", model, result.version, result.message)
    create_table_artifact(promotion_table(result), key(f"promotion {model}"), f"{model}: {result.message}")
    return result.promoted


@flow(name="retrain")
def retrain(project: str = HERE, models: list[str] | None = None, as_of: str | None = None) -> list[int]:
    """Train models on everything recorded, register the versions, promote each that earned it, and measure forecasts by the champions.

    One that fails does not keep the others from being trained; the flow fails in the end. One that is
    trained but not promoted is no failure: its champion stays.

    Parameters
    ----------
    project
        The project's folder; default the one that holds these flows.
    models
        Names of models; default all of the project.
    as_of
        Use only what was recorded before this moment; default the end of the data.
    """
    names = chosen(project, models)
    trained = {model: train_model(project, model, as_of, return_state=True) for model in names}
    promoted = [promote_model(project, model, as_of, return_state=True) for model in names if trained[model].is_completed()]
    measured = [
        measure_forecasts(project, model, as_of, return_state=True)
        for model in names
        if trained[model].is_completed() and predicts_wins(project, model)
    ]
    versions = [state.result() for state in trained.values()]
    for state in [*promoted, *measured]:
        state.result()
    return versions


if __name__ == "__main__":
    run(retrain)
