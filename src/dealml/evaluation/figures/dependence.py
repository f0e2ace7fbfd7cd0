"""How the contribution of the strongest features depends on their values, and on one other feature each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from dealml.evaluation.figures.figure import DrawnFigure, new_figure, plain, shortened, signed
from dealml.evaluation.figures.interaction import (
    FIRST,
    NEITHER,
    SECOND,
    Codes,
    InteractionSplit,
    Matrix,
    Vector,
    formatted_value,
    is_discrete,
    strongest_split,
)
from dealml.learning.encoding import Field

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_TEXTS = 8
"""Texts of a feature with a place of their own on the axis; the rarer ones share one."""
MOST_TICKS = 5
EDGES = (0.01, 0.99)
"""Quantiles at which values that lie farther out are drawn: one huge amount would press all others together."""
_INK = "#1f3b64"
_GOLDEN = 0.618033988749895
"""Its multiples fill an interval evenly: marks are spread without chance."""
_STYLES: dict[int, dict[str, Any]] = {
    FIRST: {"marker": "o", "facecolors": _INK, "edgecolors": _INK, "s": 16},
    SECOND: {"marker": "^", "facecolors": "none", "edgecolors": "#a4510b", "s": 24},
    NEITHER: {"marker": "x", "color": "#6b6b6b", "s": 18},
}
"""Of the halves: unlike in shape and filling, so that nothing rests on colour."""


@dataclass(frozen=True, eq=False)
class _Axis:
    """Where the values of a feature stand on the axis, with a place of its own for what is missing."""

    places: Vector
    ticks: list[float]
    labels: list[str]
    border: float
    """Between the values and what is missing."""
    room: Vector
    """Of each row, the width in which marks of its value are spread; 0 where values lie close anyway."""
    note: str = ""
    """What a reader of the axis has to know."""


def dependence(contributions: ArrayLike, values: ArrayLike, fields: Sequence[Field], *, shown: int = 4) -> DrawnFigure:
    """Draw value against contribution for the features with the largest mean size of contribution.

    The marks tell two halves of the rows apart by the feature that each interacts with most, as
    `strongest_split` estimates it; where there is none, all marks are alike.

    Parameters
    ----------
    contributions : array (n, features)
        Parts of the margin in log-odds, without the base; at least one differs from 0.
    values : array (n, features)
        The features' values, categories as codes; nan where missing.
    fields : sequence of Field (features,)
        The features' names and categories.
    shown : int
        How many features are drawn; one that contributes nothing is not.

    Raises
    ------
    ValueError
        If there is nothing to draw, or the shapes do not fit.
    """
    parts, given = np.asarray(contributions, dtype=np.float64), np.asarray(values, dtype=np.float64)
    _check(parts, given, fields)
    strength = np.abs(parts).mean(axis=0)
    strongest = [int(index) for index in np.argsort(-strength, kind="stable")[:shown] if strength[index] > 0]
    columns = min(2, len(strongest))
    rows = -(-len(strongest) // columns)
    figure = new_figure(5.6 * columns, 4.2 * rows)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    sentences = []
    for index, axes in zip(strongest, panels, strict=False):
        split = strongest_split(index, parts, given, fields)
        _draw(axes, given[:, index], parts[:, index], fields[index], split)
        sentences.append(
            f"{fields[index].name} (mean size {strength[index]:.3f}): "
            f"{_dependence_sentence(given[:, index], parts[:, index], fields[index], split)}"
        )
    for axes in panels[len(strongest) :]:
        axes.set_axis_off()
    figure.suptitle("How contributions depend on values", fontsize="medium")
    opening = f"Value against contribution in log-odds of {len(parts)} forecasts, for the {len(strongest)} strongest features."
    return DrawnFigure("dependence", figure, " ".join([opening, *sentences]))


def _check(parts: Matrix, given: Matrix, fields: Sequence[Field]) -> None:
    if parts.ndim != 2 or parts.shape != given.shape or parts.shape[1] != len(fields):
        raise ValueError(f"contributions {parts.shape}, values {given.shape} and {len(fields)} fields do not fit")
    if not parts.any():
        raise ValueError("no feature contributes anything: there is nothing to draw")


def _draw(axes: Axes, values: Vector, parts: Vector, field: Field, split: InteractionSplit | None) -> None:
    axis = _numbers(values) if field.categories is None else _texts(values, field.categories)
    halves: Codes = np.zeros(len(values), dtype=np.intp) if split is None else split.halves
    named = ("every row",) if split is None else (*split.labels, f"{split.feature} missing")
    sides = {FIRST: 0.2, SECOND: -0.2, NEITHER: 0.0} if split else {FIRST: 0.0}
    scattered = 0.16 * (np.arange(len(values)) * _GOLDEN % 1 - 0.5)
    axes.axhline(0.0, color="#6b6b6b", linewidth=1.0, linestyle="--")
    if np.isnan(values).any():
        axes.axvline(axis.border, color="#6b6b6b", linewidth=0.8, linestyle=":")
    for half, side in sides.items():
        which = halves == half
        if which.any():
            places = (axis.places + axis.room * (scattered + side))[which]
            axes.scatter(places, parts[which], label=plain(named[half]), linewidths=0.8, alpha=0.7, **_STYLES[half])
    turned: dict[str, Any] = {} if field.categories is None else {"rotation": 30, "ha": "right"}
    axes.set_xticks(axis.ticks, [plain(label) for label in axis.labels], **turned)
    axes.set(xlabel=plain(field.name + axis.note), ylabel="contribution in log-odds")
    axes.legend(loc="best", fontsize="small")


def _numbers(values: Vector) -> _Axis:
    from matplotlib.ticker import MaxNLocator

    present = values[~np.isnan(values)]
    if not len(present):
        return _Axis(np.zeros(len(values)), [0.0], ["missing"], -0.5, np.ones(len(values)))
    discrete, distinct = is_discrete(values), np.unique(present)
    low, high = (float(end) for end in ((present.min(), present.max()) if discrete else np.quantile(present, EDGES)))
    span = high - low or 1.0
    gap = float(np.diff(distinct).min(initial=span)) if discrete else 0.0
    missing = high + max(gap, 0.16 * span)
    ticks = distinct if len(distinct) <= MOST_TICKS else MaxNLocator(MOST_TICKS - 1).tick_values(low, high)
    ticks = [float(tick) for tick in ticks if low <= tick <= high]
    labels = [formatted_value(tick) for tick in ticks]
    if len(present) < len(values):
        ticks, labels = [*ticks, missing], [*labels, "missing"]
    places = np.where(np.isnan(values), missing, np.clip(values, low, high))
    room = np.where(np.isnan(values), max(gap, 0.1 * span), gap)
    return _Axis(places, ticks, labels, (high + missing) / 2, room, "" if discrete else " (the outer 1% on either side stand at the edge)")


def _texts(values: Vector, categories: Sequence[str]) -> _Axis:
    codes, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    ranked = [int(code) for code in codes[np.argsort(-counts, kind="stable")]]
    labels = [shortened(categories[code]) for code in ranked[:MOST_TEXTS]]
    if len(ranked) > MOST_TEXTS:
        labels.append(f"{len(ranked) - MOST_TEXTS} others")
    place_of = np.full(len(categories) + 1, len(labels), dtype=np.float64)
    for index, code in enumerate(ranked):
        place_of[code] = min(index, MOST_TEXTS)
    places = place_of[np.where(np.isnan(values), len(categories), np.nan_to_num(values)).astype(np.intp)]
    border = len(labels) - 0.5
    if np.isnan(values).any():
        labels.append("missing")
    return _Axis(places, [float(index) for index in range(len(labels))], labels, border, np.ones(len(values)))


def _dependence_sentence(values: Vector, parts: Vector, field: Field, split: InteractionSplit | None) -> str:
    """The mean contribution in each part of the values, and what it differs by."""
    groups = _thirds(values) if field.categories is None else _by_category(values, field.categories)
    if np.isnan(values).any():
        groups["missing"] = np.isnan(values)
    means = ", ".join(f"{name} {signed(float(parts[which].mean()))}" for name, which in groups.items() if which.any())
    if split is None:
        return f"{means}; no other feature shifts it clearly."
    return f"{means}; at like values, rows with {split.labels[0]} and {split.labels[1]} lie {split.difference:.3f} apart on average."


def _thirds(values: Vector) -> dict[str, Any]:
    present = values[~np.isnan(values)]
    if not len(present):
        return {}
    low, high = np.quantile(present, (1 / 3, 2 / 3))
    if low == high:
        return {
            f"below {formatted_value(low)}": values < low,
            formatted_value(low): values == low,
            f"above {formatted_value(low)}": values > low,
        }
    return {f"up to {formatted_value(low)}": values <= low, f"from {formatted_value(high)}": values >= high}


def _by_category(values: Vector, categories: Sequence[str]) -> dict[str, Any]:
    codes, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    return {categories[int(code)]: values == code for code in codes[np.argsort(-counts, kind="stable")][:MOST_TEXTS]}
