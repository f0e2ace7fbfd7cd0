"""`dealml features`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.errors import UsageError

if TYPE_CHECKING:
    from dealml.learning.spec import Model


def command(
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="A model of the project; without it, of all models.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Print the dictionary of features.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Print how each feature is computed over many snapshots, and why.")] = False,
    as_of: AsOf = None,
    settled: Annotated[
        bool, typer.Option("--settled", help="Of what is over instead of what is open, and whether it was won or left.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the feature table: .parquet or .csv.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """List the features, tell how they are computed, or write a model's feature table as of a moment."""
    if list_:
        _list(project, model, json)
        return
    if plan:
        _plan(project, model, json)
        return
    if not (model and out):
        raise UsageError("features: give --list, --plan, or MODEL --as-of DATE --out FILE")
    from dealml.jobs.scoring.feature_table import write_features

    here = open_project(project)
    older = tell_older_rules(here)
    at = moment_of_scores(here, as_of)
    with progress() as tell:
        table = write_features(here, model, at, out, tell, settled)
    if json:
        say_json({"rows": table.rows, "features": table.features, "absent": table.absent, "file": str(out)} | older)
        return
    say(f"{out}: {table.rows:,} rows, {table.features} features")
    for name, why in table.absent.items():
        warn(f"absent: {name}: {why}")


def _list(folder: Path, model: str | None, json: bool) -> None:
    from dealml.features.dictionary import entries

    entries_by_model = {spec.name: entries(spec.dictionary) for spec in _models(folder, model)}
    if json:
        say_json({name: [vars(entry) for entry in rows] for name, rows in entries_by_model.items()})
        return
    for name, rows in entries_by_model.items():
        columns = ("feature", "subject", "meaning", "unit", "no facts", "expected", "actionable", "entered")
        say_table(
            columns,
            [[e.name, e.subject, e.meaning, e.unit, e.empty, e.expect, e.actionable, e.entered] for e in rows],
            title=f"{name}: {len(rows)} features",
        )
        say()


def _plan(folder: Path, model: str | None, json: bool) -> None:
    from dealml.features.linear.ways import ways_of

    ways_by_model = {spec.name: list(ways_of(spec.dictionary)) for spec in _models(folder, model)}
    if json:
        say_json({name: [vars(way) for way in ways] for name, ways in ways_by_model.items()})
        return
    for name, ways in ways_by_model.items():
        say_table(("feature", "way", "why"), [[way.name, way.way, way.why] for way in ways], title=f"{name}: {len(ways)} features")
        say()


def _models(folder: Path, model: str | None) -> list[Model]:
    from dealml.load_definitions import load_model, model_names

    project = open_project(folder)
    return [load_model(project.folder, name) for name in ([model] if model else model_names(project.folder))]
