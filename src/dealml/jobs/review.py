"""Write the review page of what is at stake as of a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from dealml.evaluation.metrics import METRICS
from dealml.forecast.period import Period
from dealml.jobs.around import Around, Asked, around_accounts, around_deals
from dealml.jobs.files import checked_page, write_page
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.score import notes_on, seen_by, served
from dealml.jobs.train import registry_of
from dealml.learning.fitted import FittedModel
from dealml.learning.tables import View
from dealml.loading import load_model
from dealml.page import Curve, Quality, Review, Row, render
from dealml.page.rows import rows_of
from dealml.page.table_files import checked_tables, write_tables
from dealml.page.tables import tables_of
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
    gaps: Mapping[str, str]
    """What the page cannot show, and why."""
    files: tuple[Path, ...] = ()
    """Tables that were written beside it."""
    run_id: str = ""
    """The run in MLflow; empty where it was not tracked."""


def write_review(
    project: Project,
    name: str,
    as_of: datetime | None,
    out: Path,
    version: int | None = None,
    since: datetime | None = None,
    period: Period | None = None,
    version_before: int | None = None,
    tables: Path | None = None,
    track: bool = False,
    progress: Progress = silent,
) -> ReviewReport:
    """Write one self-contained HTML page, as of a moment; a cross-section has none.

    Parameters
    ----------
    since
        The last review: what changed since is told.
    period
        What is forecast; default the calendar quarter that the moment lies in.
    version_before
        The version of the last review's scores; default the same as of this one's.
    tables
        A workbook, or a folder for CSV files, with every table of the page.
    track
        Whether the page is kept in MLflow too.

    Raises
    ------
    UsageError, InputError
        When the file is not called .html, its folder does not exist, or the model completes another; when the period was over
        by the moment, or the last review was not before it.
    """
    checked_page(out)
    if tables:
        checked_tables(tables)
    review = review_of(project, name, as_of, version, since, period, version_before, progress)
    progress("page", 0, 1)
    page = render(review)
    files = write_tables(tables_of(review), tables, review.as_of) if tables else ()
    run_id = _tracked(project, review, page) if track else ""
    written = write_page(out, page)
    progress("page", 1, 1)
    return ReviewReport(len(review.rows), review.subject_word, review.as_of, written, review.notes, review.gaps, files, run_id)


def review_of(
    project: Project,
    name: str,
    as_of: datetime | None,
    version: int | None = None,
    since: datetime | None = None,
    period: Period | None = None,
    version_before: int | None = None,
    progress: Progress = silent,
) -> Review:
    """All that a review page shows; parameters and errors as for `write_review`."""
    spec = load_model(project.folder, name)
    spec.require_own_page()
    chosen = served(project, name, version)
    view = seen_by(chosen, project, spec, as_of)
    table = view.at_stake(within(progress, "features"))
    around = _around(Asked(project, name, view.end, version, since, version_before, period), view, progress)
    return _review(project, view, chosen, _rows(project, view, table, chosen, around, progress), around)


def _around(asked: Asked, view: View, progress: Progress) -> Around:
    if view.cross_section:
        return Around()
    return (around_deals if view.spec.entity == "deal_id" else around_accounts)(asked, progress)


def _rows(project: Project, view: View, table: pd.DataFrame, chosen: Served, around: Around, progress: Progress) -> tuple[Row, ...]:
    digest, wording = project.ledger.digest, wording_of(view.plan.features, project.settings.company.language)
    batches = score(table, chosen, wording, digest, within(progress, "scores"), (chosen.fitted.main_horizon,))
    scores = [row for batch in batches for row in batch.scores.to_pylist()]
    features = {feature.name: feature for feature in view.plan.features}
    rows = rows_of(scores, table, view.spec.entity, view.spec.shown, features, project.settings.company.currency)
    return tuple(replace(r, outlook=around.outlooks.get(r.entity_id), judgement=around.judged.get(r.entity_id)) for r in rows)


def _review(project: Project, view: View, chosen: Served, rows: tuple[Row, ...], around: Around) -> Review:
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
        forecast=around.forecast,
        movement=around.movement,
        metrics=around.metrics,
        metrics_of=around.metrics_of,
        renewals=around.renewals,
        gaps=around.gaps,
    )


def _tracked(project: Project, review: Review, page: str) -> str:
    """Keep the page as a run in MLflow, with the forecast's numbers; the run's id."""
    parameters = {
        "model": review.model,
        "model_version": review.model_version,
        "as_of": review.as_of.isoformat(),
        "ledger_digest": review.ledger_digest,
    }
    metrics = {"count.rows": float(len(review.rows))}
    if review.forecast:
        parameters["period"] = review.forecast.period.name
        metrics |= {f"forecast.{name}": value for name, value in vars(review.forecast.total).items()}
    return registry_of(project).log_report(f"{review.model} review", parameters, metrics, (), {"review.html": page})


def _curve(model: FittedModel) -> Curve | None:
    return Curve(**{name: tuple(values) for name, values in model.held_out["curve"].items()}) if model.held_out else None


def _quality(model: FittedModel) -> tuple[Quality, ...]:
    found = model.held_out.get("metrics", {})
    return tuple((name.replace("_", " "), *values, METRICS[name].meaning) for name, values in found.items() if values[0] is not None)
