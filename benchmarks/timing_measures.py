"""How curves over time are judged: three states at each horizon, days of closing, and the chance to slip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.common import Floats
from dealml.evaluation.metrics.metrics import CLIP, METRICS
from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.time_to_close import closing_of, crm_dates, slip_chances
from dealml.learning.ladder import difference

STATES = ("open", "won", "lost")
OPEN, WON, LOST = range(3)
DAY = np.timedelta64(1, "D")
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Tested:
    """Snapshots to be judged on, and how each ended by the data's end."""

    table: pd.DataFrame
    won: Floats
    """Days until the next win; infinite where none was on record."""
    lost: Floats
    followed: Floats
    """Days until the data's end."""

    @classmethod
    def of(cls, table: pd.DataFrame, end: pd.Timestamp) -> Tested:
        """Of snapshots with `unless_at`, the next win, and `event_at`, the next loss."""
        as_of = table["as_of"].to_numpy(dtype="datetime64[us]")
        days = [(table[name].to_numpy(dtype="datetime64[us]") - as_of) / DAY for name in ("unless_at", "event_at")]
        won, lost = (np.where(np.isnan(one), np.inf, one) for one in days)
        return cls(table, won, lost, (end.tz_convert(None).to_datetime64() - as_of) / DAY)

    @property
    def closed(self) -> Floats:
        """Days until the deal was closed, won or lost; infinite while it was open."""
        return np.minimum(self.won, self.lost)

    def states(self, days: float) -> Codes:
        """The state of each deal after so many days; only of those that were followed so long."""
        which = self.followed >= days
        return np.where(self.won[which] < days, WON, np.where(self.lost[which] < days, LOST, OPEN))

    def codes(self) -> Codes:
        """The deal of each row as a number."""
        return pd.factorize(self.table["deal_id"])[0]

    def at(self, which: npt.NDArray[np.bool_]) -> Tested:
        """Some of the rows."""
        return Tested(self.table[which].reset_index(drop=True), self.won[which], self.lost[which], self.followed[which])


def probabilities(curves: IncidenceCurves, days: float) -> Floats:
    """Rows × states."""
    return np.column_stack([curves.open_at(days), curves.won_by(days), curves.lost_by(days)])


def by_horizon(
    tested: Tested, contenders: Mapping[str, IncidenceCurves], horizons: Sequence[int]
) -> dict[str, dict[str, dict[str, object]]]:
    """Of each horizon and contender: log loss of the three states and of each, and its calibration errors."""
    found = {}
    for days in horizons:
        which, state = tested.followed >= days, tested.states(days)
        found[f"{days} days"] = {name: _judged(probabilities(curves, days)[which], state) for name, curves in contenders.items()}
    return found


def _judged(p: Floats, state: Codes) -> dict[str, object]:
    one = np.ones(len(state))
    told: dict[str, object] = {"rows": len(state), "log_loss": round(float(surprise(p, state).mean()), 4)}
    for code, name in ((WON, "won"), (LOST, "lost"), (OPEN, "open")):
        own = np.clip(p[:, code], 0.0, 1.0)
        told[f"{name}_log_loss"] = round(METRICS["log_loss"].function(state == code, np.clip(own, 1e-6, 1 - 1e-6), one), 4)
        told[f"{name}_calibration"] = round(METRICS["calibration_error"].function(state == code, own, one), 4)
    return told


def surprise(p: Floats, state: Codes) -> Floats:
    """Minus the logarithm of the probability that the state had."""
    return np.asarray(-np.log(np.clip(p[np.arange(len(state)), state], CLIP, 1.0)))


def integrated_brier(tested: Tested, curves: IncidenceCurves, horizons: Sequence[int]) -> float:
    """Brier score of the three states (Brier 1950), averaged over time from day 0, where it is 0, by trapezes (Graf et al. 1999).

    A horizon counts the rows that were followed so long, so nothing needs to be weighed for censoring.
    """
    scores = [0.0]
    for days in horizons:
        which, state = tested.followed >= days, tested.states(days)
        scores.append(float(((probabilities(curves, days)[which] - np.eye(3)[state]) ** 2).sum(axis=1).mean()))
    return float(np.trapezoid(scores, [0, *horizons]) / horizons[-1])


def compared(tested: Tested, one: IncidenceCurves, other: IncidenceCurves, horizons: Sequence[int]) -> tuple[float, float]:
    """By how much the log loss of one is below the other's over all rows and horizons, and the standard error, deals drawn as a whole."""
    gaps, codes = [], []
    for days in horizons:
        which, state = tested.followed >= days, tested.states(days)
        gaps.append(surprise(probabilities(other, days)[which], state) - surprise(probabilities(one, days)[which], state))
        codes.append(tested.codes()[which])
    return difference(np.concatenate(gaps), np.concatenate(codes))


def closing(tested: Tested, curves: IncidenceCurves, ends_in_days: str) -> dict[str, object]:
    """The expected close beside the CRM's date: errors in days of deals that were closed, and how often the 80 % range held the day.

    Deals still open when the data ends count in the coverage, by Kaplan and Meier (1958): each close is read as the share of its own
    curve that was settled by then, uniform where curves are right, and an open deal's is known to be beyond that of its last day.
    """
    found, over = closing_of(curves), tested.closed < tested.followed
    share = 1 - curves.open_at(np.where(over, tested.closed, tested.followed))
    told: dict[str, object] = {
        "rows": len(over),
        "closed": int(over.sum()),
        "median_error": _median(found.middle - tested.closed, over),
        "coverage_80": round(_survival(share, over, 0.1) - _survival(share, over, 0.9), 3),
        "median_width": _median(found.late - found.early, np.ones(len(over), dtype=np.bool_)),
    }
    dates = crm_dates(tested.table, ends_in_days)
    if dates.has_date.any():
        both = over & dates.has_date
        told |= {"rows_with_crm_date": int(both.sum()), "median_error_there": _median(found.middle - tested.closed, both)}
        told["crm_median_error"] = _median(dates.days - tested.closed, both)
        told["crm_median_error_if_passed_is_today"] = _median(np.maximum(dates.days, 0.0) - tested.closed, both)
        ahead = both & ~dates.passed
        told |= {"rows_date_ahead": int(ahead.sum()), "median_error_date_ahead": _median(found.middle - tested.closed, ahead)}
        told["crm_median_error_date_ahead"] = _median(dates.days - tested.closed, ahead)
    return told


def _median(gap: Floats, which: npt.NDArray[np.bool_]) -> float:
    return round(float(np.median(np.abs(gap[which]))), 1)


def _survival(moments: Floats, happened: npt.NDArray[np.bool_], at: float) -> float:
    """Kaplan and Meier's share that is beyond a point."""
    order = np.argsort(moments, kind="stable")
    moments, happened = moments[order], happened[order]
    still = len(moments) - np.arange(len(moments))
    return float(np.prod(np.where(happened & (moments <= at), 1 - 1 / still, 1.0)))


def slipping(tested: Tested, curves: IncidenceCurves, ends_in_days: str, known_before: Tested) -> dict[str, object]:
    """The chance to be still open when the CRM's date ends, of dates that had not passed, beside the share that slipped before."""
    which, slipped = _slipped(tested, ends_in_days)
    before, slipped_before = _slipped(known_before, ends_in_days)
    p, y, one = slip_chances(curves, crm_dates(tested.table, ends_in_days))[which], slipped[which], np.ones(int(which.sum()))
    base = np.full(len(y), slipped_before[before].mean())
    told: dict[str, object] = {"rows": len(y), "slipped": int(y.sum()), "base_rate": round(float(base[0]), 3)}
    for name, said in (("", p), ("base_", base)):
        for metric in ("log_loss", "brier", "calibration_error", "auc"):
            told[f"{name}{metric}"] = round(METRICS[metric].function(y, np.clip(said, 1e-6, 1 - 1e-6), one), 4)
    return told


def _slipped(tested: Tested, ends_in_days: str) -> tuple[npt.NDArray[np.bool_], Floats]:
    dates = crm_dates(tested.table, ends_in_days)
    asked = dates.has_date & ~dates.passed & (np.nan_to_num(dates.days, nan=np.inf) <= tested.followed)
    return asked, (tested.closed >= np.nan_to_num(dates.days)).astype(float)
