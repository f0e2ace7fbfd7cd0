"""Write the review pages."""

from datetime import timedelta

from prefect import flow, get_run_logger
from prefect.artifacts import create_link_artifact

import dealml
from dealml.flows import moment_in
from pipelines.bars import bars, key
from pipelines.command import run
from pipelines.older_rules import notes_of_older_rules
from pipelines.parameters import HERE, file_in, with_pages
from pipelines.retries import job

A_WEEK = timedelta(days=7)


@job("review", "review {model}")
def review_model(project: str, model: str, as_of: str, out: str, since: str | None = None) -> str:
    """Write a model's review page, and keep it in MLflow; its path."""
    at = moment_in(project, as_of)
    page = file_in(project, out, f"{model}-{at:%Y-%m-%d}.html").resolve()
    result = dealml.open(project, bars(f"review {model}")).review(model, page, at, since or at - A_WEEK, track=True)
    headline = f"{result.entities:,} {result.subject}s as of {result.as_of:%Y-%m-%d}; in MLflow the run {result.run_id}"
    gaps = [f"The page does not show {section}: {why}" for section, why in result.gaps.items()]
    get_run_logger().info("%s: %s", page, headline)
    create_link_artifact(
        page.as_uri(), page.name, key(f"review {model}"), "\n\n".join([headline, *gaps, *result.notes, *notes_of_older_rules(project)])
    )
    return str(page)


@flow(name="review")
def review(
    project: str = HERE, models: list[str] | None = None, as_of: str | None = None, out: str = "reviews", since: str | None = None
) -> list[str]:
    """Write a review page for each model: what is at stake, ranked, with reasons.

    Parameters
    ----------
    project
        The project's folder; default the one that holds these flows.
    models
        Names of models; default all that have a page of their own.
    as_of
        The moment; default the midnight that today began with, in the company's zone.
    out
        The folder for the pages; a relative one stands in the project.
    since
        The last review: the page tells what changed since; default a week before.
    """
    at = moment_in(project, as_of).isoformat()
    states = [review_model(project, model, at, out, since, return_state=True) for model in with_pages(project, models)]
    return [state.result() for state in states]


if __name__ == "__main__":
    run(review)
