"""`dealml import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.options import HERE, Json, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn

if TYPE_CHECKING:
    from dealml.importing.import_source import ImportReport
    from dealml.learning.spec import Model
    from dealml.project import Project


def command(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The folder with the extract's files.")],
    mapping: Annotated[Path, typer.Option("--mapping", metavar="FILE", help="How its columns become facts (docs/mapping.md).")],
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Import an extract into the ledger; importing it twice changes nothing."""
    from dealml.importing.import_source import import_source

    here = open_project(project)
    specs = _specs(here)  # a definition that cannot be read is told before anything is written
    with progress() as tell:
        done: dict[str, int] = {}

        def count(file: str, rows: int) -> None:
            done[file] = done.get(file, 0) + rows
            tell(file, done[file], done[file])

        report = import_source(source, mapping, here.ledger, count)
    away = _absent_features(specs, here)
    if json:
        say_json(_as_json(report, here, away))
        return
    _tell(report, here, away)


def _as_json(report: ImportReport, project: Project, away: dict[str, dict[str, str]]) -> dict[str, object]:
    totals = {what: report.total(what) for what in ("rows_in", "accepted", "quarantined", "duplicates", "not_selected")}
    return totals | {
        "batch": report.batch,
        "already_imported": report.already_imported,
        "ledger_digest": project.ledger.digest,
        "extracts": [vars(count) for count in report.counts],
        "missing_files": report.missing,
        "absent_features": away,
        "quarantine": report.quarantine,
    }


def _tell(report: ImportReport, project: Project, away: dict[str, dict[str, str]]) -> None:
    columns = ("file", "into", "rows in", "accepted", "quarantined", "duplicates", "not selected")
    rows = [
        [c.file, c.into, *(f"{n:,}" for n in (c.rows_in, c.accepted, c.quarantined, c.duplicates, c.not_selected))] for c in report.counts
    ]
    totals = [report.total(what) for what in ("rows_in", "accepted", "quarantined", "duplicates", "not_selected")]
    say_table(columns, [*rows, ["total", "", *(f"{n:,}" for n in totals)]])
    say(f"rows in {totals[0]:,} = accepted {totals[1]:,} + quarantined {totals[2]:,} + duplicates {totals[3]:,}")
    if report.already_imported:
        say("This extract was imported before: nothing changed.")
    for row in report.quarantine[:10]:
        warn(f"quarantined: {row['file']}:{row['row']}: {row['column'] or 'row'}: {row['value'] or ''!r}: {row['reason']}")
    for file in report.missing:
        warn(f"missing: {file} is not in the source; what it would tell stays unknown")
    for model, absent in away.items():
        if absent:
            warn(f"{model}: {len(absent)} features go away: {', '.join(sorted(absent))}")
    say(f"ledger {project.ledger.digest[:16]} in {project.ledger.folder}")


def _specs(project: Project) -> list[Model]:
    from dealml.load_definitions import load_model, model_names

    return [load_model(project.folder, name) for name in model_names(project.folder)]


def _absent_features(specs: list[Model], project: Project) -> dict[str, dict[str, str]]:
    """Which features each model loses for want of facts."""
    from dealml.features.plan import plan

    return {spec.name: plan(spec.all_features, spec.entity, project.ledger.tables).absent for spec in specs}
