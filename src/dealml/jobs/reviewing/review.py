"""Write the review page of what is at stake as of a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dealml.evaluation.metrics.metrics import METRICS
from dealml.files import checked_page, write_page
from dealml.jobs.overrides.model_numbers import ledger_end
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.registry import registry_of
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.sections import BackgroundSections, ReviewSections, account_sections, deal_sections
from dealml.jobs.reviewing.waterfall import require_moments
from dealml.jobs.scoring.population import ScoringPopulation, scoring_population
from dealml.jobs.scoring.served_models import notes_for_scores
from dealml.learning.fitted import FittedModel
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.page import Quality, ReliabilityCurve, Review, Row
from dealml.page.exports.review_tables import tables_of
from dealml.page.exports.write import checked_tables, write_tables
from dealml.page.review.render import render
from dealml.page.review.rows import rows_of
from dealml.project import Project
from dealml.reasons.wording import wording_of
from dealml.scoring.score import ServedModel, score


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
    asked: ReviewRequest, out: Path, tables: Path | None = None, track: bool = False, progress: Progress = silent
) -> ReviewReport:
    """Write one self-contained HTML page.

    Parameters
    ----------
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
    review, _ = build_review(asked, progress)
    progress("page", 0, 1)
    page = render(review)
    files = write_tables(tables_of(review), tables, review.as_of) if tables else ()
    run_id = _tracked(asked.project, review, page) if track else ""
    written = write_page(out, page)
    progress("page", 1, 1)
    return ReviewReport(len(review.rows), review.subject_word, review.as_of, written, review.notes, review.gaps, files, run_id)


def build_review(asked: ReviewRequest, progress: Progress = silent) -> tuple[Review, ReviewSections]:
    """All that a review page shows, and what stands around its list; errors as for `write_review`."""
    spec = load_model(asked.project.folder, asked.model)
    spec.require_own_page()
    asked.project.ledger.require_facts()
    if asked.project.ledger.is_cross_section:
        stake, around = _stake(asked, progress), ReviewSections()
    elif spec.entity == "deal_id":
        stake, around = _deals(asked, progress)
    else:
        stake = _stake(asked, progress)
        around = account_sections(replace(asked, as_of=stake.view.end), stake, progress)
    return _review(asked.project, stake.view, stake.chosen, _rows(asked.project, stake, around, progress), around), around


def _stake(asked: ReviewRequest, progress: Progress, since: datetime | None = None) -> ScoringPopulation:
    return scoring_population(asked.project, asked.model, asked.as_of, asked.version, progress, since)


def _deals(asked: ReviewRequest, progress: Progress) -> tuple[ScoringPopulation, ReviewSections]:
    dated = replace(asked, as_of=asked.as_of or ledger_end(asked.project))
    if dated.since:
        require_moments(dated.project, dated.since, dated.at, dated.over, dated.model)
    with BackgroundSections.started(dated) as meanwhile:
        stake = _stake(dated, progress, dated.since)
        return stake, deal_sections(dated, stake, meanwhile, progress)


def _rows(project: Project, stake: ScoringPopulation, around: ReviewSections, progress: Progress) -> tuple[Row, ...]:
    view, chosen, table = stake.view, stake.chosen, stake.table
    digest, wording = project.ledger.digest, wording_of(view.plan.features, project.settings.company.language)
    batches = score(table, chosen, wording, digest, within(progress, "scores"), (chosen.fitted.main_horizon,))
    scores = [row for batch in batches for row in batch.scores.to_pylist()]
    features = {feature.name: feature for feature in view.plan.features}
    rows = rows_of(scores, table, view.spec.entity, view.spec.shown, features, project.settings.company.currency)
    return tuple(replace(r, outlook=around.outlooks.get(r.entity_id), judgement=around.judged.get(r.entity_id)) for r in rows)


def _review(project: Project, view: View, chosen: ServedModel, rows: tuple[Row, ...], around: ReviewSections) -> Review:
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
        notes=notes_for_scores(chosen, view),
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


def _curve(model: FittedModel) -> ReliabilityCurve | None:
    return ReliabilityCurve(**{name: tuple(values) for name, values in model.held_out["curve"].items()}) if model.held_out else None


def _quality(model: FittedModel) -> tuple[Quality, ...]:
    found = model.held_out.get("metrics", {})
    return tuple((name.replace("_", " "), *values, METRICS[name].meaning) for name, values in found.items() if values[0] is not None)
