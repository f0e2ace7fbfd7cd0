"""Which other feature a feature's contributions depend on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dealml.learning.encoding import Field

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Codes = NDArray[np.intp]

BANDS = 20
"""Of values that are taken for alike; a feature with no more distinct values has a band for each."""
LEAST_SHARE = 0.05
"""Of a feature's mean size of contribution: a smaller difference is none."""
FIRST, SECOND, NEITHER = 0, 1, 2


@dataclass(frozen=True, eq=False)
class InteractionSplit:
    """Rows in two halves by another feature, and how far the contributions of the halves lie apart."""

    feature: str
    halves: Codes
    """Of each row `FIRST`, `SECOND` or, where the other feature is missing, `NEITHER`."""
    labels: tuple[str, str]
    difference: float
    """In log-odds, between rows of like value, on average."""


def strongest_split(index: int, contributions: Matrix, values: Matrix, fields: Sequence[Field]) -> InteractionSplit | None:
    """Find the feature whose halves differ most in another one's contribution, at like values of that one.

    Rows are sorted into bands of like value. Within a band, what a straight line explains of the
    contribution by the value is taken off; otherwise every feature that goes with the value would seem to
    interact. The other feature halves the rows: a number at its median, a text into its most frequent
    category and the rest, a feature that is mostly missing into known and missing. The means of the halves are
    compared band by band. A band weighs as many rows as it holds, less the more uneven its halves are. It is an
    estimate on the rows that are given, not Shapley interaction values, and ties go to the first feature.

    Parameters
    ----------
    index
        Which column is asked about.
    contributions, values
        Rows × features: parts of the margin in log-odds, and the matrix with categories as codes, missing as nan.

    Returns
    -------
    Split or None
        None where no difference reaches `LEAST_SHARE` of the feature's mean size of contribution.
    """
    bands = _bands(values[:, index])
    rest = _beside_line(values[:, index], contributions[:, index], bands)
    best, most = None, LEAST_SHARE * float(np.abs(contributions[:, index]).mean())
    for other, field in enumerate(fields):
        if other == index or np.isnan(values[:, other]).all():
            continue
        halves, labels = _halved(values[:, other], field)
        apart, weight = _apart(rest, bands, halves)
        if weight and apart / len(rest) > most:
            best, most = InteractionSplit(field.name, halves, labels, apart / weight), apart / len(rest)
    return best


def is_discrete(values: Vector) -> bool:
    """Whether a feature has so few values that each is a band of its own."""
    return len(np.unique(values[~np.isnan(values)])) <= BANDS


def formatted_value(value: float) -> str:
    """A feature's value in a label."""
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}").replace("-", "\u2212")


def _bands(values: Vector) -> Codes:
    present = values[~np.isnan(values)]
    edges = np.unique(present) if is_discrete(values) else np.unique(np.quantile(present, np.linspace(0, 1, BANDS + 1)[1:-1]))
    return np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))


def _beside_line(values: Vector, contributions: Vector, bands: Codes) -> Vector:
    """Contributions less the least-squares line of their band."""
    present = np.nan_to_num(values)
    count = np.maximum(np.bincount(bands), 1)
    x = present - (np.bincount(bands, present) / count)[bands]
    y = contributions - (np.bincount(bands, contributions) / count)[bands]
    spread = np.bincount(bands, x * x)
    slope = np.bincount(bands, x * y) / np.where(spread > 0, spread, 1.0)
    return np.asarray(y - slope[bands] * x)


def _halved(values: Vector, field: Field) -> tuple[Codes, tuple[str, str]]:
    present = ~np.isnan(values)
    if present.mean() < 0.5:
        return np.where(present, FIRST, SECOND), (f"{field.name} known", f"{field.name} missing")
    if field.categories is not None:
        codes, counts = np.unique(values[present], return_counts=True)
        most = codes[np.argmax(counts)]
        first, labels = values == most, (f"{field.name}: {field.categories[int(most)]}", f"{field.name}: another")
    else:
        middle, highest = float(np.median(values[present])), float(values[present].max())
        if middle < highest:
            first, labels = (
                values > middle,
                (f"{field.name} above {formatted_value(middle)}", f"{field.name} at most {formatted_value(middle)}"),
            )
        else:
            first, labels = values >= middle, (f"{field.name} {formatted_value(middle)}", f"{field.name} below {formatted_value(middle)}")
    return np.where(present, np.where(first, FIRST, SECOND), NEITHER), labels


def _apart(rest: Vector, bands: Codes, halves: Codes) -> tuple[float, float]:
    """The weighted sum over the bands of how far the halves' means lie apart, and the sum of the weights."""
    length = int(bands.max()) + 1
    counts = [np.bincount(bands[halves == half], minlength=length) for half in (FIRST, SECOND)]
    sums = [np.bincount(bands[halves == half], rest[halves == half], length) for half in (FIRST, SECOND)]
    first, second = (total / np.maximum(count, 1) for total, count in zip(sums, counts, strict=True))
    weight = 4 * counts[0] * counts[1] / np.maximum(counts[0] + counts[1], 1)
    return float((weight * np.abs(first - second)).sum()), float(weight.sum())
