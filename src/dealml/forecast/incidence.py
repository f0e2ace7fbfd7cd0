"""Cumulative incidence of won and lost over time, from probabilities at a model's horizons.

Each curve depends on the days ahead alone, so no date is special: nothing jumps at a quarter's edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from dealml.period import Period

Floats = npt.NDArray[np.float64]

_TINY = 1e-12


@dataclass(frozen=True)
class IncidenceCurves:
    """For each of n deals the probability of each end by each of K horizons; between them the hazards of both ends are constant.

    The probabilities of won, lost and open sum to 1 at every day, and each moves one way only. Hazards of two ends: Prentice
    et al. (1978), Biometrics 34.
    """

    horizons: Floats
    """Days, ascending, the first one 0."""
    won: Floats
    """n × K."""
    lost: Floats | None
    """n × K; None where nothing was learned of losing."""

    @classmethod
    def of(cls, horizons: Sequence[float], won: Floats, lost_if_not_won: Floats | None = None) -> IncidenceCurves:
        """Combine a model of winning and a model of losing.

        Parameters
        ----------
        horizons
            Days, ascending, above 0.
        won
            n × K: the probability of being won within each horizon, not falling along a row.
        lost_if_not_won
            n × K: the probability of being lost within each horizon if not won within it.

        Notes
        -----
        The product of two curves may fall where wins come late. So the chance of being lost by a day is at most that by any
        later one: the running minimum from the last horizon backwards, which keeps the sum at 1 or below.
        """
        nothing = np.zeros((len(won), 1))
        wins = np.maximum.accumulate(np.hstack([nothing, won]), axis=1)
        losses = None
        if lost_if_not_won is not None:
            product = np.hstack([nothing, (1 - won) * lost_if_not_won])
            losses = np.minimum.accumulate(product[:, ::-1], axis=1)[:, ::-1]
        return cls(np.concatenate([[0.0], np.asarray(horizons, dtype=np.float64)]), wins, losses)

    def won_by(self, days: float | Floats) -> Floats:
        """The probability of each deal to be won within a number of days (one number, or one for each deal).

        Past the last horizon deals end at the pace of the last stretch; without a model of losses nothing more is won there.
        """
        return self._at(days)[0]

    def lost_by(self, days: float | Floats) -> Floats:
        """The probability of each deal to be lost, and not won, within a number of days."""
        return self._at(days)[1]

    def won_in(self, period: Period, moment: datetime) -> Floats:
        """The probability of each deal, seen from a moment, to be won in a period.

        By the period's end; where it has not begun yet, less that of being won before it begins. 0 where it is over.
        """
        by_end = self.won_by(period.days_from(moment))
        if moment >= period.start:
            return by_end
        return np.asarray(by_end - self.won_by((period.start - moment).total_seconds() / 86_400))

    def open_at(self, days: float | Floats) -> Floats:
        """The probability of each deal to be still open after a number of days."""
        won, lost = self._at(days)
        return 1 - won - lost

    def closes_within(self, share: float) -> Floats:
        """The days within which each deal is closed, won or lost, with a probability; infinite where it never is."""
        closed = self.won + self._lost()
        stretch = np.clip((closed <= share).sum(axis=1) - 1, 0, len(self.horizons) - 2)
        row = np.arange(len(closed))
        before, after = closed[row, stretch], closed[row, stretch + 1]
        part = np.clip((share - before) / np.maximum(after - before, _TINY), 0.0, 1.0)
        length = self.horizons[stretch + 1] - self.horizons[stretch]
        inside = self.horizons[stretch] + length * _time_of_change(part, self._hazard(row, stretch) * length)
        return np.where(closed[:, -1] >= share, inside, self._after_the_last(share))

    def _after_the_last(self, share: float) -> Floats:
        if self.lost is None:
            return np.full(len(self.won), np.inf)
        still, rate, _ = self._last_pace()
        with np.errstate(divide="ignore", invalid="ignore"):
            wait = np.log(still / max(1 - share, _TINY)) / rate
        return np.asarray(np.where(rate > _TINY, self.horizons[-1] + np.maximum(wait, 0.0), np.inf))

    def _at(self, days: float | Floats) -> tuple[Floats, Floats]:
        at = np.broadcast_to(np.maximum(np.asarray(days, dtype=np.float64), 0.0), len(self.won))
        stretch = np.clip(np.searchsorted(self.horizons, at, side="right") - 1, 0, len(self.horizons) - 2)
        row, lost = np.arange(len(self.won)), self._lost()
        length = self.horizons[stretch + 1] - self.horizons[stretch]
        part = np.minimum((at - self.horizons[stretch]) / length, 1.0)
        gone = _change_after(part, self._hazard(row, stretch) * length)
        inside = [curve[row, stretch] + gone * (curve[row, stretch + 1] - curve[row, stretch]) for curve in (self.won, lost)]
        if self.lost is None:
            return inside[0], inside[1]
        still, rate, to_win = self._last_pace()
        ended = still * -np.expm1(-rate * np.maximum(at - self.horizons[-1], 0.0))
        return inside[0] + ended * to_win, inside[1] + ended * (1 - to_win)

    def _lost(self) -> Floats:
        return np.zeros_like(self.won) if self.lost is None else self.lost

    def _hazard(self, row: npt.NDArray[np.intp], stretch: npt.NDArray[np.intp]) -> Floats:
        """Of either end, a day, in one stretch of each row; the ends share what closes there as they do by its end."""
        log = np.log(np.maximum(1 - self.won - self._lost(), _TINY))
        return np.asarray((log[row, stretch] - log[row, stretch + 1]) / (self.horizons[stretch + 1] - self.horizons[stretch]))

    def _last_pace(self) -> tuple[Floats, Floats, Floats]:
        """What is still open at the last horizon, how fast deals ended in the last stretch, and the share of them that were won."""
        lost = self._lost()
        still = np.maximum(1 - self.won - lost, 0.0)
        wins, losses = (curve[:, -1] - curve[:, -2] for curve in (self.won, lost))
        length = self.horizons[-1] - self.horizons[-2]
        rate = np.log(np.maximum(still[:, -2], _TINY) / np.maximum(still[:, -1], _TINY)) / length
        to_win = np.where(wins + losses > _TINY, wins / np.maximum(wins + losses, _TINY), 0.0)
        return still[:, -1], np.maximum(rate, 0.0), to_win


def _change_after(part: Floats, fall: Floats) -> Floats:
    """How much of a stretch's change has come after a part of its time, at a constant hazard of `fall` in all."""
    return np.asarray(np.where(fall > 1e-9, np.expm1(-fall * part) / np.expm1(-np.maximum(fall, 1e-9)), part))


def _time_of_change(gone: Floats, fall: Floats) -> Floats:
    """The part of a stretch's time after which a share of its change has happened: the inverse of `_change_after`."""
    steep = np.maximum(fall, 1e-9)
    return np.asarray(np.where(fall > 1e-9, -np.log1p(gone * np.expm1(-steep)) / steep, gone))
