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
from dealml.jobs.scoring.served_models import notes_for_scores
from dealml.learning.view import View
from dealml.load_definitions import leading_models, load_model
from dealml.page.review.rows import facts_of, money_of, text_of
from dealml.project import Project
from dealml.scoring.export import check_destination, write_table

MOST_DAYS = 3_650
"""An end farther away than ten years is no date that anybody expects."""


@dataclass(frozen=True)
class Chances:
    """How a deal stands at a moment to come; lost and open are None where nothing was learned of losing."""

    won: float
    lost: float | None
    open: float | None


@dataclass(frozen=True)
class CloseForecast:
    """What is expected of one open deal."""

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
    stake: ScoringPopulation | None = None,
) -> CloseForecasts:
    """What is expected of all open deals, or of one, as of a moment.

    Parameters
    ----------
    by
        The moment to come at which won, lost and open are told; without it, the main horizon.
    name
        The model of winning; without it, the first model of deals that completes no other.
    out
        A file for the table, Parquet or CSV.
    stake
        What is at stake at the moment, where it was computed already.

    Raises
    ------
    UsageError, InputError
        When the moment is not to come, the deal is not open, the ledger has no dates, or there is no place for the file.
    ModelError
        When the model of winning was not trained.
    """
    if out is not None:
        check_destination(out)
    if project.ledger.is_cross_section:
        raise InputError(f"{project.ledger.folder}: a cross-section, which has no dates: it cannot tell when anything ends")
    if as_of is not None and by is not None and by <= as_of:
        raise UsageError(f"--by: {by:%Y-%m-%d %H:%M} is not after {as_of:%Y-%m-%d %H:%M} UTC; give a date to come")
    stake = stake or _stake(project, name or _model_of_deals(project), as_of, progress)
    if deal is not None:
        own = stake.table[stake.table[stake.view.spec.entity] == deal].reset_index(drop=True)
        if not len(own):
            raise InputError(f"{deal}: no open deal at {stake.view.end:%Y-%m-%d %H:%M}; is the id right, and the date within its life?")
        stake = replace(stake, table=own)
    found = _told(stake, by, project.settings.company.currency)
    if out is not None:
        write_table(out, TABLE, [table_of(found)])
    return found


def _stake(project: Project, name: str, as_of: datetime | None, progress: Progress) -> ScoringPopulation:
    """What a model of winning sees.

    Raises
    ------
    UsageError
        When it is not a model of deals, or completes another itself.
    """
    spec = load_model(project.folder, name)
    if spec.entity != "deal_id" or spec.completes:
        raise UsageError(f"--model: {name} does not tell which deals are won; name a model of deals that completes no other")
    return scoring_population(project, name, as_of, progress=progress)


def _model_of_deals(project: Project) -> str:
    names = leading_models(project.folder)
    found = next((name for name in names if load_model(project.folder, name).entity == "deal_id"), None)
    if found is None:
        raise UsageError(f"{project.folder / 'models'}: no model of deals")
    return found


def _told(stake: ScoringPopulation, by: datetime | None, currency: str) -> CloseForecasts:
    view, table, curves, win = stake.view, stake.table, stake.curves, stake.chosen.fitted
    until = by or view.end + timedelta(days=win.main_horizon)
    days, last = (until - view.end) / timedelta(days=1), curves.horizons[-1]
    far = (f"past {last:.0f} days deals are taken to end at the pace of the days before: nothing was learned there",) if days > last else ()
    ends = _ends(curves, crm_dates(table, view.spec.shown.ends_in_days), days, view.end)
    facts = facts_of(table, view.spec.entity, view.spec.shown)
    deals = tuple(CloseForecast(**_about(own, view, currency), **end) for own, end in zip(facts, ends, strict=True))
    missing = (f"nothing is told of losing, nor of when a deal closes: {stake.why_no_loss}",) if stake.why_no_loss else ()
    notes = (*notes_for_scores(stake.chosen, view), *missing, *far)
    return CloseForecasts(
        view.end, until, days, win.name, stake.chosen.version, stake.loss.fitted.name if stake.loss else None, deals, notes
    )


def _about(facts: dict[str, Any], view: View, currency: str) -> dict[str, Any]:
    shown = view.spec.shown
    texts = {name: text_of(facts, getattr(shown, name)) for name in ("name", "account", "stage")}
    amount, unit = money_of(facts, shown, currency)
    return {"deal_id": str(facts[view.spec.entity])} | texts | {"amount": None if amount is None else float(amount), "currency": unit}


def _ends(curves: IncidenceCurves, dates: CrmCloseDates, days: float, as_of: datetime) -> list[dict[str, Any]]:
    """Of each deal what follows from its curve and its close date."""
    ahead = np.where(dates.has_date, np.maximum(dates.days, 0.0), 0.0)
    by, at_close = (_chances(curves, moment) for moment in (np.full(len(ahead), days), ahead))
    told, closing, slips = curves.lost is not None, closing_of(curves), slip_chances(curves, dates)
    return [
        {
            "by": by[place],
            "close_date": _close_date(float(dates.days[place]), as_of),
            "at_close": at_close[place] if dates.has_date[place] and not dates.passed[place] else None,
            "slips": float(slips[place]) if dates.passed[place] or (told and dates.has_date[place]) else None,
            "slipped": bool(dates.passed[place]),
            **_days_of(closing, place, as_of),
        }
        for place in range(len(ahead))
    ]


def _chances(curves: IncidenceCurves, days: Floats) -> list[Chances]:
    won = curves.won_by(days).tolist()
    if curves.lost is None:
        return [Chances(p, None, None) for p in won]
    lost, open_ = curves.lost_by(days).tolist(), curves.open_at(days).tolist()
    return [Chances(*three) for three in zip(won, lost, open_, strict=True)]


def _days_of(closing: Closing, place: int, as_of: datetime) -> dict[str, date | None]:
    names = {"early": closing.early, "expected": closing.middle, "late": closing.late}
    return {name: _date(float(days[place]), as_of) for name, days in names.items()}


def _date(days: float, as_of: datetime) -> date | None:
    return (as_of + timedelta(days=days)).date() if days <= MOST_DAYS else None


def _close_date(days_to_its_end: float, as_of: datetime) -> date | None:
    """The date that is over in so many days; None where there is none, or no calendar holds it."""
    try:
        return (as_of + timedelta(days=days_to_its_end, microseconds=-1)).date()
    except (OverflowError, ValueError):
        return None


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


def table_of(found: CloseForecasts) -> pa.Table:
    """The outlooks as a table of the schema `TABLE`."""
    rows = [_row(one) | {"as_of": found.as_of, "by": found.by} for one in found.deals]
    return pa.Table.from_pylist(rows, TABLE)


def _row(one: CloseForecast) -> dict[str, Any]:
    own = {name: value for name, value in vars(one).items() if name in TABLE.names and name != "by"}
    at_close = {f"{name}_at_close": value for name, value in vars(one.at_close).items()} if one.at_close else {}
    days = {f"{name}_close": getattr(one, name) for name in ("expected", "early", "late")}
    return own | vars(one.by) | at_close | days
