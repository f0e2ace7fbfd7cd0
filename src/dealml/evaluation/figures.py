"""Pictures of how good the probabilities are, each with its text alternative.

Lines differ in dash and marker as well as in shade, so that nothing rests on
colour. All take labels (0 or 1), probabilities and weights, arrays (n,), and
`event`, what label 1 means ("won within 90 days").
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from dealml.evaluation.calibration import reliability
from dealml.evaluation.curves import Curve, gained_at, gains, precision_recall, roc
from dealml.evaluation.metrics import auc, average_precision, calibration_error
from dealml.evaluation.picture import Picture, new_figure, number, percent, plain, square_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

INK, GREY, PALE = "#1f3b64", "#6b6b6b", "#9aa7b8"
TOP_SHARES = (0.1, 0.2, 0.3)


def calibration_curve(y: ArrayLike, p: ArrayLike, w: ArrayLike, *, event: str = "won", bins: int = 10) -> Picture:
    """Draw forecast against observed rate with 95 % intervals, and below how many rows got which forecast."""
    table = reliability(y, p, w, bins)
    figure = new_figure(6.4, 6.4)
    curve, histogram = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    _draw_chance(curve, 0, 1, "forecast and outcome agree")
    _draw_bins(curve, table)
    curve.set(ylabel=plain(f"observed share {event}"), title="Do the forecasts come true?", ylim=(-0.02, 1.02))
    curve.legend(loc="upper left")
    counts, edges = np.histogram(np.asarray(p, dtype=float), 20, (0.0, 1.0), weights=np.asarray(w, dtype=float))
    histogram.bar(edges[:-1], counts, width=0.05, align="edge", color=PALE, edgecolor=INK, linewidth=0.5)
    histogram.set(xlabel=plain(f"forecast probability: {event}"), ylabel="weight of rows", xlim=(-0.02, 1.02))
    return Picture("calibration", figure, _calibration_alt(table, calibration_error(y, p, w), event))


def roc_curve(y: ArrayLike, p: ArrayLike, w: ArrayLike, *, event: str = "won") -> Picture:
    """Draw the share of label 1 found against the share of label 0 taken along."""
    area = number(auc(y, p, w))
    figure = new_figure()
    title = f"How well the two outcomes are told apart (area {area})"
    axes = square_axes(figure, title, f"share of those not {event}, taken along", f"share of those {event}, found")
    _draw_chance(axes, 0, 1, "drawn by lot (area 0.500)")
    _draw_curve(axes, roc(y, p, w), f"model (area {area})")
    axes.legend(loc="lower right")
    alt = (
        f"ROC curve for {event}: the area under it is {area}; 0.500 is chance, 1 is perfect. "
        f"The model ranks a case {event} above one that is not with that probability."
    )
    return Picture("roc", figure, alt)


def precision_recall_curve(y: ArrayLike, p: ArrayLike, w: ArrayLike, *, event: str = "won") -> Picture:
    """Draw how pure the best-ranked rows are against how much of label 1 they hold."""
    curve, average = precision_recall(y, p, w), number(average_precision(y, p, w))
    # At the lowest threshold everything is selected: the precision left is the base rate.
    base = float(curve.y[-1])
    figure = new_figure()
    title = f"How many of the picked are {event} (average {average})"
    axes = square_axes(figure, title, f"recall: share of all {event}, found", f"precision: share {event} of the picked")
    _draw_chance(axes, base, base, f"picked by lot ({percent(base)})")
    _draw_curve(axes, curve, f"model (average precision {average})")
    axes.legend(loc="upper right")
    alt = f"Precision-recall curve for {event}: average precision {average}; picking by lot would give {percent(base)}."
    return Picture("precision_recall", figure, alt)


def lift_curve(y: ArrayLike, p: ArrayLike, w: ArrayLike, *, event: str = "won") -> Picture:
    """Draw the share of label 1 found when working the best-ranked rows first; the top 10, 20 and 30 % are marked."""
    curve = gains(y, p, w)
    figure = new_figure()
    title = "What working the best first would find"
    axes = square_axes(figure, title, "share worked, highest forecast first", f"share of all {event}, found")
    _draw_chance(axes, 0, 1, "worked in any order")
    _draw_curve(axes, curve, "worked by forecast")
    found = {share: gained_at(curve, share) for share in TOP_SHARES}
    for share, gained in found.items():
        if not isnan(gained):
            _mark(axes, share, gained)
    axes.legend(loc="lower right")
    told = "; ".join(f"the top {percent(share)} hold {_gain(share, gained)}" for share, gained in found.items())
    return Picture("lift", figure, f"Cumulative gains for {event}: of all {event}, {told}.")


def _draw_curve(axes: Axes, curve: Curve, label: str) -> None:
    axes.plot(curve.x, curve.y, label=label, color=INK, linewidth=2.0)


def _draw_chance(axes: Axes, start: float, end: float, label: str) -> None:
    axes.plot([0, 1], [start, end], label=label, color=GREY, linewidth=1.2, linestyle="--")


def _draw_bins(axes: Axes, table: pd.DataFrame) -> None:
    predicted, observed = table["predicted"].to_numpy(), table["observed"].to_numpy()
    reach = np.array([observed - table["low"].to_numpy(), table["high"].to_numpy() - observed])
    axes.errorbar(predicted, observed, yerr=reach, marker="o", capsize=3, color=INK, linewidth=2.0, label="model, 95 % interval")


def _mark(axes: Axes, share: float, gained: float) -> None:
    axes.plot([share], [gained], marker="o", color=INK)
    axes.annotate(
        f"top {percent(share)}: {percent(gained)}",
        (share, gained),
        xytext=(10, -12),
        textcoords="offset points",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def _gain(share: float, gained: float) -> str:
    if isnan(gained):
        return "an unknown share"
    return f"{percent(gained)} (lift {gained / share:.1f})"


def _calibration_alt(table: pd.DataFrame, error: float, event: str) -> str:
    columns = (table[name].tolist() for name in ("predicted", "observed", "low", "high"))
    points = "; ".join(
        f"forecast {percent(predicted)}, observed {percent(observed)} ({percent(low)} to {percent(high)})"
        for predicted, observed, low, high in zip(*columns, strict=True)
    )
    return f"Calibration curve for {event}: calibration error {number(error)}. With 95 % intervals: {points}."
