"""Retrain the models, show each beside its baselines on held-out time, promote what earned it, and measure its forecasts."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from dealml.cli.options import maybe_moment
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.jobs.modelling.champion_challenger import ChallengerComparison
from dealml.jobs.modelling.train import Trained, train
from dealml.jobs.modelling.versions import promote_if_earned
from dealml.project import Project
from pipelines.bars import bars, key
from pipelines.command import run
from pipelines.measure import measure_forecasts
from pipelines.parameters import HERE, chosen, tells_wins
from pipelines.retries import job


@job("train", "train {model}")
def train_model(project: str, model: str, as_of: str | None = None) -> int:
    """Train a model and register it; the number of its version."""
    trained = train(Project(Path(project)), model, maybe_moment(as_of), bars(f"train {model}"))
    get_run_logger().info("%s version %d: %s", model, trained.registered.version, trained.fitted.rung.name)
    create_markdown_artifact(summary(trained), key(f"version {model}"), f"{model}: the version trained")
    if trained.evaluation:
        create_table_artifact(held_out(trained), key(f"held out {model}"), f"{model}: held-out time, with 95% intervals")
    return trained.registered.version


@job("promote", "promote {model}")
def promote_model(project: str, model: str, as_of: str | None = None) -> bool:
    """Promote a model's challenger if it earned it; whether it did. A refusal is no failure."""
    found = promote_if_earned(Project(Path(project)), model, maybe_moment(as_of), bars(f"promote {model}"))
    if found is None:
        get_run_logger().info("%s: the champion has no challenger", model)
        return False
    get_run_logger().info("%s version %d %s", model, found.challenger.registered.version, found.judgement.told)
    create_table_artifact(conditions(found), key(f"promotion {model}"), f"{model}: {found.judgement.told}")
    return found.judgement.passed


def conditions(found: ChallengerComparison) -> list[dict[str, str]]:
    """The table of the gate's conditions."""
    return [{"condition": c.name, "holds": "yes" if c.passed else "no", "measured": c.told} for c in found.judgement.conditions]


def summary(trained: Trained) -> str:
    """The version, in Markdown."""
    registered, fitted = trained.registered, trained.fitted
    return (
        f"**{registered.name} version {registered.version}**{' (champion)' if trained.is_champion else ''}: {fitted.rung.name}\n\n"
        f"- digest `{registered.digest}`\n- ledger `{fitted.ledger_digest}`\n"
        f"- recorded before {fitted.trained_through}: {fitted.counts['rows']:,} rows of {fitted.counts['entities']:,} entities\n"
        f"- absent features: {', '.join(sorted(trained.absent)) or 'none'}\n"
    )


def held_out(trained: Trained) -> list[dict[str, str]]:
    """The table of metrics: the model, then its baselines."""
    assert trained.evaluation
    return [
        {"forecast": who.replace("_", " ")} | {metric.replace("_", " "): _shown(interval) for metric, interval in measured.items()}
        for who, measured in trained.evaluation.overall.items()
    ]


def _shown(interval: Interval) -> str:
    return f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"


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
        if trained[model].is_completed() and tells_wins(project, model)
    ]
    versions = [state.result() for state in trained.values()]
    for state in [*promoted, *measured]:
        state.result()
    return versions


if __name__ == "__main__":
    run(retrain)
