"""Regions whose settled entities nearly all ended in the same way: more than one honest value tells from the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from dealml.leaks.binning import BinnedColumn, Floats, tally
from dealml.leaks.inspection_sample import InspectionSample

LEAST_OTHERS = 20
"""Fewer settled entities outside a region, and there is nothing to compare it with."""


@dataclass(frozen=True)
class RegionOutcomes:
    """Settled entities and outcomes in each region, and the totals over all settled entities."""

    entities: Floats
    had: Floats
    all: float
    all_had: float

    def chance(self, times: float) -> Floats:
        """The probability of regions as one-sided as these if a region multiplied or divided the odds by a factor.

        The smaller of both directions.
        """
        odds = (self.all_had + 0.5) / (self.all - self.all_had + 0.5)
        had_not = self.entities - self.had
        chance = np.minimum(_at_least(self.had, self.entities, odds * times), _at_least(had_not, self.entities, times / odds))
        return np.where(self.all - self.entities >= LEAST_OTHERS, chance, 1.0)


def _at_least(count: Floats, of: Floats, odds: float) -> Floats:
    """The probability of at least `count` of `of`, at given odds."""
    share = odds / (1 + odds)
    return np.where(count > 0, betainc(np.maximum(count, 1e-9), of - count + 1, share), 1.0)


def region_outcomes(material: InspectionSample, column: BinnedColumn) -> RegionOutcomes:
    """Count settled entities by the region of their first snapshot."""
    is_settled = ~np.isnan(material.had)
    code = column.codes[material.first_row]
    counts = np.asarray(tally(code[is_settled], column.size) @ column.members)
    had = np.asarray(tally(code[is_settled], column.size, material.had[is_settled]) @ column.members)
    return RegionOutcomes(counts, had, float(is_settled.sum()), float(np.nansum(material.had)))
