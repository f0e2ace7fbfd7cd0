"""Which features move the forecasts, and which way: the SHAP beeswarm."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from dealml.evaluation.figures.figure import DrawnFigure, new_figure, plain

LIGHT, DARK = "#a9cbe8", "#0b1f3f"
"""Shades of low and high values: one hue, so that they differ in a grey print too."""

Matrix = NDArray[np.float64]


def beeswarm(contributions: ArrayLike, values: ArrayLike, names: Sequence[str], *, shown: int = 12) -> DrawnFigure:
    """Draw each feature's contributions, a point a row, the darker the higher the feature's value.

    Parameters
    ----------
    contributions : array (n, features)
        Parts of the margin in log-odds, without the base; n at least 1.
    values : array (n, features)
        The features' values, categories as codes; nan where missing (drawn grey).
    names : sequence of text (features,)
        The features' names.
    shown : int
        Lines in the picture; the features past it are summed up in the last one.

    Raises
    ------
    ValueError
        If there is nothing to draw, or the shapes do not fit.
    """
    parts, given = np.asarray(contributions, dtype=np.float64), np.asarray(values, dtype=np.float64)
    _check(parts, given, names)
    figure = new_figure(8.0, 1.8 + 0.4 * min(shown, len(names)))
    axes = figure.subplots()
    with _shap_tamed():
        from matplotlib.colors import LinearSegmentedColormap
        from shap import Explanation
        from shap.plots import beeswarm as draw

        shades = LinearSegmentedColormap.from_list("light_to_dark", [LIGHT, DARK])
        explained = Explanation(values=parts, data=given, feature_names=[plain(name) for name in names])
        draw(explained, max_display=shown, ax=axes, show=False, plot_size=None, color=shades)
    axes.set(title="What moves the forecasts", xlabel="contribution in log-odds: left lowers, right raises the forecast")
    return DrawnFigure("beeswarm", figure, _alt(parts, given, names, shown))


@contextmanager
def _shap_tamed() -> Iterator[None]:
    """Keep shap's side effects in: warnings of old colour calls, and jitter from numpy's shared random state."""
    state = np.random.get_state()
    np.random.seed(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(state)


def _check(parts: Matrix, given: Matrix, names: Sequence[str]) -> None:
    if parts.ndim != 2 or parts.shape != given.shape or parts.shape[1] != len(names):
        raise ValueError(f"contributions {parts.shape}, values {given.shape} and {len(names)} names do not fit")
    if parts.size == 0:
        raise ValueError("contributions are empty: there is nothing to draw")


def _alt(parts: Matrix, given: Matrix, names: Sequence[str], shown: int) -> str:
    strength = np.abs(parts).mean(axis=0)
    # shap's last line holds the sum of what does not fit, so one feature less has its own.
    named = shown if len(names) <= shown else shown - 1
    order = np.argsort(-strength, kind="stable")[:named]
    sentence = "; ".join(f"{names[i]} {strength[i]:.3f}, {_direction(given[:, i], parts[:, i])}" for i in order)
    return f"Contributions of {len(names)} features to {len(parts)} forecasts, mean size in log-odds: {sentence}."


def _direction(given: Matrix, parts: Matrix) -> str:
    """Say what high values go with, by the sign of the rank correlation; 0.3 either way is a clear one."""
    present = ~np.isnan(given)
    if len(np.unique(given[present])) < 2 or len(np.unique(parts[present])) < 2:
        return "no clear direction"
    ranks = [pd.Series(column[present]).rank() for column in (given, parts)]
    correlation = float(np.corrcoef(ranks[0], ranks[1])[0, 1])
    if abs(correlation) < 0.3:
        return "no clear direction"
    return "high values raise the forecast" if correlation > 0 else "high values lower the forecast"
