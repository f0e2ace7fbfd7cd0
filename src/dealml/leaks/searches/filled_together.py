"""Features that are filled in together with a refused one: where the values of one tell the outcome, so do the other's.

A source often fills in several attributes at the close. The rarer ones stand on too few entities to be refused by their own evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.special import betainc

from dealml.leaks.binning import MISSING, BinnedColumn, Flags
from dealml.leaks.findings import Finding
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.searches.one_sided_regions import region_outcomes

LEAST_ENTITIES = 10
"""Fewer with a value tell nothing."""
TOGETHER = 0.95
"""Such a share of the entities with a value must have the refused feature's too."""
MAX_CHANCE = 1e-6
"""Of the chance that as many have both by lot."""
TIMES, DECIDES = 3.0, 1e-3
"""The refused feature's values multiply or divide the odds of the outcome by more than so much, beyond this chance."""


def filled_together(material: InspectionSample, columns: Sequence[BinnedColumn], findings: Iterable[Finding]) -> list[Finding]:
    """Find features whose values stand only where a refused feature has one, and that one's values decide the outcome.

    Parameters
    ----------
    columns
        All features of the run.
    findings
        What the searches over single features found.

    Returns
    -------
    list of Finding
        One for each such feature without a finding; `because` names the refused feature.
    """
    refused = {finding.feature for finding in findings}
    telling = {column.name: present for column in columns if column.name in refused and (present := _telling(material, column)) is not None}
    others = [column for column in columns if column.name not in refused]
    return [finding for column in others if (finding := _together(column.name, _has_value(material, column), telling))]


def _has_value(material: InspectionSample, column: BinnedColumn) -> Flags:
    """Of each entity: whether any of its snapshots has a value."""
    return np.bincount(material.entity[column.codes != MISSING], minlength=len(material.hashes)) > 0


def _telling(material: InspectionSample, column: BinnedColumn) -> Flags | None:
    """Which entities have a value; None where that does not decide the outcome."""
    present = column.members.shape[1] - 1
    pure = region_outcomes(material, column)
    return _has_value(material, column) if pure.chance(TIMES)[present] < DECIDES else None


def _together(name: str, here: Flags, telling: dict[str, Flags]) -> Finding | None:
    count = int(here.sum())
    if count < LEAST_ENTITIES:
        return None
    both = {refused: int((here & there).sum()) for refused, there in telling.items()}
    refused = max(sorted(both), key=lambda other: both[other], default=None)
    if refused is None or both[refused] < TOGETHER * count:
        return None
    share = float(telling[refused].mean())
    if betainc(both[refused], count - both[refused] + 1, share) >= MAX_CHANCE:
        return None
    reason = (
        f"has a value on {count} entities, and {both[refused]} of these have one of {refused}, as {share:.0%} of all do: "
        "they seem to be filled in together"
    )
    return Finding(name, "together", reason, {"entities": float(count), "both": float(both[refused])}, because=refused)
