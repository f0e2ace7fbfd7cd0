"""`dealml explain --from --to`: why probabilities changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealml.cli.options import moment, open_project
from dealml.cli.output import progress, say, say_json, say_table
from dealml.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.jobs.explaining.score_changes import ScoreChanges
    from dealml.project import Project

MOST_SHOWN = 12
"""Parts of a change, or entities, that are named one by one."""
PARTS = {"time": "passage of time", "facts": "what went on record", "model": "another version", "calibration": "another calibration"}


def explain_change(
    entity: str | None,
    moments: tuple[str, str],
    model: str | None,
    versions: tuple[int | None, int | None],
    out: Path | None,
    project: Path,
    json: bool,
) -> None:
    """Tell why one entity's probability changed, or those of all that were at stake at both moments.

    Parameters
    ----------
    versions
        Of the earlier and of the later score.
    """
    from dealml.jobs.explaining.score_changes import explain_changes

    here = open_project(project)
    start, end = moment(moments[0], "--from"), moment(moments[1], "--to")
    name = model or _model(here, entity, end, versions[1])
    with progress() as tell:
        found = explain_changes(here, name, start, end, entity, versions[1], versions[0], out, tell)
    if json:
        say_json({key: value for key, value in vars(found).items() if key != "table"} | {"parts": found.table.to_dict("records")})
        return
    _tell(found, entity, moments)
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


def _tell(found: ScoreChanges, entity: str | None, moments: tuple[str, str]) -> None:
    versions = {found.version_before, found.version_after}
    made = f"version {found.version_after}" if len(versions) == 1 else f"versions {found.version_before} and {found.version_after}"
    say(
        f"{entity or f'{found.entities:,} at stake at both'}: {moments[0]} to {moments[1]}, {found.model} {made}, {found.horizon_days} days"
    )
    table = found.table
    if table.empty:
        say("nothing changed")
        return
    if entity is None:
        gone = found.by_entity["change"]
        say(f"probabilities moved by {gone.abs().sum() / found.entities * 100:.1f} points on average; {_directions(gone)}")
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
        _tell_all(found)
    else:
        rows = [[f"{p * 100:+.1f}", f"{b} → {a}" if a != b else str(a), s] for p, b, a, s in _largest(table)]
        say_table(("points", "from → to", "largest parts"), rows)


def _tell_all(found: ScoreChanges) -> None:
    """A line for each of those that moved most."""
    whole = found.by_entity
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
