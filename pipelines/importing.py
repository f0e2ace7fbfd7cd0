"""Import an extract into the ledger."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from dealml.ledger.importing import Report, import_source
from dealml.project import Project
from pipelines.command import run
from pipelines.parameters import HERE
from pipelines.retries import job


@job("import")
def import_extract(project: str, source: str, mapping: str) -> str:
    """Import a folder of extracts; the batch's digest."""
    report = import_source(Path(source), Path(project) / mapping, Project(Path(project)).ledger)
    get_run_logger().info(
        "rows in %d, accepted %d, quarantined %d, duplicates %d",
        *(report.total(what) for what in ("rows_in", "accepted", "quarantined", "duplicates")),
    )
    create_table_artifact(counts(report), "import", f"batch {report.batch[:16]}; files missing: {', '.join(report.missing) or 'none'}")
    return report.batch


def counts(report: Report) -> list[dict[str, object]]:
    """What became of each extract's rows."""
    return [{name.replace("_", " "): value for name, value in vars(count).items()} for count in report.counts]


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
