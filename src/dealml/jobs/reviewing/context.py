"""Resolve a review's request, once, into everything that its sections are computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dealml.errors import InputError, ModelError
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.jobs.absent import MissingPiece
from dealml.jobs.choosing.stored_scenarios import Matches, stored_matches
from dealml.jobs.explaining.backing import SettledPast
from dealml.jobs.explaining.score_changes import compare_populations
from dealml.jobs.forecasting.customers import CustomerBase, churn_base, customer_base
from dealml.jobs.forecasting.forecast import ForecastContext, forecast_context, require_ahead
from dealml.jobs.progress import Progress
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.waterfall import WaterfallContext, require_moments
from dealml.jobs.scoring.population import ScoringPopulation, scoring_population
from dealml.jobs.scoring.requirements import ledger_end, require_win_model
from dealml.judgement.override import StoredOverride, in_force
from dealml.judgement.store import stored_overrides
from dealml.learning.outcomes.of_accounts import Cancelled
from dealml.learning.outcomes.of_leads import LeadOutcome
from dealml.learning.spec import Model
from dealml.load_definitions import load_model
from dealml.period import Period
from dealml.reasons.wording import wording_of

Piece = TypeVar("Piece")

NO_EARLIER_REVIEW = "no earlier review was named; give its date with --from DATE, and what changed since stands here"


@dataclass(frozen=True, eq=False)
class DealReviewContext:
    """The inputs of all sections of a review of open deals; where an input is absent, so is its section."""

    period: Period
    overrides: list[StoredOverride]
    """Those in force at the moment."""
    waterfall: WaterfallContext | MissingPiece
    forecast: ForecastContext | MissingPiece


@dataclass(frozen=True, eq=False)
class ReviewContext:
    """The inputs of a review, apart from those that the background thread computes."""

    company: str
    currency: str
    language: str
    ledger_digest: str
    population: ScoringPopulation
    deals: DealReviewContext | None = None
    """None for accounts, and in a cross-section."""
    customers: CustomerBase | MissingPiece | None = None
    """The customer base of a review of accounts; None where the review is of deals, or of a cross-section."""
    past: SettledPast | None = None
    """The evidence for the reasons of leads; None where the review is of others."""
    scenarios: Matches = field(default_factory=dict)
    """The stored win scenarios of each deal or lead, by its id."""


def load_review_model(request: ReviewRequest) -> Model:
    """The specification of the model that is reviewed.

    Raises
    ------
    UsageError, InputError
        When it completes another model, or the ledger is empty.
    """
    spec = load_model(request.project.folder, request.model)
    spec.require_own_page()
    request.project.ledger.require_facts()
    return spec


def dated_request(request: ReviewRequest, spec: Model) -> ReviewRequest:
    """The request of a review of deals with its moment, by default the end of the data.

    Raises
    ------
    UsageError
        When the period was over by the moment, the last review was not before it, or the model cannot tell what changed since.
    """
    dated = replace(request, as_of=request.as_of or ledger_end(request.project.ledger, request.project.query_settings))
    if dated.since:
        require_moments(dated.since, dated.at, dated.over)
        require_win_model(spec)
    require_ahead(dated.over, dated.at)
    return dated


def resolve_deals(request: ReviewRequest, progress: Progress) -> ReviewContext:
    """The context of a review of open deals; `request` has its moment.

    Raises
    ------
    InputError, ModelError
        As for `scoring_population`.
    """
    project, moment, period, company = request.project, request.at, request.over, request.project.settings.company
    view, population = scoring_population(project, request.model, moment, request.version, progress, request.since, request.version_before)
    folder, ledger, currency = project.folder, project.ledger, company.currency
    past = DealsAsOf.of(ledger, moment, currency, project.query_settings) if request.since else None
    deals = DealReviewContext(
        period=period,
        overrides=in_force(stored_overrides(project.scores_url, request.model, project.calendar.zone), moment),
        waterfall=_or_absent(lambda: _waterfall(population, period, past, company.language)),
        forecast=_or_absent(lambda: forecast_context(view, population, period, currency, folder, ledger)),
    )
    matches = stored_matches(folder, population.table, "deal_id", moment)
    return ReviewContext(company.name, currency, company.language, ledger.digest, population, deals, scenarios=matches)


def resolve_population(request: ReviewRequest, progress: Progress) -> ReviewContext:
    """The context of a review of accounts or leads, or of a cross-section.

    Raises
    ------
    InputError, ModelError
        As for `scoring_population`.
    """
    project, company = request.project, request.project.settings.company
    view, population = scoring_population(project, request.model, request.as_of, request.version, progress)
    if isinstance(view.outcome, LeadOutcome):
        past = SettledPast.of(view, population.served.fitted, wording_of(population.features, company.language), progress)
        matches = stored_matches(project.folder, population.table, "lead_id", view.end)
        return ReviewContext(
            company.name, company.currency, company.language, project.ledger.digest, population, past=past, scenarios=matches
        )
    customers: CustomerBase | MissingPiece | None = None
    if isinstance(view.outcome, Cancelled) and not view.cross_section:
        customers = customer_base(view, population, DealsAsOf.of(project.ledger, view.end, company.currency, project.query_settings))
    elif not view.cross_section:
        customers = churn_base(project, view.end, progress=progress)
    return ReviewContext(company.name, company.currency, company.language, project.ledger.digest, population, customers=customers)


def _or_absent(resolve: Callable[[], Piece]) -> Piece | MissingPiece:
    """A piece, or why it cannot be resolved."""
    try:
        return resolve()
    except (InputError, ModelError) as error:
        return MissingPiece(str(error))


def _waterfall(population: ScoringPopulation, period: Period, past: DealsAsOf | None, language: str) -> WaterfallContext:
    if past is None:
        raise InputError(NO_EARLIER_REVIEW)
    return WaterfallContext(period, compare_populations(population, language), past)
