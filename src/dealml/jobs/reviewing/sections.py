"""The sections around the list of a review, each a pure function of its context, or the reason why it is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from dealml.errors import InputError, ModelError
from dealml.forecast.customers.renewals import RenewalMonth
from dealml.forecast.labels import period
from dealml.forecast.period_forecast import OverriddenInputs
from dealml.forecast.result import Forecast
from dealml.forecast.waterfall.result import Movement
from dealml.formatting import day
from dealml.jobs.absent import MissingPiece
from dealml.jobs.forecasting.close_dates import close_dates_of
from dealml.jobs.forecasting.customers import CustomerBase, renewals
from dealml.jobs.forecasting.forecast import ForecastRun, forecast_of
from dealml.jobs.progress import Progress, silent
from dealml.jobs.reviewing.background import BackgroundSections
from dealml.jobs.reviewing.context import DealReviewContext, ReviewContext
from dealml.jobs.reviewing.waterfall import waterfall_of
from dealml.jobs.sales_metrics import TREND_PERIODS
from dealml.jobs.scoring.population import ScoringPopulation
from dealml.judgement.override import StoredOverride
from dealml.page.review.annotations import CloseDateNote, OverrideNote
from dealml.page.review.metrics import MetricLine, RenewalLine
from dealml.period import Period

Piece = TypeVar("Piece")
Section = TypeVar("Section")


@dataclass(frozen=True)
class ReviewSections:
    """The sections of a review around its list; `gaps` gives the reason for each that is missing."""

    forecast_run: ForecastRun | None = None
    movement: Movement | None = None
    metrics: tuple[MetricLine, ...] = ()
    metrics_of: str = ""
    renewals: tuple[RenewalLine, ...] = ()
    outlooks: Mapping[str, CloseDateNote] = field(default_factory=dict)
    judged: Mapping[str, OverrideNote] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(default_factory=dict)

    @property
    def forecast(self) -> Forecast | None:
        """The money of the period."""
        return self.forecast_run.forecast if self.forecast_run else None


def sections_of(context: ReviewContext, background: BackgroundSections | None = None, progress: Progress = silent) -> ReviewSections:
    """The sections of a context; `background` computes some of those of a review of deals."""
    if context.deals and background:
        return _deal_sections(context.population, context.deals, context.currency, background, progress)
    return ReviewSections(renewals=_renewals(context.customers)) if context.customers else ReviewSections()


def _deal_sections(
    population: ScoringPopulation, deals: DealReviewContext, currency: str, background: BackgroundSections, progress: Progress
) -> ReviewSections:
    """The waterfall comes first: it needs nothing of the background thread, which works meanwhile."""
    gaps: dict[str, str] = {}
    judged = people_numbers(deals.period, deals.overrides)
    waterfall = _or_gap(gaps, "movement", deals.waterfall, lambda context: waterfall_of(context, progress))
    customers = background.customers.result()
    forecast = _or_gap(gaps, "forecast", deals.forecast, lambda context: forecast_of(context, customers, judged, progress))
    return ReviewSections(
        renewals=_renewals(customers),
        forecast_run=forecast,
        movement=waterfall,
        metrics=_or_gap(gaps, "metrics", background.metrics, lambda metrics: metrics.result()) or (),
        metrics_of=_metrics_title(population.as_of),
        outlooks=_or_gap(gaps, "outlook", population, lambda population: _outlooks(population, currency)) or {},
        judged=judged_by_deal(deals.overrides),
        gaps=gaps | _missing_parts(forecast),
    )


def people_numbers(period: Period, overrides: list[StoredOverride]) -> dict[str, OverriddenInputs]:
    """The overrides of this very period: by deal a probability, an amount, or both."""
    of_period = [stored.override for stored in overrides if stored.override.until == period.end]
    numbers = {
        override.deal_id: OverriddenInputs(override.probability, _float(override.amount), override.currency) for override in of_period
    }
    return {deal: number for deal, number in numbers.items() if number.probability is not None or number.amount is not None}


def judged_by_deal(overrides: list[StoredOverride]) -> dict[str, OverrideNote]:
    """People's judgements by deal; where a deal has several for different dates, the one with the nearest."""
    by_date = sorted((stored.override for stored in overrides), key=lambda override: override.until, reverse=True)
    return {
        entry.deal_id: OverrideNote(entry.who, entry.why, entry.made_at, entry.probability, entry.amount, entry.close_date, entry.currency)
        for entry in by_date
    }


def _or_gap(gaps: dict[str, str], name: str, piece: Piece | MissingPiece, make: Callable[[Piece], Section]) -> Section | None:
    """A section; where its piece is absent or it cannot be made, None, and the reason goes into `gaps`."""
    if isinstance(piece, MissingPiece):
        gaps[name] = " ".join(piece.reason.split())
        return None
    try:
        return make(piece)
    except (InputError, ModelError) as error:
        gaps[name] = " ".join(str(error).split())
        return None


def _renewals(customers: CustomerBase | MissingPiece) -> tuple[RenewalLine, ...]:
    return () if isinstance(customers, MissingPiece) else tuple(map(_month, renewals(customers)))


def _month(month: RenewalMonth) -> RenewalLine:
    arr, lost = (Decimal(cents).scaleb(-2) for cents in (month.arr, month.expected_lost))
    return RenewalLine(month.month.start.date(), month.accounts, arr, lost)


def _metrics_title(as_of: datetime) -> str:
    quarter = Period.around(as_of).previous
    return f"{period(quarter)}, the last whole quarter, as known on {day(as_of)}. Lines lead to it from the {TREND_PERIODS - 1} before."


def _outlooks(population: ScoringPopulation, currency: str) -> dict[str, CloseDateNote]:
    deals = close_dates_of(population, currency).deals
    return {deal.deal_id: CloseDateNote(deal.expected, deal.early, deal.late, deal.slips) for deal in deals}


def _missing_parts(forecast: ForecastRun | None) -> dict[str, str]:
    """Why parts of a forecast that was made are missing."""
    if forecast is None or forecast.forecast.accuracy is not None:
        return {}
    kind = forecast.forecast.period.kind
    return {"track": f"no past forecasts were measured yet; do so with: dealml forecast-backtest --period-kind {kind}"}


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
