"""Values that tell when an entity is settled: written down on that day, whatever day they claim."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from dealml.leaks.binning import BinnedColumn, Floats, Ints, tally
from dealml.leaks.findings import Finding
from dealml.leaks.weekly_panel import NEVER, WeeklyPanel

MAX_RANK_CORRELATION = 0.9
"""No honest number that never changes follows the length of life so closely, by rank."""
LEAST_SETTLED = 50
BURST = 30
"""The number of entities settled in one week, far more than usual, from which the week is a burst: the company tidied up."""
TIMES_USUAL = 5.0
LEAST_SHARE = 0.1
LEAST_AT_RISK = 15
LIMIT_ODDS = 150.0
"""No honest value multiplies the odds of being in a burst by so much."""


@dataclass(frozen=True)
class Lifespans:
    """Settled entities, how long they lived, and the weeks in which unusually many were settled."""

    first_look_row: Ints
    """Of each entity: the row of its first look."""
    settled: Ints
    weeks: Floats
    """Of each settled entity: how long it lived."""
    bursts: tuple[tuple[Ints, Ints], ...]
    """Of each burst: the entities at risk, and whether each was settled in it."""

    @classmethod
    def of(cls, looks: WeeklyPanel) -> Lifespans:
        """Read the lifespans off the weekly panel."""
        first = np.insert(np.diff(looks.entity) != 0, 0, True) if len(looks.entity) else np.empty(0, dtype=bool)
        settled = np.flatnonzero(looks.settled_in != NEVER)
        weeks = (looks.settled_in - looks.first_week)[settled].astype(np.float64)
        return cls(looks.row[first], settled, weeks, _bursts(looks))


def _bursts(looks: WeeklyPanel) -> tuple[tuple[Ints, Ints], ...]:
    ended = looks.settled_in[looks.settled_in != NEVER]
    if not len(ended):
        return ()
    weeks = np.arange(ended.min(), ended.max() + 1)
    counts = np.bincount(ended - weeks[0])
    begun = np.searchsorted(np.sort(looks.first_week), weeks, side="left")
    over = np.searchsorted(np.sort(looks.settled_in), weeks, side="left")
    share = counts / np.maximum(begun - over, 1)
    usual = float(np.median(share[begun - over >= BURST])) if (begun - over >= BURST).any() else 1.0
    burst_weeks = weeks[(counts >= BURST) & (share >= max(TIMES_USUAL * usual, LEAST_SHARE))]
    return tuple(_burst(looks, int(week)) for week in burst_weeks)


def _burst(looks: WeeklyPanel, week: int) -> tuple[Ints, Ints]:
    at_risk = np.flatnonzero((looks.first_week < week) & (looks.settled_in >= week))
    return at_risk, (looks.settled_in[at_risk] == week).astype(np.intp)


def tells_when(column: BinnedColumn, lives: Lifespans) -> Finding | None:
    """A finding, if a value that never changes follows the length of life, or the weeks in which many were settled."""
    return _by_length(column, lives) or _by_burst(column, lives)


def _by_length(column: BinnedColumn, lives: Lifespans) -> Finding | None:
    if column.numbers is None or len(lives.settled) < LEAST_SETTLED:
        return None
    values = column.numbers[lives.first_look_row[lives.settled]]
    present = ~np.isnan(values)
    if present.sum() < LEAST_SETTLED or np.ptp(values[present]) == 0 or np.ptp(lives.weeks[present]) == 0:
        return None
    follows = float(np.corrcoef(rankdata(values[present]), rankdata(lives.weeks[present]))[0, 1])
    if abs(follows) < MAX_RANK_CORRELATION:
        return None
    reason = (
        f"it follows how long entities lived until they were settled (rank correlation {follows:.2f}; the limit is {MAX_RANK_CORRELATION})"
    )
    return Finding(column.name, "moment", reason, {"rank_correlation": follows})


def _by_burst(column: BinnedColumn, lives: Lifespans) -> Finding | None:
    best: tuple[float, int, int, int] | None = None
    for at_risk, settled in lives.bursts:
        code = column.codes[lives.first_look_row[at_risk]]
        count = tally(code, column.size)
        least = np.where(count >= LEAST_AT_RISK, _least_odds(tally(code, column.size, settled.astype(np.float64)), count, settled), 0.0)
        region = int(np.argmax(least))
        if least[region] >= LIMIT_ODDS and (best is None or least[region] > best[0]):
            best = (float(least[region]), region, int(np.sum(settled[code == region])), int(settled.sum()))
    if best is None:
        return None
    odds, region, both, all_ = best
    reason = f"{column.labels[region]} tells when entities are settled: {both} of the {all_} that were settled in one week have it"
    return Finding(column.name, "moment", reason, {"least_odds_ratio": odds})


def _least_odds(inside: Floats, count: Floats, settled: Ints) -> Floats:
    """The odds ratio between a code and being in the burst, less three standard errors."""
    cells = [inside, count - inside, settled.sum() - inside, len(settled) - settled.sum() - count + inside]
    a, b, c, d = (cell + 0.5 for cell in cells)
    return np.asarray(np.exp(np.log(a * d / (b * c)) - 3 * np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)))
