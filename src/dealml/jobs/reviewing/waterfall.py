"""The pipeline waterfall: how a period's expected value changed between two moments, the deals behind it, and those to inspect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from dealml.errors import UsageError
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.time_to_close import CrmCloseDates, slip_chances
from dealml.forecast.waterfall.both_moments import deals_then_and_now
from dealml.forecast.waterfall.category_conversion import past_conversion
from dealml.forecast.waterfall.deals_to_inspect import changed, slipping, stale, strong_omitted, weak_commits
from dealml.forecast.waterfall.decompose import DealStates, moves, waterfalls
from dealml.forecast.waterfall.inactivity import usual_silence
from dealml.forecast.waterfall.reasons import is_on_record, move_reasons
from dealml.forecast.waterfall.result import CATEGORIES, DealToInspect, Move, Movement
from dealml.formatting import day
from dealml.jobs.explaining.score_changes import ComparedPopulations, compare_populations
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import scoring_population, served_curves
from dealml.jobs.scoring.requirements import load_win_model, require_dated
from dealml.jobs.scoring.served_models import notes_for_version
from dealml.moments import end_of_day
from dealml.period import Period
from dealml.project import Project
from dealml.reasons.change import change
from dealml.reasons.change_reasons import LEAST_POINTS, MAX_REASONS, strongest_moves

Floats = npt.NDArray[np.float64]

MOVES = pa.schema(
    [
        ("deal_id", pa.string()),
        ("name", pa.string()),
        ("team", pa.string()),
        ("category", pa.string()),
        ("amount", pa.decimal128(18, 2)),
        ("probability_before", pa.float64()),
        ("probability_after", pa.float64()),
        ("reasons", pa.string()),
    ]
)
"""Every move as a table: `amount` is what the expected money changed by, in the project's currency."""

FROM_SCORES = ("pushed", "pulled_in", "score_up", "score_down")
"""Heads of which the change ledger of scores gives the reasons."""


@dataclass(frozen=True, eq=False)
class _Sides:
    """The same deals then and now, in the same order, with what is on record of each."""

    then: pd.DataFrame
    now: pd.DataFrame

    @property
    def aligned(self) -> tuple[DealStates, DealStates]:
        return DealStates.of(self.then), DealStates.of(self.now)


def pipeline_waterfall(
    project: Project,
    start: datetime,
    end: datetime,
    period: Period | None = None,
    name: str = "deal_win",
    version: int | None = None,
    version_before: int | None = None,
    progress: Progress = silent,
) -> Movement:
    """Decompose the change of a period's expected value between two moments, deal by deal.

    Parameters
    ----------
    start, end
        The two moments; at each only what was on record before it counts.
    period
        Default the calendar quarter in which the later moment lies.
    name
        A model that says whether deals are won.
    version, version_before
        The versions that made the later and the earlier probabilities; default the champion for both.

    Raises
    ------
    UsageError, InputError
        As for `require_moments`; also when the ledger is empty or has no dates, or the model does not say whether deals are won.
    ModelError
        When there is no such model, version or champion.
    """
    over, company = period or Period.around(end), project.settings.company
    require_moments(start, end, over)
    require_dated(project, "a review from one date to another needs them")
    load_win_model(project, name)
    _, population = scoring_population(project, name, end, version, progress, start, version_before)
    compared = compare_populations(population, company.language)
    return waterfall_of(
        WaterfallContext(over, compared, DealsAsOf.of(project.ledger, end, company.currency, project.query_settings)), progress
    )


@dataclass(frozen=True, eq=False)
class WaterfallContext:
    """Everything that a pipeline waterfall is computed from."""

    period: Period
    compared: ComparedPopulations
    past: DealsAsOf
    """What was known of the deals at the later moment."""


def waterfall_of(context: WaterfallContext, progress: Progress = silent) -> Movement:
    """The pipeline waterfall of a context.

    Raises
    ------
    ModelError
        When the ledger lacks what one of the models learned from.
    """
    progress("deals", 0, 3)
    compared, past, period = context.compared, context.past, context.period
    loss = compared.population.loss
    before, aged = (served_curves(table, compared.earlier, loss) for table in (compared.before, compared.aged))
    after = compared.population.curves
    sides = _sides(context, (before, after))
    progress("deals", 1, 3)
    parts, deal_moves = _moves(sides, _reasons(compared, (before, aged, after), period), past.currency)
    total, teams = waterfalls(*sides.aligned, parts)
    progress("deals", 2, 3)
    to_inspect = changed(deal_moves, past.currency) + _to_inspect(context, after, sides)
    progress("deals", 3, 3)
    notes = _notes(compared, sides)
    return Movement(period, compared.start, compared.end, past.currency, total, teams, deal_moves, to_inspect, notes)


def moves_table(waterfall: Movement) -> pa.Table:
    """Every move as a row of `MOVES`."""
    rows = [vars(move) | {"amount": _money(move.cents), "reasons": "; ".join(move.reasons)} for move in waterfall.moves]
    return pa.Table.from_pylist([{name: row[name] for name in MOVES.names} for row in rows], schema=MOVES)


def _money(cents: int) -> Any:
    from decimal import Decimal

    return Decimal(cents).scaleb(-2)


def require_moments(start: datetime, end: datetime, period: Period) -> None:
    """Refuse moments that cannot be compared.

    Raises
    ------
    UsageError
        When the moments are not in order, lie in the future, or the period was over by the first.
    """
    if start >= end:
        raise UsageError("--from: give a moment before --to")
    if end > datetime.now(UTC):
        raise UsageError(f"--to: {end:%Y-%m-%d} lies in the future; a review compares what was known at two past moments")
    if period.end <= start:
        raise UsageError(f"--period {period.name}: was over on {period.end:%Y-%m-%d}, before --from; nothing of it was left to change")


def _sides(context: WaterfallContext, curves: tuple[IncidenceCurves, IncidenceCurves]) -> _Sides:
    past, compared, period = context.past, context.compared, context.period
    start, end = compared.start, compared.end
    then, now = deals_then_and_now(past, period, start, end)
    chances = [curve.won_in(period, at) for curve, at in zip(curves, (start, end), strict=True)]
    tables = zip((then, now), (compared.before, compared.after), chances, strict=True)
    return _Sides(*(_with_chance(side, table["deal_id"], chance, period) for side, table, chance in tables))


def _with_chance(side: pd.DataFrame, ids: pd.Series, chance: Floats, period: Period) -> pd.DataFrame:
    """The share of each deal's amount that counts for the period."""
    scored = side["deal_id"].map(pd.Series(chance, index=ids)).to_numpy(dtype=np.float64)
    within = ((side["won_at"] >= period.start) & (side["won_at"] < period.end)).to_numpy(dtype=np.float64)
    status = side["status"]
    return side.assign(chance=np.select([status == "open", status == "won"], [np.nan_to_num(scored), within], 0.0))


def _reasons(
    compared: ComparedPopulations, curves: tuple[IncidenceCurves, IncidenceCurves, IncidenceCurves], period: Period
) -> dict[str, tuple[str, ...]]:
    """By deal that was open at both moments, what moved its chance most: changed facts and the passage of time, the strongest first.

    Facts are weighed at the horizon nearest to the days that are left of the period, time by the chance itself.
    """
    if not compared.both:
        return {}
    start, end, wording = compared.start, compared.end, compared.wording
    left, was = period.days_from(end), period.days_from(start)
    horizon = min(compared.later.fitted.horizons, key=lambda days: (abs(days - left), days))
    rows = compared.rows(compared.both, horizon)
    facts = strongest_moves(change(compared.earlier.fitted, compared.later.fitted, *rows), *rows, wording)
    before, aged, _ = curves
    then, later = (
        pd.Series(curve.won_in(period, at), index=table["deal_id"]).loc[compared.both].to_numpy()
        for curve, at, table in ((before, start, compared.before), (aged, end, compared.aged))
    )
    days = {"left": wording.value("days", f"{max(left, 0):.0f}"), "was": wording.value("days", f"{was:.0f}")}

    def sentences(reasons: list[tuple[float, str]], points: float) -> tuple[str, ...]:
        if abs(points) >= LEAST_POINTS:
            sentence = wording.say("reason", "time", date=f"{period.end:%Y-%m-%d}", points=wording.points(points), **days)
            reasons = sorted([*reasons, (points, sentence)], key=lambda reason: -abs(reason[0]))
        return tuple(sentence for _, sentence in reasons[:MAX_REASONS])

    return {deal: sentences(reasons, float(points)) for deal, reasons, points in zip(compared.both, facts, later - then, strict=True)}


def _moves(sides: _Sides, reasons: dict[str, tuple[str, ...]], currency: str) -> tuple[pd.DataFrame, tuple[Move, ...]]:
    then, now = sides.aligned
    parts = moves(then, now)
    rows = parts["deal"].unique()
    facts = [dict(zip(rows, _records(side, rows), strict=True)) for side in (sides.then, sides.now)]
    deal_moves = []
    for part in parts.to_dict("records"):
        before, after = (side[part["deal"]] for side in facts)
        earlier = before if before["status"] in ("open", "won") and is_on_record(before["deal_id"]) else None
        score_reasons = reasons.get(after["deal_id"], ()) if part["category"] in FROM_SCORES else ()
        deal_moves.append(
            Move(
                deal_id=after["deal_id"],
                name=_name(after),
                team=part["team"],
                category=part["category"],
                cents=int(part["cents"]),
                probability_before=None if before["status"] in ("absent", "gone") else before["chance"],
                probability_after=None if after["status"] == "gone" else after["chance"],
                reasons=(*move_reasons(part["category"], earlier, after, currency), *score_reasons),
            )
        )
    order = {category: position for position, category in enumerate(CATEGORIES)}
    return parts, tuple(sorted(deal_moves, key=lambda move: (order[move.category], -abs(move.cents), move.deal_id, move.team)))


def _records(side: pd.DataFrame, rows: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    columns = {str(name): column.iloc[rows].tolist() for name, column in side.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _name(facts: dict[str, Any]) -> str:
    return str(facts["name"]) if is_on_record(facts["name"]) else str(facts["deal_id"])


def _to_inspect(context: WaterfallContext, curves: IncidenceCurves, sides: _Sides) -> tuple[DealToInspect, ...]:
    end, period = context.compared.end, context.period
    deals = _open_deals(context.compared, curves, sides)
    silence, conversion = usual_silence(context.past), past_conversion(context.past, end, period)
    return (
        *slipping(deals, end, period, with_losses=curves.lost is not None),
        *stale(deals, silence),
        *weak_commits(deals, conversion, period),
        *strong_omitted(deals, conversion, period),
    )


def _open_deals(compared: ComparedPopulations, curves: IncidenceCurves, sides: _Sides) -> pd.DataFrame:
    """The open deals with what the rules for deals to inspect need."""
    side, end, ids = DealStates.of(sides.now), pd.Timestamp(compared.end), compared.after["deal_id"]
    deals = sides.now.assign(
        cents=side.cents,
        whole=replace(side, chance=np.ones(len(side.chance))).cents,
        category=sides.now["forecast_category"],
        name=sides.now["name"].where(sides.now["name"].notna(), sides.now["deal_id"]),
    )
    deals = deals[deals["status"] == "open"].reset_index(drop=True)
    last = deals["active_at"].where(deals["active_at"].notna(), deals["created_at"])
    deals["silent_days"] = (end - last).dt.total_seconds() / 86_400
    close = compared.after[["deal_id"]].merge(deals[["deal_id", "close"]], how="left", on="deal_id")["close"]
    ahead = np.asarray((end_of_day(close) - end).dt.total_seconds() / 86_400, dtype=np.float64)
    return deals.assign(slip=deals["deal_id"].map(pd.Series(slip_chances(curves, CrmCloseDates(ahead)), index=ids)))


def _notes(compared: ComparedPopulations, sides: _Sides) -> tuple[str, ...]:
    notes, earlier, later = [], compared.earlier, compared.later
    for table, moment in ((sides.then, compared.start), (sides.now, compared.end)):
        side = DealStates.of(table)
        unpriced = ~side.priced & ((side.status == "open") | (side.chance > 0))
        without = int((unpriced & np.isnan(side.amount)).sum())
        if unpriced.any():
            notes.append(
                f"{unpriced.sum():,} deals count nothing as of {day(moment)}: "
                f"{without:,} have no amount, {unpriced.sum() - without:,} no exchange rate"
            )
    if earlier.version != later.version:
        notes.append(f"version {earlier.version} made the earlier probabilities, version {later.version} the later")
    notes += dict.fromkeys((*notes_for_version(earlier, compared.start), *notes_for_version(later, compared.end)))
    return tuple(notes)
