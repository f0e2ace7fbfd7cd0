"""Choose where to compete: win scenarios of what is over and what is open, and what winning is expected to bring."""

from prefect import flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

import dealml
from dealml.flows import models_of, moment_in, predicts_wins, scenario_table
from pipelines.bars import bars
from pipelines.command import run
from pipelines.older_rules import notes_of_older_rules
from pipelines.parameters import HERE, file_in
from pipelines.retries import job


@job("scenarios", "scenarios")
def mine_scenarios(project: str, as_of: str, out: str) -> str:
    """Mine the win scenarios, and write those of each open deal and lead; the file's path."""
    at = moment_in(project, as_of)
    file = file_in(project, out, f"scenarios-{at:%Y-%m-%d}.parquet").resolve()
    result = dealml.open(project, bars("scenarios")).scenarios(at, file)
    get_run_logger().info("%s: %d scenarios of %d closed deals", file, len(result.scenarios), result.deals)
    lines = [f"Win scenarios as of {at:%Y-%m-%d %H:%M %Z}", *result.notes, *notes_of_older_rules(project)]
    create_table_artifact(scenario_table(result), "scenarios", "\n\n".join(lines))
    return str(file)


@job("economics", "economics")
def weigh_deals(project: str, as_of: str, out: str) -> str:
    """Write what each open deal and lead is expected to bring, by the scores of the week; the file's path."""
    at = moment_in(project, as_of)
    file = file_in(project, out, f"economics-{at:%Y-%m-%d}.parquet").resolve()
    result = dealml.open(project, bars("economics")).economics(at, out=file)
    counted = int(result.cases["expected_value"].notna().sum())
    headline = f"{len(result.cases):,} open deals and leads as of {at:%Y-%m-%d %H:%M %Z}, {counted:,} with an expected value"
    get_run_logger().info("%s: %s", file, headline)
    create_markdown_artifact("\n\n".join([headline, *result.notes, *notes_of_older_rules(project)]), "economics")
    return str(file)


@job("page", "where to compete")
def write_page(project: str, as_of: str, out: str) -> str:
    """Write the page "Where to compete"; its path."""
    at = moment_in(project, as_of)
    page = file_in(project, out, f"where-to-compete-{at:%Y-%m-%d}.html").resolve()
    result = dealml.open(project, bars("where to compete")).choose(page, at)
    gaps = [f"The page does not show {section}: {why}" for section, why in result.gaps.items()]
    get_run_logger().info("%s: %s", page, result.headline)
    create_link_artifact(
        page.as_uri(), page.name, "where-to-compete", "\n\n".join([result.headline, *gaps, *notes_of_older_rules(project)])
    )
    return str(page)


@flow(name="choose")
def choose(project: str = HERE, as_of: str | None = None, out: str = "choosing") -> list[str]:
    """Write what helps to choose where to compete. Reviews and explanations show the scenarios that were mined last.

    Parameters
    ----------
    project
        The project's folder; default the one that holds these flows.
    as_of
        The moment; default the midnight that today began with, in the company's zone.
    out
        The folder for the files; a relative one stands in the project.
    """
    at = moment_in(project, as_of).isoformat()
    weighs = any(predicts_wins(project, model) for model in models_of(project))
    states = [part(project, at, out, return_state=True) for part in (mine_scenarios, *([weigh_deals] if weighs else []), write_page)]
    return [state.result() for state in states]


if __name__ == "__main__":
    run(choose)
