"""What stands around the list of a review: forecast, what changed, outlooks, judgements, metrics, renewals; or why one is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from dealml.errors import InputError, ModelError, UsageError
from dealml.forecast.customers.renewals import RenewalMonth
from dealml.forecast.labels import period
from dealml.forecast.period_forecast import OverriddenInputs
from dealml.forecast.result import Forecast
from dealml.forecast.waterfall.result import Movement
from dealml.formatting import day
from dealml.jobs.forecasting.base import base_of
from dealml.jobs.forecasting.close_dates import forecast_close_dates
from dealml.jobs.forecasting.forecast import ForecastRun, run_forecast
from dealml.jobs.forecasting.renewals import renewals
from dealml.jobs.overrides.record import overrides_as_of
from dealml.jobs.progress import Progress
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.waterfall import pipeline_waterfall
from dealml.jobs.sales_metrics import TREND_PERIODS, trend
from dealml.jobs.scoring.population import ScoringPopulation
from dealml.judgement.override import StoredOverride
from dealml.learning.outcomes import Cancelled
from dealml.page.review.annotations import CloseDateNote, OverrideNote
from dealml.page.review.metrics import MetricLine, RenewalLine
from dealml.period import Period
from dealml.project import Project
from dealml.sales_metrics import METRICS, Value
from dealml.sales_metrics.labels import shown

Made = TypeVar("Made")


@dataclass(frozen=True)
class ReviewSections:
    """The parts of a review beside its list; `gaps` says of those that are missing why."""

    foreseen: ForecastRun | None = None
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
        return self.foreseen.forecast if self.foreseen else None


@dataclass(frozen=True)
class BackgroundSections:
    """What is told of customers and metrics, by connections of their own on a core that the rest, mostly Python, leaves idle."""

    customers: Future[tuple[ScoringPopulation | None, str]]
    metrics: Future[tuple[MetricLine, ...]]

    @classmethod
    @contextmanager
    def started(cls, asked: ReviewRequest) -> Iterator[BackgroundSections]:
        """Begin to tell it; what nobody waits for in the end is not begun."""
        second = ThreadPoolExecutor(1, thread_name_prefix="meanwhile")
        try:
            yield cls(second.submit(base_of, asked.project, asked.at), second.submit(_metrics, asked))
        finally:
            second.shutdown(cancel_futures=True)


def deal_sections(asked: ReviewRequest, stake: ScoringPopulation, meanwhile: BackgroundSections, progress: Progress) -> ReviewSections:
    """All that stands around open deals.

    Raises
    ------
    UsageError
        When the period was over by the moment, or the last review was not before it.
    """
    gaps: dict[str, str] = {}
    kept = overrides_as_of(asked.project, asked.at, asked.model)
    moved = _or_gap(gaps, "movement", lambda: _movement(asked, stake, progress))
    base = meanwhile.customers.result()
    told = _or_gap(gaps, "forecast", lambda: _forecast(asked, stake, base, kept, progress))
    return ReviewSections(
        renewals=_renewals(asked.project, base[0]),
        foreseen=told,
        movement=moved,
        metrics=_or_gap(gaps, "metrics", meanwhile.metrics.result) or (),
        metrics_of=_metrics_of(asked),
        outlooks=_or_gap(gaps, "outlook", lambda: _outlooks(asked, stake, progress)) or {},
        judged=judged_by_deal(kept),
        gaps=gaps | _missing_parts(told),
    )


def account_sections(asked: ReviewRequest, stake: ScoringPopulation, progress: Progress) -> ReviewSections:
    """All that stands around accounts."""
    told = isinstance(stake.view.outcome, Cancelled)
    return ReviewSections(renewals=_renewals(asked.project, stake if told else base_of(asked.project, asked.at, progress=progress)[0]))


def _renewals(project: Project, base: ScoringPopulation | None) -> tuple[RenewalLine, ...]:
    return tuple(map(_month, renewals(project, base))) if base else ()


def _month(found: RenewalMonth) -> RenewalLine:
    arr, lost = (Decimal(cents).scaleb(-2) for cents in (found.arr, found.expected_lost))
    return RenewalLine(found.month.start.date(), found.accounts, arr, lost)


def _or_gap(gaps: dict[str, str], section: str, make: Callable[[], Made]) -> Made | None:
    """A part of the review; what keeps it from being made is told in its place."""
    try:
        return make()
    except (InputError, ModelError) as error:
        gaps[section] = " ".join(str(error).split())
        return None


def _forecast(
    asked: ReviewRequest,
    stake: ScoringPopulation,
    base: tuple[ScoringPopulation | None, str],
    kept: list[StoredOverride],
    progress: Progress,
) -> ForecastRun:
    said = said_of(asked.over, kept)
    return run_forecast(asked.project, asked.at, asked.over, asked.model, asked.version, said, progress, stake, base)


def said_of(period: Period, kept: list[StoredOverride]) -> dict[str, OverriddenInputs]:
    """What people said of this very period: by deal a probability, an amount, or both."""
    said = [one.override for one in kept if one.override.until == period.end]
    numbers = {one.deal_id: OverriddenInputs(one.probability, _number(one.amount), one.currency) for one in said}
    return {deal: own for deal, own in numbers.items() if own.probability is not None or own.amount is not None}


def _movement(asked: ReviewRequest, stake: ScoringPopulation, progress: Progress) -> Movement:
    if asked.since is None:
        raise InputError("no earlier review was named; give its date with --from DATE, and what changed since stands here")
    return pipeline_waterfall(
        asked.project, asked.since, asked.at, asked.over, asked.model, asked.version, asked.version_before, progress, stake
    )


def _metrics(asked: ReviewRequest) -> tuple[MetricLine, ...]:
    """Of the last whole quarter, with those before it."""
    whole = Period.around(asked.at).previous
    try:
        found = trend(asked.project, whole.start, whole.end, TREND_PERIODS, as_of=asked.at)
    except UsageError as error:  # data that end before the quarter: nothing that the caller could mend
        raise InputError(str(error).removeprefix("--to ")) from error
    return tuple(_line(found.of(latest.metric, item=latest.item)) for latest in found.values if latest.period == found.periods[-1])


def _metrics_of(asked: ReviewRequest) -> str:
    whole = Period.around(asked.at).previous
    return f"{period(whole)}, the last whole quarter, as known on {day(asked.at)}. Lines lead to it from the {TREND_PERIODS - 1} before."


def _line(values: list[Value]) -> MetricLine:
    """One metric, its values in the order of time."""
    latest, metric = values[-1], METRICS[values[-1].metric]
    return MetricLine(
        title=f"{metric.title}: {latest.item}" if latest.item else metric.title,
        unit=latest.unit,
        value="" if latest.value is None else shown(latest),
        why_absent=latest.reason,
        trend=tuple(value.value for value in values),
        formula="" if latest.item else metric.formula.replace("`", ""),
        number=latest.value,
    )


def _outlooks(asked: ReviewRequest, stake: ScoringPopulation, progress: Progress) -> dict[str, CloseDateNote]:
    found = forecast_close_dates(asked.project, asked.at, name=asked.model, progress=progress, stake=stake)
    return {one.deal_id: CloseDateNote(one.expected, one.early, one.late, one.slips) for one in found.deals}


def judged_by_deal(kept: list[StoredOverride]) -> dict[str, OverrideNote]:
    """What people said of each deal; of several dates the one that is nearest."""
    by_date = sorted((one.override for one in kept), key=lambda said: said.until, reverse=True)
    return {
        one.deal_id: OverrideNote(one.who, one.why, one.made_at, one.probability, one.amount, one.close_date, one.currency)
        for one in by_date
    }


def _missing_parts(found: ForecastRun | None) -> dict[str, str]:
    """Why parts of a forecast that was made are missing."""
    if found is None or found.forecast.track is not None:
        return {}
    kind = found.forecast.period.kind
    return {"track": f"no past forecasts were measured yet; do so with: dealml forecast-backtest --period-kind {kind}"}


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
