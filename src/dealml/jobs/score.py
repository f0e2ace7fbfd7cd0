"""Score what is at stake, publish the scores and write them to files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.train import registry_to_read
from dealml.learning.tables import View
from dealml.loading import load_model
from dealml.project import Project
from dealml.scoring.export import check_destination, write_table
from dealml.scoring.reasons import meanings
from dealml.scoring.score import CONTRIBUTIONS, SCORES, Scored, Served, score
from dealml.scoring.store import publish_scores


@dataclass(frozen=True)
class ScoringReport:
    """What a scoring run did."""

    model: str
    version: int
    rung: str
    as_of: datetime
    entities: int
    rows: int
    written: int
    """Rows new to the score database; 0 when the same scores stood already."""
    unseen_texts: dict[str, int]
    absent: dict[str, str]
    notes: tuple[str, ...]


def served(project: Project, name: str, version: int | None = None) -> Served:
    """The champion of a model, or a version by number."""
    registry = registry_to_read(project, name)
    registered = registry.champion(name) if version is None else registry.version(name, version)
    return Served(registry.load(registered), registered.version, registered.digest)


def score_all(
    project: Project,
    name: str,
    as_of: datetime,
    out: Path | None = None,
    contributions: Path | None = None,
    version: int | None = None,
    progress: Progress = silent,
) -> ScoringReport:
    """Score every open deal or active account as of a moment.

    Parameters
    ----------
    out, contributions
        Files for the scores and for every contribution, Parquet or CSV.
    """
    for path in (out, contributions):
        if path:
            check_destination(path)
    spec = load_model(project.folder, name)
    chosen = served(project, name, version)
    view = View.of(project.ledger, spec, as_of, project.limits)
    table = view.at_stake(within(progress, "features"))
    batches = list(score(table, chosen, meanings(view.plan.features), project.ledger.digest, within(progress, "scores")))
    written = publish_scores(project.scores_url, _each(batches, "scores"))
    if out:
        write_table(out, SCORES, _each(batches, "scores"))
    if contributions:
        write_table(contributions, CONTRIBUTIONS, _each(batches, "contributions"))
    rows = sum(batch.scores.num_rows for batch in batches)
    return ScoringReport(
        name,
        chosen.version,
        chosen.fitted.rung.name,
        as_of,
        len(table),
        rows,
        written,
        chosen.fitted.schema.unseen(table),
        view.plan.absent,
        notes_on(chosen, as_of),
    )


def notes_on(chosen: Served, as_of: datetime) -> tuple[str, ...]:
    """What a reader of the scores should know."""
    notes = []
    trained = datetime.fromisoformat(chosen.fitted.trained_through)
    if trained > as_of:
        notes.append(
            f"the model was trained on what was recorded through {trained:%Y-%m-%d}, after the moment of these scores: "
            "they are not what one would have seen then"
        )
    if chosen.fitted.rung.name == "base_rate":
        notes.append("too few outcomes to learn from: every score is the base rate")
    return tuple(notes)


def _each(batches: list[Scored], part: str) -> Iterator[pa.Table]:
    return (getattr(batch, part) for batch in batches)
