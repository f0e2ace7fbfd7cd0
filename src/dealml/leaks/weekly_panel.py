"""The weekly panel: every entity once a week until it is settled, compared with those that are still open at an end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dealml.leaks.binning import Flags, Floats, Ints, tally
from dealml.leaks.inspection_sample import InspectionSample

SHORTEST, LONGEST = 4, 52
"""Least and most weeks that are looked back from an end."""
EARLIER_ENDS = 8
LEAST_OPEN = 20
BLOCKS, BANDS = 4, 4
"""Stretches of time, and bands of age, within which values that never change are compared."""
FINE_BANDS = 2
"""Bands of age for values that change; these are compared week by week."""
LEAST_SETTLED = 10
"""Fewer settled looks in a stratum, and its open entities count for less."""


@dataclass(frozen=True)
class OpenVersusSettled:
    """Panel rows of the weeks before an end, in strata in which open and settled entities are alike in time and age."""

    looks: Ints
    """Places among the looks."""
    is_open: Flags
    """Of each look: whether its entity was still open at the end."""
    stratum: Ints
    weight: Floats
    """Of each look: its part of its entity, which counts as one; less in thin strata."""
    entity: Ints

    @property
    def strata(self) -> int:
        """How many strata there are."""
        return int(self.stratum.max(initial=-1)) + 1

    def mass(self, codes: Ints, size: int, of_open: bool) -> tuple[Floats, Floats, Floats]:
        """Entities with each code on one side, as many as the other side's shares lead one to expect, and the other side's own."""
        here = self.is_open == of_open
        stratum, code, weight = self.stratum, codes[self.looks], self.weight
        there_counts = tally(stratum[~here] * size + code[~here], self.strata * size).reshape(-1, size)
        in_stratum = there_counts.sum(axis=1)
        mine = here & (in_stratum[stratum] > 0)
        mass_by_stratum = tally(stratum[mine], self.strata, weight[mine])
        shares = there_counts / np.maximum(in_stratum, 1)[:, None]
        return tally(code[mine], size, weight[mine]), np.asarray(mass_by_stratum @ shares), tally(code[~here], size, weight[~here])


@dataclass(frozen=True)
class Ends:
    """The end of the data and earlier ends, each with its looks."""

    now: OpenVersusSettled
    earlier: tuple[OpenVersusSettled, ...]

    @cached_property
    def repeats(self) -> dict[bool, float]:
        """Of open entities and of settled ones: how often one is counted over the earlier ends, which makes counts less certain."""
        return {side: _repeats(self.earlier, side) for side in (True, False)}


def _repeats(ends: tuple[OpenVersusSettled, ...], of_open: bool) -> float:
    parts = [(end.entity[end.is_open == of_open], end.weight[end.is_open == of_open]) for end in ends]
    size = max((int(entity.max(initial=0)) + 1 for entity, _ in parts), default=1)
    mass = sum((tally(entity, size, weight) for entity, weight in parts), np.zeros(size))
    return max(float(mass @ mass) / max(float(mass.sum()), 1e-9), 1.0)


@dataclass(frozen=True)
class WeeklyPanel:
    """One look a week at each entity, those of what is at stake now last in time."""

    row: Ints
    """Of each look: its row in the material's table."""
    entity: Ints
    week: Ints
    age: Floats
    settled_in: Ints
    """Of each entity: the week in which it was settled; far away where it is open."""
    first_week: Ints
    fine: Ends | None
    """For values that change; None where there is nothing open to compare with."""
    coarse: Ends | None
    """For values that never change."""


NEVER = np.iinfo(np.int64).max


def weekly_panel_of(material: InspectionSample) -> WeeklyPanel:
    """The first snapshot of each entity in each week, and what is at stake now as a week of its own."""
    past = len(material.table) - material.serving
    week = np.floor((material.as_of - 4) / 7).astype(np.int64)  # weeks begin on Mondays
    now = int(week[:past].max(initial=0)) + 1
    week[past:] = now
    order = np.lexsort((material.as_of, week, material.entity))
    entity, weeks = material.entity[order], week[order]
    row = order[np.insert((np.diff(entity) != 0) | (np.diff(weeks) != 0), 0, True)]
    entity, weeks = material.entity[row], week[row]
    age = material.as_of[row] - material.since[row]
    count = len(material.hashes)
    last, first = np.zeros(count, dtype=np.int64), np.full(count, NEVER)
    np.maximum.at(last, entity, weeks)
    np.minimum.at(first, entity, weeks)
    settled_in = np.where(material.is_open, NEVER, last + 1)
    fine, coarse = _compared(entity, weeks, age, now)
    return WeeklyPanel(row, entity, weeks, age, settled_in, first, fine, coarse)


def _compared(entity: Ints, week: Ints, age: Floats, now: int) -> tuple[Ends | None, Ends | None]:
    if np.sum(week == now) < LEAST_OPEN:
        return None, None
    back = int(np.clip(round(2 * float(np.median(age[week == now])) / 7), SHORTEST, LONGEST))
    earlier = _earlier_ends(entity, week, now, back)

    def ends(block: int, bands: int) -> Ends:
        at = [_at(entity, week, age, end, back, block, bands) for end in (now, *earlier)]
        return Ends(at[0], tuple(at[1:]))

    return ends(1, FINE_BANDS), ends(max(back // BLOCKS, 1), BANDS)


def _earlier_ends(entity: Ints, week: Ints, now: int, back: int) -> list[int]:
    """Earlier weeks, the latest first, most of whose open entities are settled by now; where there are none, as many as can be had."""
    open_now = np.zeros(int(entity.max()) + 1, dtype=bool)
    open_now[entity[week == now]] = True
    settled_by_now = {}
    for end in range(now - 2, int(week.min()) + back, -1):
        then = entity[week == end]
        if len(then) >= LEAST_OPEN:
            settled_by_now[end] = 1 - float(open_now[then].mean())
    least = min(0.5, 0.5 * max(settled_by_now.values(), default=0.0))
    ends: list[int] = []
    for end, share in settled_by_now.items():
        if share > 0 and share >= least and (not ends or ends[-1] - end >= max(back // 2, 1)):
            ends.append(end)
    return ends[:EARLIER_ENDS]


def _at(entity: Ints, week: Ints, age: Floats, end: int, back: int, block: int, bands: int) -> OpenVersusSettled:
    open_then = np.zeros(int(entity.max()) + 1, dtype=bool)
    open_then[entity[week == end]] = True
    looks = np.flatnonzero((week > end - back) & (week <= end))
    is_open = open_then[entity[looks]]
    bounds = np.quantile(age[looks][is_open], np.linspace(0, 1, bands + 1)[1:-1])
    stratum = (end - week[looks]) // block * bands + np.searchsorted(bounds, age[looks])
    settled = np.bincount(stratum[~is_open], minlength=int(stratum.max()) + 1)
    per_entity = np.bincount(entity[looks])[entity[looks]]
    weight = np.minimum(1.0, settled / LEAST_SETTLED)[stratum] / per_entity
    return OpenVersusSettled(looks, is_open, stratum.astype(np.intp), np.where(is_open, weight, 1.0 / per_entity), entity[looks])
