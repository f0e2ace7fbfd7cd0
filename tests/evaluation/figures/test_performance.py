"""Pictures are drawn, stand apart from pyplot, and say in words what they show."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest

from dealml.evaluation.figures.figure import DrawnFigure
from dealml.evaluation.figures.performance import (
    calibration_curve,
    intervals_by_part,
    lift_curve,
    precision_recall_curve,
    roc_curve,
    top_curve,
)
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.metrics.metrics import auc, average_precision, calibration_error
from tests.evaluation.prediction_fixtures import simulated

DRAWN: dict[str, Callable[..., DrawnFigure]] = {
    "calibration": calibration_curve,
    "roc": roc_curve,
    "precision_recall": precision_recall_curve,
    "lift": lift_curve,
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_drawn_with_title_and_labels(name: str) -> None:
    case = simulated(300)
    picture = DRAWN[name](case.y, case.p, case.w, event="won within 90 days")
    assert picture.name == name
    assert "won within 90 days" in picture.alt
    axes = picture.figure.axes
    assert axes[0].get_title()
    assert axes[-1].get_xlabel()
    assert axes[0].get_ylabel()
    svg = BytesIO()
    picture.figure.savefig(svg, format="svg")
    assert len(svg.getvalue()) > 5000


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize(("y", "p", "w"), [([1, 1], [0.2, 0.5], [1, 1]), ([0, 0], [0.2, 0.5], [1, 1]), ([], [], [])])
def test_one_label_or_none_is_drawn_without_a_warning(name: str, y: list[int], p: list[float], w: list[int]) -> None:
    picture = DRAWN[name](y, p, w)
    picture.figure.savefig(BytesIO(), format="svg")
    assert "nan" not in picture.alt
    assert not [text for text in picture.figure.axes[0].texts if "unknown" in text.get_text()]


@pytest.mark.parametrize("name", DRAWN)
def test_a_price_is_no_formula(name: str) -> None:
    case = simulated(50)
    picture = DRAWN[name](case.y, case.p, case.w, event="won $5_{ to $9")
    picture.figure.savefig(BytesIO(), format="svg")


def test_the_words_hold_the_numbers() -> None:
    case = simulated(300)
    rows = (case.y, case.p, case.w)
    assert f"{auc(*rows):.3f}" in roc_curve(*rows).alt
    assert f"{average_precision(*rows):.3f}" in precision_recall_curve(*rows).alt
    assert f"{case.y.mean():.0%}" in precision_recall_curve(*rows).alt
    assert f"{calibration_error(*rows):.3f}" in calibration_curve(*rows).alt
    assert calibration_curve(*rows).alt.count("observed") == 10


def test_the_words_tell_what_the_top_deals_hold() -> None:
    picture = lift_curve([1] * 2 + [0] * 8, np.linspace(0.9, 0.1, 10), np.ones(10))
    assert "top 10% hold 50% (lift 5.0)" in picture.alt
    assert "top 20% hold 100% (lift 5.0)" in picture.alt
    assert "top 30% hold 100% (lift 3.3)" in picture.alt


def test_the_words_tell_what_the_top_of_the_lists_would_catch() -> None:
    shares = np.linspace(0, 1, 11)
    picture = top_curve(shares, {"won, by the model": np.sqrt(shares), "won, by points of $5": shares})
    assert "won, by the model: 32% in the top 10%, 45% in the top 20%, 55% in the top 30%" in picture.alt
    lines = picture.figure.axes[0].get_lines()
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines}) == 3
    picture.figure.savefig(BytesIO(), format="svg")


def test_a_part_that_one_lacks_is_a_gap_and_bounds_are_told_where_there_are_any() -> None:
    found = {
        "model": {"2024": Interval(0.5, 0.4, 0.6), "2025": Interval(0.3, 0.2, 0.4)},
        "base rate": {"2025": Interval(0.7, np.nan, np.nan)},
    }
    picture = intervals_by_part("Log loss by origin", "origin", "log loss", found)
    assert picture.name == "log_loss_by_origin"
    assert "model: 2024 0.500 (0.400 to 0.600), 2025 0.300 (0.200 to 0.400); base rate: 2025 0.700." in picture.alt
    assert [label.get_text() for label in picture.figure.axes[0].get_xticklabels()] == ["2024", "2025"]
    marks = [line for line in picture.figure.axes[0].get_lines() if line.get_linestyle() in ("-", "-.")]
    assert [round(float(x)) for x in marks[1].get_xdata()] == [1]
    picture.figure.savefig(BytesIO(), format="svg")


def test_no_part_is_drawn_too() -> None:
    assert "Nothing to show" in intervals_by_part("Log loss", "origin", "log loss", {"model": {}}).alt
    intervals_by_part("Log loss", "origin", "log loss", {"model": {}}).figure.savefig(BytesIO(), format="svg")


def test_svg_is_the_same_each_time_and_small_on_paper() -> None:
    case = simulated(50)
    one, two = (roc_curve(case.y, case.p, case.w).svg(5, 4) for _ in range(2))
    assert one == two
    assert 'width="360pt" height="288pt"' in one


def test_lines_differ_without_colour() -> None:
    case = simulated(100)
    for draw in DRAWN.values():
        lines = draw(case.y, case.p, case.w).figure.axes[0].get_lines()
        assert {line.get_linestyle() for line in lines} >= {"-", "--"}


def test_drawing_leaves_pyplot_alone_and_importing_loads_no_matplotlib() -> None:
    code = (
        "import sys, dealml.evaluation.figures.performance as f, dealml.evaluation.figures.figure_sets\n"
        "assert 'matplotlib' not in sys.modules and 'shap' not in sys.modules\n"
        "f.roc_curve([0, 1], [0.2, 0.5], [1, 1])\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
