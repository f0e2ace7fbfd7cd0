"""Write the review page of what is at stake as of a moment."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from dealml.errors import InputError, UsageError
from dealml.evaluation.metrics import METRICS
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.score import notes_on, served
from dealml.learning.fitted import FittedModel
from dealml.learning.tables import View
from dealml.loading import load_model
from dealml.page import Curve, Quality, Review, Row, render
from dealml.page.rows import rows_of
from dealml.project import Project
from dealml.scoring.reasons import meanings
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
    project: Project, name: str, as_of: datetime, out: Path, version: int | None = None, progress: Progress = silent
) -> ReviewReport:
    """Write one self-contained HTML page.

    Raises
    ------
    UsageError, InputError
        When the file is not called .html, or its folder does not exist.
    """
    if out.suffix != ".html":
        raise UsageError(f"{out}: end the file's name in .html")
    if not out.parent.is_dir():
        raise InputError(f"{out.parent}: no such folder; make it first")
    spec = load_model(project.folder, name)
    chosen = served(project, name, version)
    view = View.of(project.ledger, spec, as_of, project.limits)
    table = view.at_stake(within(progress, "features"))
    rows = _rows(project, view, table, chosen, progress)
    review = _review(project, view, chosen, rows)
    text = render(review).encode()
    _write(out, text)
    return ReviewReport(len(rows), review.subject_word, as_of, len(text), review.notes)


def _rows(project: Project, view: View, table: pd.DataFrame, chosen: Served, progress: Progress) -> tuple[Row, ...]:
    digest, says = project.ledger.digest, meanings(view.plan.features)
    horizon = chosen.fitted.main_horizon
    scores = [
        row
        for batch in score(table, chosen, says, digest, within(progress, "scores"))
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
        notes=notes_on(chosen, view.end),
        currency=project.settings.company.currency,
        subject_word="deal" if deals else "account",
        outcome_word="win" if deals else "leave",
    )


def _curve(model: FittedModel) -> Curve | None:
    return Curve(**{name: tuple(values) for name, values in model.held_out["curve"].items()}) if model.held_out else None


def _quality(model: FittedModel) -> tuple[Quality, ...]:
    found = model.held_out.get("metrics", {})
    return tuple((name.replace("_", " "), *values, METRICS[name].meaning) for name, values in found.items() if values[0] is not None)


def _write(out: Path, text: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        Path(name).chmod(0o644)
        os.replace(name, out)
    finally:
        Path(name).unlink(missing_ok=True)
