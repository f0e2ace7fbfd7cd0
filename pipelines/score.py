"""Score what is at stake."""

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

import dealml
from dealml.flows import moment_in, score_table
from pipelines.bars import bars, key
from pipelines.command import run
from pipelines.older_rules import notes_of_older_rules
from pipelines.parameters import HERE, chosen, file_in
from pipelines.retries import job


@job("score", "score {model}")
def score_model(project: str, model: str, as_of: str, out: str | None = None) -> int:
    """Score everything at stake by a model; how many scores are new."""
    at = moment_in(project, as_of)
    file = file_in(project, out, f"{model}-{at:%Y-%m-%d}.parquet") if out else None
    result = dealml.open(project, bars(f"score {model}")).score(model, at, out=file)
    get_run_logger().info("%s: %d scores, %d new", model, len(result.scores), result.new)
    lines = [f"{model} as of {at:%Y-%m-%d %H:%M %Z}", *result.notes, *notes_of_older_rules(project)]
    create_table_artifact(score_table(result), key(f"scores {model}"), "\n\n".join(lines))
    return result.new


@flow(name="score")
def score(project: str = HERE, models: list[str] | None = None, as_of: str | None = None, out: str | None = None) -> list[int]:
    """Score every open deal and active account, and publish the scores in the project's database.

    One model that fails does not keep the others from scoring; the flow fails in the end.

    Parameters
    ----------
    project
        The project's folder; default the one that holds these flows.
    models
        Names of models; default all of the project.
    as_of
        The moment; default the midnight that today began with, in the company's zone.
    out
        A folder for the scores as Parquet files too; a relative one stands in the project.
    """
    at = moment_in(project, as_of).isoformat()
    states = [score_model(project, model, at, out, return_state=True) for model in chosen(project, models)]
    return [state.result() for state in states]


if __name__ == "__main__":
    run(score)
