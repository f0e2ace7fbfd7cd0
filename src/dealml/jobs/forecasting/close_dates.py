"""When open deals end, and how: won, lost or open by a date, the expected close, the chance to slip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dealml.errors import InputError, UsageError
from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.time_to_close import Closing, CrmCloseDates, Floats, closing_of, crm_dates, slip_chances
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import ScoringPopulation, scoring_population
from dealml.jobs.scoring.requirements import first_deal_model, load_win_model, require_dated
from dealml.learning.spec import Shown
from dealml.moments import date_after
from dealml.page.review.rows import facts_of, money_of, text_of
from dealml.project import Project
from dealml.scoring.export import check_destination, write_table

MOST_DAYS = 3_650
"""An end farther away than ten years is no date that anybody expects."""


@dataclass(frozen=True)
class Chances:
    """A deal's probabilities at a future moment; lost and open are None without a model of losses."""

    won: float
    lost: float | None
    open: float | None


@dataclass(frozen=True)
class CloseForecast:
    """When an open deal is expected to close, and how."""

    deal_id: str
    name: str
    account: str
    stage: str
    amount: float | None
    currency: str
    by: Chances
    """At the date that was asked for."""
    close_date: date | None
    """The CRM's."""
    at_close: Chances | None
    """When that date is over; None where there is none, or it has passed."""
    slips: float | None
    """The probability of being still open when that date is over; 1 where it has passed, None where it is not known."""
    slipped: bool
    """Whether it has passed."""
    expected: date | None
    """The day by which it is closed, won or lost, as likely as not; None where that is more than ten years away or not known."""
    early: date | None
    """The day by which it is closed with 10 %."""
    late: date | None
    """The day by which it is closed with 90 %."""


@dataclass(frozen=True)
class CloseForecasts:
    """The open deals as of a moment."""

    as_of: datetime
    by: datetime
    days: float
    """From the one to the other."""
    model: str
    version: int
    completed_by: str | None
    """The model of losing; None where there is none, or it has no champion."""
    deals: tuple[CloseForecast, ...]
    notes: tuple[str, ...]


def forecast_close_dates(
    project: Project,
    as_of: datetime | None,
    by: datetime | None = None,
    deal: str | None = None,
    name: str | None = None,
    out: Path | None = None,
    progress: Progress = silent,
) -> CloseForecasts:
    """When all open deals, or one of them, are expected to close, as of a moment.

    Parameters
    ----------
    by
        The moment to come at which the probabilities of won, lost and open are given; without it, the main horizon.
    name
        The win model; without it, the first model of deals that completes no other.
    out
        A file for the table, Parquet or CSV.

    Raises
    ------
    UsageError, InputError
        When the moment is not to come, the deal is not open, the ledger has no dates, or the file cannot be written.
    ModelError
        When the win model was not trained.
    """
    if out is not None:
        check_destination(out)
    require_dated(project, "it cannot tell when anything ends")
    if as_of is not None and by is not None and by <= as_of:
        raise UsageError(f"--by: {by:%Y-%m-%d %H:%M} is not after {as_of:%Y-%m-%d %H:%M %Z}; give a date to come")
    spec = load_win_model(project, name or first_deal_model(project))
    _, population = scoring_population(project, spec.name, as_of, progress=progress)
    forecasts = close_dates_of(population if deal is None else _one_deal(population, deal), project.settings.company.currency, by)
    if out is not None:
        write_table(out, TABLE, [table_of(forecasts)])
    return forecasts


def close_dates_of(population: ScoringPopulation, currency: str, by: datetime | None = None) -> CloseForecasts:
    """The close forecasts of a scoring population of deals; `by` as for `forecast_close_dates`."""
    curves, win, as_of, shown = population.curves, population.served.fitted, population.as_of, population.spec.shown
    until = by or as_of + timedelta(days=win.main_horizon)
    days, last = (until - as_of) / timedelta(days=1), curves.horizons[-1]
    far = (f"past {last:.0f} days deals are taken to end at the pace of the days before: nothing was learned there",) if days > last else ()
    ends = _ends(curves, crm_dates(population.table, shown.ends_in_days), days, as_of)
    facts = facts_of(population.table, "deal_id", shown)
    deals = tuple(CloseForecast(**_about(deal, shown, currency), **end) for deal, end in zip(facts, ends, strict=True))
    why_no_loss = population.why_no_loss
    missing = (f"nothing is told of losing, nor of when a deal closes: {why_no_loss}",) if why_no_loss else ()
    loss = population.loss.fitted.name if population.loss else None
    return CloseForecasts(as_of, until, days, win.name, population.served.version, loss, deals, (*population.notes, *missing, *far))


def _one_deal(population: ScoringPopulation, deal: str) -> ScoringPopulation:
    row = population.table[population.table["deal_id"] == deal].reset_index(drop=True)
    if not len(row):
        raise InputError(f"{deal}: no open deal at {population.as_of:%Y-%m-%d %H:%M}; is the id right, and the date within its life?")
    return replace(population, table=row)


def _about(facts: dict[str, Any], shown: Shown, currency: str) -> dict[str, Any]:
    texts = {name: text_of(facts, getattr(shown, name)) for name in ("name", "account", "stage")}
    amount, unit = money_of(facts, shown, currency)
    return {"deal_id": str(facts["deal_id"])} | texts | {"amount": None if amount is None else float(amount), "currency": unit}


def _ends(curves: IncidenceCurves, dates: CrmCloseDates, days: float, as_of: datetime) -> list[dict[str, Any]]:
    """Of each deal what follows from its curve and its close date."""
    ahead = np.where(dates.has_date, np.maximum(dates.days, 0.0), 0.0)
    by, at_close = (_chances(curves, moment) for moment in (np.full(len(ahead), days), ahead))
    has_losses, closing, slips = curves.lost is not None, closing_of(curves), slip_chances(curves, dates)
    return [
        {
            "by": by[row],
            "close_date": _close_date(float(dates.days[row]), as_of),
            "at_close": at_close[row] if dates.has_date[row] and not dates.passed[row] else None,
            "slips": float(slips[row]) if dates.passed[row] or (has_losses and dates.has_date[row]) else None,
            "slipped": bool(dates.passed[row]),
            **_days_of(closing, row, as_of),
        }
        for row in range(len(ahead))
    ]


def _chances(curves: IncidenceCurves, days: Floats) -> list[Chances]:
    won = curves.won_by(days).tolist()
    if curves.lost is None:
        return [Chances(p, None, None) for p in won]
    lost, open_ = curves.lost_by(days).tolist(), curves.open_at(days).tolist()
    return [Chances(*three) for three in zip(won, lost, open_, strict=True)]


def _days_of(closing: Closing, row: int, as_of: datetime) -> dict[str, date | None]:
    names = {"early": closing.early, "expected": closing.middle, "late": closing.late}
    return {name: _date(float(days[row]), as_of) for name, days in names.items()}


def _date(days: float, as_of: datetime) -> date | None:
    return date_after(as_of, days) if days <= MOST_DAYS else None


def _close_date(days_to_its_end: float, as_of: datetime) -> date | None:
    """The date that is over in that many days; None where there is none, or no calendar holds it."""
    return date_after(as_of - timedelta(microseconds=1), days_to_its_end)


_CHANCES = [(name, pa.float64()) for name in ("won", "lost", "open")]
TABLE = pa.schema(
    [
        *((name, pa.string()) for name in ("deal_id", "name", "account", "stage")),
        ("amount", pa.float64()),
        ("currency", pa.string()),
        ("as_of", pa.timestamp("us", tz="UTC")),
        ("by", pa.timestamp("us", tz="UTC")),
        *_CHANCES,
        ("close_date", pa.date32()),
        *((f"{name}_at_close", kind) for name, kind in _CHANCES),
        ("slips", pa.float64()),
        ("slipped", pa.bool_()),
        *((f"{name}_close", pa.date32()) for name in ("expected", "early", "late")),
    ]
)
"""Columns of the file: a row for each deal."""


def table_of(forecasts: CloseForecasts) -> pa.Table:
    """The outlooks as a table of the schema `TABLE`."""
    rows = [_row(forecast) | {"as_of": forecasts.as_of, "by": forecasts.by} for forecast in forecasts.deals]
    return pa.Table.from_pylist(rows, TABLE)


def _row(forecast: CloseForecast) -> dict[str, Any]:
    values = {name: value for name, value in vars(forecast).items() if name in TABLE.names and name != "by"}
    at_close = {f"{name}_at_close": value for name, value in vars(forecast.at_close).items()} if forecast.at_close else {}
    days = {f"{name}_close": getattr(forecast, name) for name in ("expected", "early", "late")}
    return values | vars(forecast.by) | at_close | days
