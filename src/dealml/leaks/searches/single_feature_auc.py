"""The AUC of each feature alone; a feature far out of line with the others is a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from dealml.leaks.binning import BinnedColumn, Floats, Ints, tally
from dealml.leaks.findings import Finding
from dealml.leaks.inspection_sample import InspectionSample

STRENGTH = 20.0
"""How many rows' worth the rate of all weighs against that of one code."""
MAX_AUC = 0.95
"""No honest feature alone has such an AUC, whatever the others have."""
LIMIT_OUT_OF_LINE = 0.88
TIMES_THE_NEXT = 1.5
"""Out of line: this many times the separation of the strongest other feature."""
LIMIT_AT_FIRST = 0.85
ABOVE_THE_OTHERS = 0.8
"""Out of line at an entity's first snapshot: so much more separation than all but a tenth of the other features."""


@dataclass(frozen=True)
class Auc:
    """A feature's AUC alone, and the same less two standard errors."""

    value: float
    least: float


@dataclass(frozen=True)
class SingleFeatureAucs:
    """The AUCs of a feature alone, at all snapshots and at first ones."""

    always: Auc
    """At all labelled snapshots."""
    first: Auc
    """At the first snapshot of each entity."""
    end: Auc
    """At the first snapshot, for the final outcome of the entity."""


@dataclass(frozen=True)
class AucMeasure:
    """Measures how well one column tells the outcome: rates by code, fitted on one half of the entities and judged on the other.

    The direction has no part in it, and a text whose rates hold by chance gains nothing.
    """

    rows: Ints
    group: Ints
    """Of each labelled row: its half and its outcome, as one number."""
    fewest: int
    """Entities of the rarer outcome."""

    @classmethod
    def of(cls, material: InspectionSample, rows: Ints, won: Floats) -> AucMeasure:
        """For some rows of the table and their outcomes."""
        entity = material.entity[rows]
        fewest = min(len(np.unique(entity[won == side])) for side in (0.0, 1.0))
        return cls(rows, (2 * material.half[entity] + won).astype(np.intp), fewest)

    def auc(self, column: BinnedColumn) -> Auc:
        """The AUC of a column alone; its error is that of as many independent entities as the rarer outcome has."""
        counts = tally(column.codes[self.rows] * 4 + self.group, column.size * 4).reshape(-1, 2, 2)
        value = float(np.mean([_judged(counts[:, side], counts[:, 1 - side]) for side in (0, 1)]))
        return Auc(value, value - 2 * float(np.sqrt(max(value * (1 - value), 0.01) / max(self.fewest, 1))))


@dataclass(frozen=True)
class AucMeasures:
    """The AUC measures for all labelled snapshots, for first snapshots, and for first snapshots with final outcomes."""

    always: AucMeasure
    first: AucMeasure
    end: AucMeasure

    @classmethod
    def of(cls, material: InspectionSample) -> AucMeasures:
        """Those of a run."""
        first, settled = material.first, ~np.isnan(material.had)
        return cls(
            AucMeasure.of(material, material.labelled_rows, material.label),
            AucMeasure.of(material, material.labelled_rows[first], material.label[first]),
            AucMeasure.of(material, material.first_row[settled], material.had[settled]),
        )

    def power(self, column: BinnedColumn) -> SingleFeatureAucs:
        """How well a column tells the outcome."""
        return SingleFeatureAucs(self.always.auc(column), self.first.auc(column), self.end.auc(column))


def _judged(fitted: Floats, judged: Floats) -> float:
    """The AUC of rates from codes × (not, had), on the same of other entities."""
    mean = fitted[:, 1].sum() / max(fitted.sum(), 1)
    rate = (fitted[:, 1] + STRENGTH * mean) / (fitted.sum(axis=1) + STRENGTH)
    _, tied = np.unique(rate, return_inverse=True)  # codes of one rate count as ties
    negative, positive = np.bincount(tied, judged[:, 0]), np.bincount(tied, judged[:, 1])
    pairs = positive.sum() * negative.sum()
    return float(positive @ (np.cumsum(negative) - negative / 2) / pairs) if pairs else 0.5


def separation(auc: float) -> float:
    """How many standard deviations two normal distributions of such an AUC lie apart."""
    return float(np.sqrt(2) * ndtri(np.clip(auc, 0.5, 0.9999)))


def out_of_line(name: str, power: SingleFeatureAucs, others: Sequence[SingleFeatureAucs]) -> Finding | None:
    """A finding, if a feature alone is stronger than an honest one among these others would be."""
    strongest = max((other.always.value for other in others), default=0.5)
    evidence = {
        "auc": power.always.value,
        "auc_at_first": power.first.value,
        "auc_of_the_end": power.end.value,
        "strongest_other": strongest,
    }
    if power.always.least >= MAX_AUC:
        return Finding(name, "power", f"alone it has an AUC of {power.always.value:.3f}; the limit is {MAX_AUC}", evidence)
    if power.always.least >= LIMIT_OUT_OF_LINE and separation(power.always.value) >= TIMES_THE_NEXT * separation(strongest):
        reason = f"alone it has an AUC of {power.always.value:.3f}; the strongest other feature has {strongest:.3f}"
        return Finding(name, "power", reason, evidence)
    for at, what in (("first", "the outcome"), ("end", "what became of it in the end")):
        auc, rest = getattr(power, at), [getattr(other, at).value for other in others]
        usual = float(np.quantile(rest, 0.9)) if rest else 0.5
        if auc.least >= LIMIT_AT_FIRST and separation(auc.value) >= separation(usual) + ABOVE_THE_OTHERS:
            reason = f"at an entity's first snapshot it alone tells {what} with an AUC of {auc.value:.3f}"
            return Finding(name, "power", f"{reason}; nine in ten other features stay below {usual:.3f}", evidence)
    return None


def by_power(powers: Mapping[str, SingleFeatureAucs]) -> list[Finding]:
    """The features of a run that are out of line with the rest of them."""
    findings = (out_of_line(name, power, [other for who, other in powers.items() if who != name]) for name, power in powers.items())
    return [finding for finding in findings if finding]
