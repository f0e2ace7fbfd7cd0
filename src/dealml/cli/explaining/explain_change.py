"""`dealml explain-change`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, FromVersion, Json, ModelOfEntity, ProjectFolder, Version, open_project
from dealml.cli.output import progress, say, say_json, say_table
from dealml.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.jobs.explaining.score_changes import ScoreChanges
    from dealml.project import Project

MOST_SHOWN = 12
"""Parts of a change, or entities, that are named one by one."""
PARTS = {"time": "passage of time", "facts": "what went on record", "model": "another version", "calibration": "another calibration"}


def command(
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="The earlier moment.")],
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="The later moment.")],
    entity: Annotated[str | None, typer.Argument(metavar="ENTITY", help="The id of a deal, an account or a lead; without it, all.")] = None,
    model: ModelOfEntity = None,
    version: Version = None,
    from_version: FromVersion = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write all parts: .parquet or .csv.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Explain why a probability changed between two moments, or those of all that were at stake at both."""
    from dealml.jobs.explaining.score_changes import explain_changes

    here = open_project(project)
    start, end = here.calendar.read_moment(from_, "--from"), here.calendar.read_moment(to, "--to")
    name = model or _model(here, entity, end, version)
    with progress() as tell:
        report = explain_changes(here, name, start, end, entity, version, from_version, out, tell)
    if json:
        parts = report.table.to_dict("records")
        say_json({key: value for key, value in vars(report).items() if key != "table"} | {"parts": parts})
        return
    _tell(report, entity, (from_, to))
    if out:
        say(f"{out}: written")


def _model(here: Project, entity: str | None, end: datetime, version: int | None) -> str:
    """The model that an entity is at stake for; for all of them, the project's only one."""
    from dealml.jobs.explaining.explain import resolve_entity
    from dealml.load_definitions import leading_models

    if entity is not None:
        return resolve_entity(here, entity, end, None, version).view.spec.name
    first, *others = leading_models(here.folder)
    if others:
        raise UsageError(f"the changes of all are those of one model: give --model {' or '.join((first, *others))}")
    return first


def _tell(report: ScoreChanges, entity: str | None, moments: tuple[str, str]) -> None:
    versions = {report.version_before, report.version_after}
    made = f"version {report.version_after}" if len(versions) == 1 else f"versions {report.version_before} and {report.version_after}"
    subject = entity or f"{report.entities:,} at stake at both"
    say(f"{subject}: {moments[0]} to {moments[1]}, {report.model} {made}, {report.horizon_days} days")
    table = report.table
    if table.empty:
        say("nothing changed")
        return
    if entity is None:
        gone = report.by_entity["change"]
        say(f"probabilities moved by {gone.abs().sum() / report.entities * 100:.1f} points on average; {_directions(gone)}")
    else:
        before, after = table["probability_before"].iloc[0], table["probability_after"].iloc[0]
        say(f"{before:.1%} then, {after:.1%} now: {(after - before) * 100:+.1f} points")
    sums = table.groupby("part")["points"].sum()
    say_table(
        ("points" if entity else "points, all together", "part"),
        [[f"{sums.get(part, 0.0) * 100:+.1f}", words] for part, words in PARTS.items()],
    )
    say()
    if entity is None:
        _tell_all(report)
    else:
        rows = [[f"{p * 100:+.1f}", f"{b} → {a}" if a != b else str(a), s] for p, b, a, s in _largest(table)]
        say_table(("points", "from → to", "largest parts"), rows)


def _tell_all(report: ScoreChanges) -> None:
    """A line for each of those that moved most."""
    whole = report.by_entity
    rows = [
        [
            name,
            f"{row['probability_before']:.1%}",
            f"{row['probability_after']:.1%}",
            *(f"{row[column] * 100:+.1f}" for column in ("change", *PARTS)),
            row["sentence"],
        ]
        for name, row in whole.head(MOST_SHOWN).iterrows()
    ]
    say_table(("moved most", "then", "now", "points", "time", "record", "version", "calibration", "largest part"), rows)
    if len(whole) > MOST_SHOWN:
        say(f"and {len(whole) - MOST_SHOWN:,} more; all parts of all: --out FILE")


def _directions(gone: Any) -> str:
    return f"{(gone > 0).sum():,} up, {(gone < 0).sum():,} down"


def _largest(table: Any) -> list[tuple[float, str, str, str]]:
    shown = table[table["feature"] != ""].head(MOST_SHOWN)
    values = (shown[name].fillna("not known") for name in ("value_before", "value_after"))
    return list(zip(shown["points"], *values, shown["sentence"], strict=True))
