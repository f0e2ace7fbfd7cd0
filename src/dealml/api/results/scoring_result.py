"""What scoring returns, as frames."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.progress_bars import Progress
    from dealml.project import Project


@dataclass(frozen=True)
class ScoringResult:
    """The scores of every open deal or active customer at a moment.

    Example
    -------
    >>> result = project.score("deal_win", as_of="2026-01-05")
    >>> result.scores[["entity_id", "horizon_days", "probability"]]
    """

    model: str
    version: int
    learner: str
    as_of: datetime | None
    """None for a cross-section, which has no dates."""
    entities: int
    new: int
    """Scores that were new to the score database: 0 when the same scoring was done before."""
    absent_features: Mapping[str, str]
    """Features that this ledger cannot feed, each with the reason."""
    notes: tuple[str, ...]
    """What a reader of the scores should know."""
    scores: pd.DataFrame
    """One row an entity and horizon, with `probability`, `base_probability`, `margin` (log-odds) and the strongest `reasons`."""
    contributions: pd.DataFrame | None
    """One row an entity, horizon and feature, with `log_odds` and `points`; None where they were not asked for."""
    unseen_texts: Mapping[str, int] = field(default_factory=dict)
    """How many entities hold a text that training did not tell apart, by feature."""


def score_to_frames(
    project: Project,
    model: str,
    as_of: datetime | None,
    version: int | None,
    with_contributions: bool,
    out: Path | None,
    progress: Progress,
) -> ScoringResult:
    """Run the scoring job, and return the scores that it wrote, as frames.

    Parameters
    ----------
    out
        A file that the scores are also written to; without it, they are not stored as a file.
    """
    from dealml.jobs.scoring.score import score_all
    from dealml.scoring.export import check_destination

    if out:
        check_destination(out)
    with tempfile.TemporaryDirectory() as folder:
        scores = Path(folder) / "scores.parquet"
        contributions = Path(folder) / "contributions.parquet" if with_contributions else None
        report = score_all(project, model, as_of, scores, contributions, version, progress)
        return ScoringResult(
            model=report.model,
            version=report.version,
            learner=report.rung,
            as_of=report.as_of,
            entities=report.entities,
            new=report.written,
            absent_features=dict(report.absent),
            notes=report.notes,
            scores=_read(scores, out),
            contributions=_read(contributions) if contributions else None,
            unseen_texts={feature: texts.rows for feature, texts in report.unseen_texts.items()},
        )


def _read(file: Path, copy: Path | None = None) -> pd.DataFrame:
    """A table that a job wrote; it is written to `copy` too, in the format of its name."""
    import pyarrow.parquet as pq

    from dealml.scoring.export import write_table

    table = pq.read_table(file)
    if copy:
        write_table(copy, table.schema, [table])
    frame: pd.DataFrame = table.to_pandas()
    return frame
