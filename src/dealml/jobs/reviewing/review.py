"""Write the review page of open deals or active accounts as of a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dealml.evaluation.metrics.metrics import METRICS
from dealml.files import checked_page, write_page
from dealml.jobs.explaining.backing import SettledPast
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.registry import registry_of
from dealml.jobs.reviewing.background import BackgroundSections
from dealml.jobs.reviewing.context import ReviewContext, dated_request, load_review_model, resolve_deals, resolve_population
from dealml.jobs.reviewing.lead_scores import backed_scores
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.sections import ReviewSections, sections_of
from dealml.jobs.scoring.population import ScoringPopulation
from dealml.learning.fitted import FittedModel
from dealml.learning.outcomes.outcome import outcome_word
from dealml.ledger.entities import ENTITIES
from dealml.page import Quality, ReliabilityCurve, Review, Row
from dealml.page.exports.review_tables import tables_of
from dealml.page.exports.write import checked_tables, write_tables
from dealml.page.review.render import render
from dealml.page.review.rows import rows_of
from dealml.project import Project
from dealml.reasons.wording import wording_of
from dealml.scenarios.wording import scenario_sentences
from dealml.scoring.score import score


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
    """The files of its tables."""
    run_id: str = ""
    """The run in MLflow; empty where it was not tracked."""


def write_review(
    request: ReviewRequest, out: Path, tables: Path | None = None, track: bool = False, progress: Progress = silent
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
    review, _ = build_review(request, progress)
    progress("page", 0, 1)
    page = render(review)
    files = write_tables(tables_of(review), tables, review.as_of) if tables else ()
    run_id = _tracked(request.project, review, page) if track else ""
    written = write_page(out, page)
    progress("page", 1, 1)
    return ReviewReport(len(review.rows), review.subject_word, review.as_of, written, review.notes, review.gaps, files, run_id)


def build_review(request: ReviewRequest, progress: Progress = silent) -> tuple[Review, ReviewSections]:
    """Everything that a review page shows, and the sections around its list; errors as for `write_review`."""
    spec = load_review_model(request)
    if spec.entity != "deal_id" or request.project.ledger.is_cross_section:
        return review_of(resolve_population(request, progress), progress=progress)
    dated = dated_request(request, spec)
    with BackgroundSections.started(dated.project, dated.at, dated.over) as background:
        return review_of(resolve_deals(dated, progress), background, progress)


def review_of(
    context: ReviewContext, background: BackgroundSections | None = None, progress: Progress = silent
) -> tuple[Review, ReviewSections]:
    """The content of the page, made of a context alone, and the sections around its list.

    Parameters
    ----------
    background
        What the background thread computes for a review of deals.
    """
    sections = sections_of(context, background, progress)
    population = context.population
    rows = scored_rows(population, context.currency, context.language, context.ledger_digest, context.past, progress)
    model, matches = population.served.fitted, context.scenarios
    entity = ENTITIES[model.entity]
    review = Review(
        title=f"{context.company}: {entity.population}",
        model=model.name,
        model_version=str(population.served.version),
        rung=model.rung.name,
        as_of=population.as_of,
        horizon_days=model.main_horizon,
        trained_through=datetime.fromisoformat(model.trained_through),
        ledger_digest=context.ledger_digest,
        rows=tuple(
            replace(
                row,
                close_date_note=sections.outlooks.get(row.entity_id),
                override_note=sections.judged.get(row.entity_id),
                scenarios=scenario_sentences(matches.get(row.entity_id, ())),
            )
            for row in rows
        ),
        curve=_curve(model),
        quality=_quality(model),
        notes=population.notes,
        currency=context.currency,
        subject_word=entity.word,
        outcome_word=outcome_word(model.entity, model.outcome_name),
        forecast=sections.forecast,
        movement=sections.movement,
        metrics=sections.metrics,
        metrics_of=sections.metrics_of,
        renewals=sections.renewals,
        gaps=sections.gaps,
    )
    return review, sections


def scored_rows(
    population: ScoringPopulation,
    currency: str,
    language: str,
    ledger_digest: str,
    past: SettledPast | None = None,
    progress: Progress = silent,
) -> tuple[Row, ...]:
    """The list of a review: a row for each entity, scored at the main horizon, with its reasons; from a past also their evidence."""
    served, table, spec, wording = population.served, population.table, population.spec, wording_of(population.features, language)
    batches = score(table, served, wording, ledger_digest, within(progress, "scores"), (served.fitted.main_horizon,))
    scores = [row for batch in batches for row in batch.scores.to_pylist()]
    if past:
        scores = backed_scores(scores, population, past)
    features = {feature.name: feature for feature in population.features}
    return rows_of(scores, table, spec.entity, spec.shown, features, currency)


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
    metrics = model.held_out.get("metrics", {})
    return tuple((name.replace("_", " "), *values, METRICS[name].meaning) for name, values in metrics.items() if values[0] is not None)
