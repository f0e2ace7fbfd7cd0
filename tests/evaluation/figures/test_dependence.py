"""Dependence: the strongest features, told apart without colour, with missing values in a place of their own."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from matplotlib.axes import Axes

from dealml.evaluation.figures.dependence import dependence
from dealml.learning.encoding import Field

FIELDS = [
    Field("price_$_per_$"),
    Field("flag"),
    Field("industry", ("a very long name of an industry $", *(f"industry {n}" for n in range(11)))),
    Field("weak"),
    Field("idle"),
]


def case(rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    price, flag = random.lognormal(10, 1, rows), random.integers(0, 2, rows).astype(float)
    values = np.column_stack([price, flag, random.integers(0, 12, rows), random.normal(size=rows), random.normal(size=rows)])
    parts = np.zeros((rows, 5))
    parts[:, 0] = np.log(price) - 10 + flag
    parts[:, 1] = 0.5 * (flag - 0.5)
    parts[:, 2] = 0.05 * (values[:, 2] - 6)
    parts[:, 3] = 0.01 * values[:, 3]
    values[::10, :3] = np.nan
    return parts, values


def ticks(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_xticklabels()]


def test_the_strongest_are_drawn_strongest_first_and_told() -> None:
    parts, values = case()
    picture = dependence(parts, values, FIELDS)
    picture.figure.savefig(BytesIO(), format="svg")
    assert picture.name == "dependence"
    names = ["price_", "flag", "industry", "weak"]
    assert [axes.get_xlabel().split(" ")[0].split("\\")[0] for axes in picture.figure.axes] == names
    assert [picture.alt.index(f"{name} (mean size") for name in ("price_$_per_$", "flag", "industry", "weak")] == sorted(
        picture.alt.index(f"{name} (mean size") for name in ("price_$_per_$", "flag", "industry", "weak")
    )
    assert "idle" not in picture.alt
    assert f"(mean size {np.abs(parts[:, 0]).mean():.3f})" in picture.alt
    missing = parts[np.isnan(values[:, 0]), 0].mean()
    assert f"missing {missing:+.3f}; at like values, rows with flag" in picture.alt
    assert "no other feature shifts it clearly" in picture.alt


def test_the_halves_differ_in_shape_and_filling() -> None:
    axes = dependence(*case(), FIELDS).figure.axes[0]
    assert len(axes.collections) == 3
    shapes = {tuple(np.round(marks.get_paths()[0].vertices.ravel(), 3)) for marks in axes.collections}
    assert len(shapes) == 3
    legend = axes.get_legend()
    assert legend is not None
    assert len({text.get_text() for text in legend.get_texts()}) == 3


def test_missing_values_stand_beyond_all_others() -> None:
    parts, values = case()
    axes = dependence(parts, values, FIELDS).figure.axes[0]
    places = np.concatenate([np.asarray(marks.get_offsets())[:, 0] for marks in axes.collections])
    border = [line.get_xdata()[0] for line in axes.get_lines() if line.get_linestyle() == ":"]
    assert len(border) == 1
    assert (places > border[0]).sum() == np.isnan(values[:, 0]).sum()
    assert len(places) == len(values)
    assert ticks(axes)[-1] == "missing"
    assert "stand at the edge" in axes.get_xlabel()
    whole = dependence(parts[1:10], values[1:10], FIELDS).figure.axes
    assert all("missing" not in ticks(axes) for axes in whole)


def test_texts_are_categories_the_rarest_together() -> None:
    axes = dependence(*case(), FIELDS).figure.axes[2]
    labels = ticks(axes)
    assert labels[-2:] == ["4 others", "missing"]
    assert len(labels) == 10
    assert all(len(label) <= 24 for label in labels)


def test_few_values_have_a_tick_each() -> None:
    assert ticks(dependence(*case(), FIELDS).figure.axes[1]) == ["0", "1", "missing"]


@pytest.mark.parametrize("rows", [1, 2])
def test_few_rows_are_drawn(rows: int) -> None:
    parts, values = case()
    picture = dependence(parts[1 : 1 + rows], values[1 : 1 + rows], FIELDS)
    picture.figure.savefig(BytesIO(), format="svg")
    assert "nan" not in picture.alt


def test_a_feature_that_is_never_known_is_drawn() -> None:
    parts, values = case()
    values[:, 0] = np.nan
    picture = dependence(parts[:, :1], values[:, :1], FIELDS[:1])
    picture.figure.savefig(BytesIO(), format="svg")
    assert ticks(picture.figure.axes[0]) == ["missing"]


def test_what_does_not_fit_is_refused() -> None:
    parts, values = case()
    with pytest.raises(ValueError, match="do not fit"):
        dependence(parts, values, FIELDS[:2])
    with pytest.raises(ValueError, match="nothing to draw"):
        dependence(parts * 0, values, FIELDS)
