"""Score open deals or active accounts, publish the scores and write them to files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.scoring.lead_notes import lead_notes
from dealml.jobs.scoring.served_models import load_served, notes_for_scores, view_for
from dealml.jobs.scoring.unseen_texts import notes_of_unseen, require_seen
from dealml.learning.encoding import UnseenTexts
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.reasons.wording import Wording, wording_of
from dealml.scoring.export import check_destination, table_writer
from dealml.scoring.read_ahead import read_ahead
from dealml.scoring.score import CONTRIBUTIONS, SCORES, Scored, score
from dealml.scoring.store import Sources, publishing


@dataclass(frozen=True)
class ScoringReport:
    """What a scoring run did."""

    model: str
    version: int
    rung: str
    as_of: datetime | None
    """The moment; None for a cross-section, which has none."""
    entities: int
    rows: int
    written: int
    """Rows new to the score database; 0 when the same scores stood already."""
    unseen_texts: dict[str, UnseenTexts]
    """By feature: texts that training did not tell apart."""
    absent: dict[str, str]
    notes: tuple[str, ...]


def score_all(
    project: Project,
    name: str,
    as_of: datetime | None,
    out: Path | None = None,
    contributions: Path | None = None,
    version: int | None = None,
    progress: Progress = silent,
) -> ScoringReport:
    """Score every open deal or active account as of a moment.

    Parameters
    ----------
    as_of
        The moment; None for a cross-section, which has none.
    out, contributions
        Files for the scores and for every contribution, Parquet or CSV.
    """
    for path in (out, contributions):
        if path:
            check_destination(path)
    spec = load_model(project.folder, name)
    chosen = load_served(project, name, version)
    view = view_for(chosen, project, spec, as_of)
    table = view.at_stake(within(progress, "features"))
    unseen = chosen.fitted.schema.unseen(table)
    require_seen(unseen, name, project.settings.scores.unseen_category)
    wording = wording_of(view.plan.features, project.settings.company.language)
    batches = score(table, chosen, wording, project.ledger.digest, within(progress, "scores"))
    scores, written = _published(project, batches, wording, out, contributions)
    return ScoringReport(
        name,
        chosen.version,
        chosen.fitted.rung.name,
        None if view.cross_section else view.end,
        len(table),
        scores,
        written,
        unseen,
        view.plan.absent,
        (*notes_for_scores(chosen, view), *notes_of_unseen(unseen), *lead_notes(view, len(table))),
    )


def _published(
    project: Project, batches: Iterator[Scored], wording: Wording, out: Path | None, contributions: Path | None
) -> tuple[int, int]:
    """Publish scores, and write them to files where asked for, batch by batch; how many there were, and how many were new."""
    scores = written = 0
    sources = Sources(wording.digest, wording.content(), project.ledger.digest, project.ledger.batches)
    with ExitStack() as files:
        to_scores = files.enter_context(table_writer(out, SCORES)) if out else None
        to_contributions = files.enter_context(table_writer(contributions, CONTRIBUTIONS)) if contributions else None
        # Ends before the files take their names: a database that refuses leaves the old files in place.
        with publishing(project.scores_url, sources) as publish:
            for batch in read_ahead(batches):
                written += publish(batch.columns, batch.snapshots)
                scores += batch.scores.num_rows
                if to_scores:
                    to_scores(batch.scores)
                if to_contributions:
                    to_contributions(batch.contributions)
    return scores, written
