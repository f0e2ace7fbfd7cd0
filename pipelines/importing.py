"""Import an extract into the ledger."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

import dealml
from dealml.flows import import_table, notes_table, silent
from pipelines.command import run
from pipelines.older_rules import notes_of_older_rules
from pipelines.parameters import HERE
from pipelines.retries import job


@job("import")
def import_extract(project: str, source: str, mapping: str) -> str:
    """Import a folder of extracts; the batch's digest."""
    result = dealml.open(project, silent).import_source(source, Path(project) / mapping)
    totals = result.counts[["rows_in", "accepted", "quarantined", "duplicates"]].sum()
    get_run_logger().info("rows in %d, accepted %d, quarantined %d, duplicates %d", *totals)
    headline = f"batch {result.batch[:16]}; files missing: {', '.join(result.missing) or 'none'}"
    create_table_artifact(import_table(result), "import", "\n\n".join([headline, *notes_of_older_rules(project)]))
    if notes := notes_table(result):
        create_table_artifact(notes, "import-notes", "what was refused or noted, by kind")
    return result.batch


@flow(name="importing")
def importing(source: str, mapping: str = "mapping.yaml", project: str = HERE) -> str:
    """Import an extract; importing it twice changes nothing.

    Parameters
    ----------
    source
        The folder with the extract's files.
    mapping
        How its columns become facts; a relative path starts at the project.
    project
        The project's folder; default the one that holds these flows.
    """
    return import_extract(project, source, mapping)


if __name__ == "__main__":
    run(importing)
