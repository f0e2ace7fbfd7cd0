"""Where the reliability curve's marks stand."""

import pytest

from dealml.page import ReliabilityCurve
from dealml.page.review.reliability_plot import LEFT, SIDE, TOP, nearest, plot_of
from tests.page.row_fixtures import CURVE


def test_a_mark_stands_at_its_score_and_rate() -> None:
    plot = plot_of(ReliabilityCurve((0.5,), (1.0,), (0.0,), (1.0,), (3,)))
    assert plot is not None
    (mark,) = plot.marks
    assert (mark.x, mark.y, mark.y_low, mark.share) == (LEFT + SIDE / 2, TOP, TOP + SIDE, 1)


def test_heavier_groups_are_larger_and_marks_run_from_left_to_right() -> None:
    plot = plot_of(ReliabilityCurve((0.7, 0.1), (0.7, 0.1), (0.6, 0.0), (0.8, 0.2), (1, 4)))
    assert plot is not None
    light, heavy = plot.marks[1], plot.marks[0]
    assert heavy.x < light.x
    assert heavy.radius > light.radius


@pytest.mark.parametrize(
    "curve", [None, ReliabilityCurve((), (), (), (), ()), ReliabilityCurve((0.1,), (float("nan"),), (0.0,), (1.0,), (5,))]
)
def test_nothing_to_draw_is_no_plot(curve: ReliabilityCurve | None) -> None:
    assert plot_of(curve) is None


def test_empty_groups_are_left_out() -> None:
    plot = plot_of(ReliabilityCurve((0.1, 0.9), (0.1, 0.0), (0.0, 0.0), (0.2, 1.0), (5, 0)))
    assert plot is not None
    assert len(plot.marks) == 1


def test_the_example_is_the_group_nearest_to_the_score() -> None:
    plot = plot_of(CURVE)
    assert plot is not None
    assert nearest(plot, 0.3).observed == 0.29
