"""Figures of a model's performance, each with its text alternative.

Lines differ in dash and marker as well as in shade, so that nothing rests on
colour. Most take labels (0 or 1), probabilities and weights, arrays (n,), and
`event`, what label 1 means ("won within 90 days").
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from dealml.evaluation.figures.figure import DrawnFigure, new_figure, number, percent, plain, square_axes
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.metrics.calibration import reliability
from dealml.evaluation.metrics.curves import CurvePoints, gained_at, gains, precision_recall, roc
from dealml.evaluation.metrics.metrics import auc, average_precision, calibration_error
from dealml.evaluation.metrics.ranking import Vector

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

INK, GREY, PALE = "#1f3b64", "#6b6b6b", "#9aa7b8"
TOP_SHARES = (0.1, 0.2, 0.3)
_STYLES: tuple[dict[str, Any], ...] = (
    {"color": INK, "linestyle": "-", "marker": "o"},
    {"color": "#8a4b08", "linestyle": "-.", "marker": "s"},
    {"color": GREY, "linestyle": ":", "marker": "^"},
)
"""Of several lines in one picture: unlike in dash and marker, so that nothing rests on colour."""


def calibration_curve(
    y: ArrayLike, p: ArrayLike, w: ArrayLike, *, event: str = "won", bins: int = 10, clusters: ArrayLike | None = None
) -> DrawnFigure:
    """Draw forecast against observed rate with 95 % intervals, and below how many rows got which forecast.

    `clusters` is the account of each row, as in `reliability`.
    """
    table = reliability(y, p, w, bins, clusters)
    figure = new_figure(6.4, 6.4)
    curve, histogram = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    _draw_chance(curve, 0, 1, "forecast and outcome agree")
    _draw_bins(curve, table)
    curve.set(ylabel=plain(f"observed share {event}"), ylim=(-0.02, 1.02))
    curve.set_title("Do the forecasts come true?", fontsize="medium")
    curve.legend(loc="upper left")
    counts, edges = np.histogram(np.asarray(p, dtype=float), 20, (0.0, 1.0), weights=np.asarray(w, dtype=float))
    histogram.bar(edges[:-1], counts, width=0.05, align="edge", color=PALE, edgecolor=INK, linewidth=0.5)
    histogram.set(xlabel=plain(f"forecast probability: {event}"), ylabel="weight of rows", xlim=(-0.02, 1.02))
    return DrawnFigure("calibration", figure, _calibration_alt(table, calibration_error(y, p, w), event))


def roc_curve(y: ArrayLike, p: ArrayLike, w: ArrayLike, *, event: str = "won") -> DrawnFigure:
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
    return DrawnFigure("roc", figure, alt)


def precision_recall_curve(y: ArrayLike, p: ArrayLike, w: ArrayLike, *, event: str = "won") -> DrawnFigure:
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
    return DrawnFigure("precision_recall", figure, alt)


def lift_curve(y: ArrayLike, p: ArrayLike, w: ArrayLike, *, event: str = "won") -> DrawnFigure:
    """Draw the share of label 1 found when working the best-ranked rows first; the top 10, 20 and 30 % are marked."""
    curve = gains(y, p, w)
    figure = new_figure()
    title = "What working the best first would find"
    axes = square_axes(figure, title, "share worked, highest forecast first", f"share of all {event}, found")
    _draw_chance(axes, 0, 1, "worked in any order")
    _draw_curve(axes, curve, "worked by forecast")
    gained_by_share = {share: gained_at(curve, share) for share in TOP_SHARES}
    for share, gained in gained_by_share.items():
        if not isnan(gained):
            _mark(axes, share, gained)
    axes.legend(loc="lower right")
    sentence = "; ".join(f"the top {percent(share)} hold {_gain(share, gained)}" for share, gained in gained_by_share.items())
    return DrawnFigure("lift", figure, f"Cumulative gains for {event}: of all {event}, {sentence}.")


def top_curve(shares: Vector, caught: Mapping[str, Vector]) -> DrawnFigure:
    """Draw what is caught when the top of each list is worked.

    Parameters
    ----------
    shares : array (k,)
        Of each list worked, rising from 0 to 1.
    caught : mapping
        By what is caught and by whose order ("deals won, model"), the share of it caught, (k,).
    """
    figure = new_figure()
    axes = square_axes(figure, "What working the top of each list would catch", "share of each list worked, from its top", "share caught")
    _draw_chance(axes, 0, 1, "worked in any order")
    for (label, share), style in zip(caught.items(), _STYLES, strict=False):
        axes.plot(shares, share, label=plain(label), linewidth=2.0, markevery=0.1, **style)
    axes.legend(loc="lower right")
    sentence = "; ".join(
        f"{label}: " + ", ".join(f"{percent(float(np.interp(top, shares, share)))} in the top {percent(top)}" for top in TOP_SHARES)
        for label, share in caught.items()
    )
    return DrawnFigure("top", figure, f"Share caught by working the top of each list. {sentence}.")


def intervals_by_part(title: str, x_label: str, measure: str, intervals: Mapping[str, Mapping[str, Interval]]) -> DrawnFigure:
    """Draw a measure part by part, with 95 % intervals where there are any.

    Parameters
    ----------
    intervals : mapping
        By forecaster, then by part; a part that one of them lacks has a gap there.
    """
    figure, intervals = new_figure(), {who: by_part for who, by_part in intervals.items() if by_part}
    axes = figure.subplots()
    parts = list(dict.fromkeys(part for by_part in intervals.values() for part in by_part))
    for number_of, ((who, by_part), style) in enumerate(zip(intervals.items(), _STYLES, strict=False)):
        positions = np.array([parts.index(part) for part in by_part]) + 0.12 * (number_of - (len(intervals) - 1) / 2)
        values = np.array([(i.value, i.value - i.low, i.high - i.value) for i in by_part.values()]).reshape(-1, 3)
        reach = np.nan_to_num(np.maximum(values[:, 1:].T, 0.0))
        axes.errorbar(positions, values[:, 0], yerr=reach, capsize=3, linewidth=1.6, label=plain(who), **style)
    axes.set_xticks(range(len(parts)), [plain(part) for part in parts], rotation=30, ha="right")
    axes.set(xlabel=plain(x_label), ylabel=plain(measure))
    axes.set_title(plain(title), fontsize="medium")
    axes.grid(alpha=0.3)
    if intervals:
        axes.legend()
    sentence = "; ".join(
        f"{who}: " + ", ".join(f"{part} {number(i.value)}{_bounds(i)}" for part, i in by_part.items()) for who, by_part in intervals.items()
    )
    return DrawnFigure(f"{measure.replace(' ', '_')}_by_{x_label}", figure, f"{title}. {sentence or 'Nothing to show'}.")


def _bounds(interval: Interval) -> str:
    return "" if isnan(interval.low) else f" ({number(interval.low)} to {number(interval.high)})"


def _draw_curve(axes: Axes, curve: CurvePoints, label: str) -> None:
    axes.plot(curve.x, curve.y, label=label, color=INK, linewidth=2.0)


def _draw_chance(axes: Axes, start: float, end: float, label: str) -> None:
    axes.plot([0, 1], [start, end], label=label, color=GREY, linewidth=1.2, linestyle="--")


def _draw_bins(axes: Axes, table: pd.DataFrame) -> None:
    predicted, observed = table["predicted"].to_numpy(), table["observed"].to_numpy()
    reach = np.array([observed - table["low"].to_numpy(), table["high"].to_numpy() - observed])
    axes.errorbar(predicted, observed, yerr=reach, marker="o", capsize=3, color=INK, linewidth=2.0, label="model, 95% interval")


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
    return f"Calibration curve for {event}: calibration error {number(error)}. With 95% intervals: {points}."
