"""The whole week's work in one process: import, retrain, score, choose, review."""

from prefect import flow

from dealml.flows import moment_in
from pipelines.choose import choose
from pipelines.command import run
from pipelines.importing import importing
from pipelines.parameters import HERE
from pipelines.retrain import retrain
from pipelines.review import review
from pipelines.score import score


@flow(name="weekly")
def weekly(
    project: str = HERE,
    source: str | None = None,
    mapping: str = "mapping.yaml",
    models: list[str] | None = None,
    as_of: str | None = None,
    out: str = "reviews",
) -> None:
    """Import an extract, retrain the models, score what is at stake, mine the win scenarios, weigh open deals and write the review pages.

    Parameters
    ----------
    project
        The project's folder; default the one that holds these flows.
    source
        The folder with an extract's files; without it, nothing is imported.
    mapping
        How the extract's columns become facts; a relative path starts at the project.
    models
        Names of models; default all of the project.
    as_of
        The moment to learn, score and review at; by default models learn from all data, and today's midnight is scored.
    out
        The folder for the pages; a relative one stands in the project.
    """
    at = moment_in(project, as_of).isoformat()
    if source:
        importing(source, mapping, project)
    retrain(project, models, as_of)
    score(project, models, at)
    choose(project, at)
    review(project, models, at, out)


if __name__ == "__main__":
    run(weekly)
