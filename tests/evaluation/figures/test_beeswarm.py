"""The SHAP picture: drawn by shap, with its side effects kept in."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest

from dealml.evaluation.figures.beeswarm import beeswarm


def matrices(rows: int = 60) -> tuple[np.ndarray, np.ndarray]:
    values = np.random.default_rng(0).normal(size=(rows, 3))
    contributions = np.column_stack([values[:, 0] * 2, -values[:, 1], np.zeros(rows)])
    values[0, :2] = np.nan
    return contributions, values


def test_it_is_drawn_and_told() -> None:
    contributions, values = matrices()
    picture = beeswarm(contributions, values, ["champion_depth", "price_$_per_$", "noise"])
    picture.figure.savefig(BytesIO(), format="svg")
    strength = np.abs(contributions).mean(axis=0)
    assert picture.alt.startswith("Contributions of 3 features to 60 forecasts")
    assert f"champion_depth {strength[0]:.3f}, high values raise the forecast" in picture.alt
    assert f"price_$_per_$ {strength[1]:.3f}, high values lower the forecast" in picture.alt
    assert "noise 0.000, no clear direction" in picture.alt
    assert picture.alt.index("champion_depth") < picture.alt.index("price_") < picture.alt.index("noise")


def test_only_the_strongest_are_shown() -> None:
    picture = beeswarm(*matrices(), ["a", "b", "c"], shown=2)
    assert "a 1." in picture.alt
    assert "; b" not in picture.alt
    labels = [label.get_text() for label in picture.figure.axes[0].get_yticklabels()]
    assert labels == ["Sum of 2 other features", "a"]


@pytest.mark.parametrize("rows", [1, 2])
def test_few_rows_are_drawn(rows: int) -> None:
    beeswarm(*matrices(rows), ["a", "b", "c"]).figure.savefig(BytesIO(), format="svg")


def test_side_effects_stay_in() -> None:
    np.random.seed(5)
    expected = np.random.random()
    one, two = BytesIO(), BytesIO()
    for target, seed in ((one, 5), (two, 6)):
        np.random.seed(seed)
        beeswarm(*matrices(), ["a", "b", "c"]).figure.savefig(target, format="png")
    assert one.getvalue() == two.getvalue()
    np.random.seed(5)
    beeswarm(*matrices(), ["a", "b", "c"])
    assert np.random.random() == expected
    from matplotlib import pyplot

    assert pyplot.get_fignums() == []


def test_what_does_not_fit_is_refused() -> None:
    contributions, values = matrices()
    with pytest.raises(ValueError, match="do not fit"):
        beeswarm(contributions, values, ["a", "b"])
    with pytest.raises(ValueError, match="nothing to draw"):
        beeswarm(contributions[:0], values[:0], ["a", "b", "c"])
