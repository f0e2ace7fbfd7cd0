"""`dealml import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.import_output import as_json, tell_import
from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, ProjectFolder, open_project
from dealml.cli.output import progress, say_json

if TYPE_CHECKING:
    from dealml.features.definition import Feature
    from dealml.importing.report import ImportReport
    from dealml.learning.spec import Model
    from dealml.project import Project


def command(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The folder with the extract's files.")],
    mapping: Annotated[Path, typer.Option("--mapping", metavar="FILE", help="How its columns become facts (docs/mapping.md).")],
    project: ProjectFolder = HERE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but publish the facts.")] = False,
    allow_quarantine: Annotated[
        bool, typer.Option("--allow-quarantine", help="Import also when many rows are refused, or a full extract lost most records.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Name every feature that goes away, and show every example.")] = False,
    json: Json = False,
) -> None:
    """Import an extract into the ledger; importing it twice changes nothing."""
    from dealml.importing.import_source import ImportOptions, import_source

    here = open_project(project)
    specs = _specs(here)  # a definition that cannot be read is told before anything is written
    with progress() as tell:
        done: dict[str, int] = {}

        def count(file: str, rows: int) -> None:
            done[file] = done.get(file, 0) + rows
            tell(file, done[file], done[file])

        report = import_source(source, mapping, here.ledger, count, here.import_settings, ImportOptions(allow_quarantine, dry_run))
    away = _absent_features(specs, here, report)
    older = tell_older_rules(here)
    if json:
        say_json(as_json(report, here, away) | older)
        return
    tell_import(report, here, away, verbose)


def _specs(project: Project) -> list[Model]:
    from dealml.load_definitions import load_model, model_names

    return [load_model(project.folder, name) for name in model_names(project.folder)]


def _absent_features(specs: list[Model], project: Project, report: ImportReport) -> dict[str, dict[Feature, str]]:
    """Which features each model loses for want of facts, and why."""
    from dealml.features.plan import plan

    tables = [*dict.fromkeys([*project.ledger.tables, *report.tables])]
    absent = {spec.name: plan(spec.all_features, spec.entity, tables).absent for spec in specs}
    return {
        spec.name: {feature: absent[spec.name][feature.name] for feature in spec.all_features if feature.name in absent[spec.name]}
        for spec in specs
    }
