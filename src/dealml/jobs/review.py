"""Write the review page of what is at stake as of a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from dealml.evaluation.metrics import METRICS
from dealml.jobs.files import checked_page, write_page
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.score import notes_on, seen_by, served
from dealml.learning.fitted import FittedModel
from dealml.learning.tables import View
from dealml.loading import load_model
from dealml.page import Curve, Quality, Review, Row, render
from dealml.page.rows import rows_of
from dealml.project import Project
from dealml.reasons.wording import wording_of
from dealml.scoring.score import Served, score


@dataclass(frozen=True)
class ReviewReport:
    """What was written."""

    entities: int
    subject: str
    as_of: datetime
    bytes: int
    notes: tuple[str, ...]


def write_review(
    project: Project, name: str, as_of: datetime | None, out: Path, version: int | None = None, progress: Progress = silent
) -> ReviewReport:
    """Write one self-contained HTML page, as of a moment; a cross-section has none.

    Raises
    ------
    UsageError, InputError
        When the file is not called .html, its folder does not exist, or the model completes another.
    """
    checked_page(out)
    spec = load_model(project.folder, name)
    spec.require_own_page()
    chosen = served(project, name, version)
    view = seen_by(chosen, project, spec, as_of)
    table = view.at_stake(within(progress, "features"))
    rows = _rows(project, view, table, chosen, progress)
    review = _review(project, view, chosen, rows)
    written = write_page(out, render(review))
    return ReviewReport(len(rows), review.subject_word, view.end, written, review.notes)


def _rows(project: Project, view: View, table: pd.DataFrame, chosen: Served, progress: Progress) -> tuple[Row, ...]:
    digest, wording = project.ledger.digest, wording_of(view.plan.features, project.settings.company.language)
    horizon = chosen.fitted.main_horizon
    scores = [
        row
        for batch in score(table, chosen, wording, digest, within(progress, "scores"))
        for row in batch.scores.to_pylist()
        if row["horizon_days"] == horizon
    ]
    features = {feature.name: feature for feature in view.plan.features}
    return rows_of(scores, table, view.spec.entity, view.spec.shown, features, project.settings.company.currency)


def _review(project: Project, view: View, chosen: Served, rows: tuple[Row, ...]) -> Review:
    model = chosen.fitted
    deals = model.entity == "deal_id"
    return Review(
        title=f"{project.settings.company.name}: {'open deals' if deals else 'customers at risk'}",
        model=model.name,
        model_version=str(chosen.version),
        rung=model.rung.name,
        as_of=view.end,
        horizon_days=model.main_horizon,
        trained_through=datetime.fromisoformat(model.trained_through),
        ledger_digest=project.ledger.digest,
        rows=rows,
        curve=_curve(model),
        quality=_quality(model),
        notes=notes_on(chosen, view),
        currency=project.settings.company.currency,
        subject_word="deal" if deals else "account",
        outcome_word="win" if deals else "leave",
    )


def _curve(model: FittedModel) -> Curve | None:
    return Curve(**{name: tuple(values) for name, values in model.held_out["curve"].items()}) if model.held_out else None


def _quality(model: FittedModel) -> tuple[Quality, ...]:
    found = model.held_out.get("metrics", {})
    return tuple((name.replace("_", " "), *values, METRICS[name].meaning) for name, values in found.items() if values[0] is not None)
