"""All searches over one feature, a true one or a canary; only power compares it with others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.leaks.binning import BinnedColumn
from dealml.leaks.findings import Finding, Search
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.searches.filled_after_outcome import RegionGap, region_gap
from dealml.leaks.searches.ids_and_clocks import orders_time
from dealml.leaks.searches.one_sided_regions import RegionOutcomes, region_outcomes
from dealml.leaks.searches.settlement_time import Lifespans, tells_when
from dealml.leaks.searches.time_invariant import ComparableFeature, as_comparable
from dealml.leaks.searches.training_serving_skew import Weeks, lost_in_serving
from dealml.leaks.weekly_panel import WeeklyPanel, weekly_panel_of

MAX_CHANCE = 1e-5
"""Of the chance that honest values lie so far apart between open and settled entities."""
LIMIT_CHANGING = 1e-6
TOLERATED_CHANGING = 0.1
"""Values that change in an entity's life are compared more loosely: only what all but vanished counts."""
TIMES = 8.0
"""Honest values known from the start multiply or divide the odds of the outcome by less."""
WITH_OUTCOME = ((TIMES, 0.05), (5.0, 0.015), (3.0, 0.001))
"""Larger chances are evidence enough where a region also decides the outcome: multiplies or divides its odds by so much."""
DECIDES = 0.1
"""It does where the chance to be so one-sided at such odds is less than this,"""
LIMIT_BOTH = 0.02
"""and the product of both chances less than this part of the one allowed."""
LIMIT_ALONE = 5e-3
"""Of the chance to be so one-sided, where hardly an open entity has the region."""
TIMES_UNCOMPARED = 20.0
LIMIT_UNCOMPARED = 1e-3
"""The same where there is nothing open to compare with."""
REFUTED = 0.1
"""A region with more than this part of what honest values lead one to expect among open entities is honest, however one-sided."""


@dataclass(frozen=True)
class Searcher:
    """What the searches over single features share."""

    material: InspectionSample
    looks: WeeklyPanel
    lives: Lifespans
    weeks: Weeks | None

    @classmethod
    def of(cls, material: InspectionSample) -> Searcher:
        """Prepare the searches."""
        looks = weekly_panel_of(material)
        return cls(material, looks, Lifespans.of(looks), Weeks.of(looks))

    def findings(self, column: BinnedColumn) -> list[Finding]:
        """Everything that is suspicious about a feature by itself."""
        if not column.varies:
            return []
        compared = as_comparable(column, self.looks, self.material.as_of - self.material.since)
        findings = [orders_time(self.material, column, compared.never_changes), *self._settled(compared)]
        if compared.never_changes:
            findings.append(tells_when(compared.column, self.lives))
        if self.weeks:
            findings.append(lost_in_serving(column, self.weeks))
        return [finding for finding in findings if finding]

    def _settled(self, feature: ComparableFeature) -> list[Finding | None]:
        ends = self.looks.coarse if feature.never_changes else self.looks.fine
        if ends is None:
            return [_one_sided(feature, region_outcomes(self.material, feature.column), None)] if feature.never_changes else []
        codes = feature.column.codes[self.looks.row]
        tolerated, limit = (1.0, MAX_CHANCE) if feature.never_changes else (TOLERATED_CHANGING, LIMIT_CHANGING)
        open_, settled = (region_gap(ends, feature.column, codes, of_open, tolerated) for of_open in (True, False))
        lacking = _lacking(feature, open_, "open", limit) or _lacking(feature, settled, "settled", limit)
        if lacking or not feature.never_changes:
            return [lacking]
        pure = region_outcomes(self.material, feature.column)
        return [_lacking_and_pure(feature, open_, pure) or _one_sided(feature, pure, open_)]


def _lacking(feature: ComparableFeature, side: RegionGap, who: str, limit: float) -> Finding | None:
    region = int(np.argmin(side.chance))
    if side.chance[region] >= limit:
        return None
    return _finding(feature.column, side, who, region)


def _finding(column: BinnedColumn, side: RegionGap, who: str, region: int, more: str = "") -> Finding:
    search: Search = "missing" if column.is_missingness(region) else "settled"
    reason = (
        f"{column.region(region)} stands on {side.observed[region]:.0f} of {side.total:.0f} {who} entities where "
        f"{side.honest[region]:.0f} would be usual{more}"
    )
    return Finding(column.name, search, reason, {"found": float(side.observed[region]), "usual": float(side.honest[region])})


def _lacking_and_pure(feature: ComparableFeature, open_: RegionGap, pure: RegionOutcomes) -> Finding | None:
    for times, most in WITH_OUTCOME:
        chance = pure.chance(times)
        both = np.where((open_.chance < most) & (chance < DECIDES), open_.chance * chance, 1.0)
        region = int(np.argmin(both))
        if both[region] < LIMIT_BOTH * most:
            return _finding(feature.column, open_, "open", region, f", and {_ended(pure, region)}")
    return None


def _one_sided(feature: ComparableFeature, pure: RegionOutcomes, open_: RegionGap | None) -> Finding | None:
    if open_ is None:
        chance, limit = pure.chance(TIMES_UNCOMPARED), LIMIT_UNCOMPARED
    else:
        refuted = open_.observed > np.maximum(1.0, REFUTED * open_.honest)
        chance, limit = np.where(refuted, 1.0, pure.chance(TIMES)), LIMIT_ALONE
    region = int(np.argmin(chance))
    if chance[region] >= limit:
        return None
    reason = f"from the start {feature.column.region(region)} all but decides the outcome: {_ended(pure, region)}"
    return Finding(feature.column.name, "purity", reason, {"entities": float(pure.entities[region]), "had": float(pure.had[region])})


def _ended(pure: RegionOutcomes, region: int) -> str:
    return (
        f"{pure.had[region]:.0f} of its {pure.entities[region]:.0f} settled entities had the outcome, "
        f"against {pure.all_had / max(pure.all, 1):.0%} of all"
    )
