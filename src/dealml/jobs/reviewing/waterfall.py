"""What changed in what is expected of a period between two moments: the waterfall, the deals behind it, those to talk about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from dealml.errors import InputError, UsageError
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.time_to_close import CrmCloseDates, slip_chances
from dealml.forecast.waterfall.category_conversion import past_conversion
from dealml.forecast.waterfall.deals_to_inspect import changed, end_of_day, slipping, stale, strong_omitted, weak_commits
from dealml.forecast.waterfall.decompose import DealStates, moves, waterfalls
from dealml.forecast.waterfall.inactivity import usual_silence
from dealml.forecast.waterfall.reasons import is_on_record, move_reasons
from dealml.forecast.waterfall.result import CATEGORIES, DealToInspect, Move, Movement
from dealml.formatting import day
from dealml.jobs.explaining.score_changes import ComparedPopulations, compare_populations
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import ScoringPopulation, scoring_population, served_curves
from dealml.jobs.scoring.served_models import notes_for_version
from dealml.learning.outcomes import Won
from dealml.load_definitions import load_model
from dealml.period import Period
from dealml.project import Project
from dealml.reasons.change import change
from dealml.reasons.change_reasons import LEAST_POINTS, MOST, strongest_moves

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
    stake: ScoringPopulation | None = None,
) -> Movement:
    """Take the change of what is expected of a period apart, deal by deal.

    Parameters
    ----------
    start, end
        The two moments; at each only what was on record before it counts.
    period
        Default the calendar quarter in which the later moment lies.
    name
        A model of deals being won.
    version, version_before
        The versions that made the later and the earlier probabilities; default the champion for both.
    stake
        What was at stake at both moments, where it was computed already.

    Raises
    ------
    UsageError, InputError
        As for `require_moments`.
    ModelError
        When there is no such model, version or champion.
    """
    over = period or Period.around(end)
    require_moments(project, start, end, over, name)
    stake = stake or scoring_population(project, name, end, version, progress, start)
    seen = compare_populations(project, stake, version_before)
    progress("deals", 0, 3)
    past = DealsAsOf.of(project.ledger, end, project.settings.company.currency, project.limits)
    before, waited = (served_curves(table, seen.earlier, stake.loss) for table in (seen.before, seen.aged))
    after = stake.curves
    sides = _sides(past, seen, (before, after), start, end, over)
    progress("deals", 1, 3)
    told = _moves(sides, _reasons(seen, (before, waited, after), start, end, over), past.currency)
    total, teams = waterfalls(*sides.aligned, told[0])
    progress("deals", 2, 3)
    talk = changed(told[1], past.currency) + _talk(past, seen, after, sides, end, over)
    progress("deals", 3, 3)
    return Movement(over, start, end, past.currency, total, teams, told[1], talk, _notes(seen, sides, start, end))


def moves_table(found: Movement) -> pa.Table:
    """Every move as a row of `MOVES`."""
    rows = [vars(move) | {"amount": _money(move.cents), "reasons": "; ".join(move.reasons)} for move in found.moves]
    return pa.Table.from_pylist([{name: row[name] for name in MOVES.names} for row in rows], schema=MOVES)


def _money(cents: int) -> Any:
    from decimal import Decimal

    return Decimal(cents).scaleb(-2)


def require_moments(project: Project, start: datetime, end: datetime, period: Period, name: str) -> None:
    """Refuse what cannot be compared.

    Raises
    ------
    UsageError
        When the moments are not in order, lie in the future, or the period was over by the first; or the model is of another kind.
    InputError
        When the ledger is empty or has no dates.
    """
    if start >= end:
        raise UsageError("--from: give a moment before --to")
    if end > datetime.now(UTC):
        raise UsageError(f"--to: {end:%Y-%m-%d} lies in the future; a review compares what was known at two past moments")
    if period.end <= start:
        raise UsageError(f"--period {period.name}: was over on {period.end:%Y-%m-%d}, before --from; nothing of it was left to change")
    project.ledger.require_facts()
    if project.ledger.is_cross_section:
        raise InputError(f"{project.ledger.folder}: a cross-section, which has no dates; a review from one date to another needs them")
    spec = load_model(project.folder, name)
    if spec.entity != "deal_id" or not isinstance(spec.outcomes[0], Won):
        raise UsageError(f"--model {name}: does not say whether deals are won; a review from one date to another needs a model that does")


def _sides(
    past: DealsAsOf,
    seen: ComparedPopulations,
    curves: tuple[IncidenceCurves, IncidenceCurves],
    start: datetime,
    end: datetime,
    period: Period,
) -> _Sides:
    now = past.standing(end, period, since=start)
    then = past.standing(start, period).set_index("deal_id").reindex(now["deal_id"]).reset_index()
    # What had closed before, outside of the period, counted nothing then; it is there only because something became of it since.
    absent = np.where(now["known_at"] >= pd.Timestamp(start), "absent", "lost")
    then["status"] = then["status"].where(then["status"].notna(), pd.Series(absent, dtype="str"))
    then["team"] = then["team"].where(then["team"].notna(), now["team"])
    chances = [curve.won_in(period, at) for curve, at in zip(curves, (start, end), strict=True)]
    tables = zip((then, now), (seen.before, seen.after), chances, strict=True)
    return _Sides(*(_with_chance(side, table["deal_id"], chance, period) for side, table, chance in tables))


def _with_chance(side: pd.DataFrame, ids: pd.Series, chance: Floats, period: Period) -> pd.DataFrame:
    """The share of each deal's amount that counts for the period."""
    scored = side["deal_id"].map(pd.Series(chance, index=ids)).to_numpy(dtype=np.float64)
    within = ((side["won_at"] >= period.start) & (side["won_at"] < period.end)).to_numpy(dtype=np.float64)
    status = side["status"]
    return side.assign(chance=np.select([status == "open", status == "won"], [np.nan_to_num(scored), within], 0.0))


def _reasons(
    seen: ComparedPopulations,
    curves: tuple[IncidenceCurves, IncidenceCurves, IncidenceCurves],
    start: datetime,
    end: datetime,
    period: Period,
) -> dict[str, tuple[str, ...]]:
    """Of each deal that was open at both, what moved its chance most: changed facts and the passage of time, the strongest first.

    Facts are weighed at the horizon nearest to the days that are left of the period, time by the chance itself.
    """
    if not seen.both:
        return {}
    left, was = period.days_from(end), period.days_from(start)
    horizon = min(seen.later.fitted.horizons, key=lambda days: (abs(days - left), days))
    rows = seen.rows(seen.both, horizon)
    facts = strongest_moves(change(seen.earlier.fitted, seen.later.fitted, *rows), *rows, seen.wording)
    before, waited, _ = curves
    then, later = (
        pd.Series(curve.won_in(period, at), index=table["deal_id"]).loc[seen.both].to_numpy()
        for curve, at, table in ((before, start, seen.before), (waited, end, seen.aged))
    )
    time = later - then
    said = {"left": seen.wording.value("days", f"{max(left, 0):.0f}"), "was": seen.wording.value("days", f"{was:.0f}")}

    def told(own: list[tuple[float, str]], points: float) -> tuple[str, ...]:
        if abs(points) >= LEAST_POINTS:
            sentence = seen.wording.say("reason", "time", date=f"{period.end:%Y-%m-%d}", points=seen.wording.points(points), **said)
            own = sorted([*own, (points, sentence)], key=lambda one: -abs(one[0]))
        return tuple(sentence for _, sentence in own[:MOST])

    return {deal: told(own, float(points)) for deal, own, points in zip(seen.both, facts, time, strict=True)}


def _moves(sides: _Sides, reasons: dict[str, tuple[str, ...]], currency: str) -> tuple[pd.DataFrame, tuple[Move, ...]]:
    then, now = sides.aligned
    parts = moves(then, now)
    rows = parts["deal"].unique()
    facts = [dict(zip(rows, _records(side, rows), strict=True)) for side in (sides.then, sides.now)]
    found = []
    for part in parts.to_dict("records"):
        before, after = (side[part["deal"]] for side in facts)
        known = before if before["status"] in ("open", "won") and is_on_record(before["deal_id"]) else None
        own = reasons.get(after["deal_id"], ()) if part["category"] in FROM_SCORES else ()
        found.append(
            Move(
                deal_id=after["deal_id"],
                name=_name(after),
                team=part["team"],
                category=part["category"],
                cents=int(part["cents"]),
                probability_before=None if before["status"] == "absent" else before["chance"],
                probability_after=after["chance"],
                reasons=(*move_reasons(part["category"], known, after, currency), *own),
            )
        )
    order = {bar: place for place, bar in enumerate(CATEGORIES)}
    return parts, tuple(sorted(found, key=lambda move: (order[move.category], -abs(move.cents), move.deal_id, move.team)))


def _records(side: pd.DataFrame, rows: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    columns = {str(name): column.iloc[rows].tolist() for name, column in side.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _name(facts: dict[str, Any]) -> str:
    return str(facts["name"]) if is_on_record(facts["name"]) else str(facts["deal_id"])


def _talk(
    past: DealsAsOf, seen: ComparedPopulations, curves: IncidenceCurves, sides: _Sides, end: datetime, period: Period
) -> tuple[DealToInspect, ...]:
    deals = _open_deals(seen, curves, sides, end)
    silence, conversion = usual_silence(past), past_conversion(past, end, period)
    return (
        *slipping(deals, end, period, with_losses=curves.lost is not None),
        *stale(deals, silence),
        *weak_commits(deals, conversion, period),
        *strong_omitted(deals, conversion, period),
    )


def _open_deals(seen: ComparedPopulations, curves: IncidenceCurves, sides: _Sides, end: datetime) -> pd.DataFrame:
    """The open deals with what the rules of the talk list need."""
    side = DealStates.of(sides.now)
    deals = sides.now.assign(
        cents=side.cents,
        whole=replace(side, chance=np.ones(len(side.chance))).cents,
        category=sides.now["forecast_category"],
        name=sides.now["name"].where(sides.now["name"].notna(), sides.now["deal_id"]),
    )
    deals = deals[deals["status"] == "open"].reset_index(drop=True)
    last = deals["active_at"].where(deals["active_at"].notna(), deals["created_at"])
    deals["silent_days"] = (pd.Timestamp(end) - last).dt.total_seconds() / 86_400
    close = seen.after[["deal_id"]].merge(deals[["deal_id", "close"]], how="left", on="deal_id")["close"]
    ahead = np.asarray((end_of_day(close) - pd.Timestamp(end)).dt.total_seconds() / 86_400, dtype=np.float64)
    return deals.assign(slip=deals["deal_id"].map(pd.Series(slip_chances(curves, CrmCloseDates(ahead)), index=seen.after["deal_id"])))


def _notes(seen: ComparedPopulations, sides: _Sides, start: datetime, end: datetime) -> tuple[str, ...]:
    notes = []
    for side, moment in ((sides.then, start), (sides.now, end)):
        at = DealStates.of(side)
        unknown = ~at.priced & ((at.status == "open") | (at.chance > 0))
        without = int((unknown & np.isnan(at.amount)).sum())
        if unknown.any():
            notes.append(
                f"{unknown.sum():,} deals count nothing as of {day(moment)}: "
                f"{without:,} have no amount, {unknown.sum() - without:,} no exchange rate"
            )
    if seen.earlier.version != seen.later.version:
        notes.append(f"version {seen.earlier.version} made the earlier probabilities, version {seen.later.version} the later")
    notes += dict.fromkeys((*notes_for_version(seen.earlier, start), *notes_for_version(seen.later, end)))
    return tuple(notes)
