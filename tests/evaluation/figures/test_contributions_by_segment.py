"""Contributions by subject and segment: sums of features, means over rows, told apart without colour."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest

from dealml.evaluation.figures.contributions_by_segment import group_contributions

SUBJECTS = ["champion", "champion", "timing", "pri$ce$"]
PARTS = np.array([[0.5, 0.25, -0.1, 0.0], [0.1, 0.15, -0.3, 0.0], [-1.0, 0.5, -0.2, 0.0004], [-1.0, 0.5, -0.2, -0.0004]])
SEGMENTS = {"Small $5 to $9": np.array([True, True, False, False]), "Large": np.array([False, False, True, True])}


def test_a_subject_is_the_sum_of_its_features_and_a_segment_the_mean_of_its_rows() -> None:
    picture = group_contributions(PARTS, SUBJECTS, SEGMENTS)
    picture.figure.savefig(BytesIO(), format="svg")
    assert picture.name == "contributions_by_segment"
    assert "all (4 rows): champion 0.000, timing \u22120.200, pri$ce$ 0.000" in picture.alt
    assert "Small $5 to $9 (2 rows): champion +0.500, timing \u22120.200, pri$ce$ 0.000" in picture.alt
    assert "Large (2 rows): champion \u22120.500, timing \u22120.200, pri$ce$ 0.000" in picture.alt
    widths = [[bar.get_width() for bar in axes.patches] for axes in picture.figure.axes]
    np.testing.assert_allclose(widths, [[0, -0.2, 0], [0.5, -0.2, 0], [-0.5, -0.2, 0]], atol=1e-12)


def test_up_and_down_differ_in_direction_hatching_and_sign() -> None:
    small = group_contributions(PARTS, SUBJECTS, SEGMENTS).figure.axes[1]
    assert [bar.get_hatch() or "" for bar in small.patches[:2]] == ["", "////"]
    assert [text.get_text() for text in small.texts[:2]] == ["+0.50", "\u22120.20"]


def test_the_weakest_are_summed_up() -> None:
    picture = group_contributions(PARTS, SUBJECTS, SEGMENTS, shown=2)
    assert "all (4 rows): champion 0.000, 2 other subjects \u22120.200" in picture.alt


def test_without_segments_all_rows_have_a_panel() -> None:
    picture = group_contributions(PARTS, SUBJECTS, {"nobody": np.zeros(4, dtype=bool)})
    assert [axes.get_title() for axes in picture.figure.axes] == ["all (4 rows)"]
    group_contributions(PARTS * 0, SUBJECTS, {}).figure.savefig(BytesIO(), format="svg")


def test_many_segments_stand_in_several_rows() -> None:
    picture = group_contributions(PARTS, SUBJECTS, {f"segment {n}": np.ones(4, dtype=bool) for n in range(5)})
    assert [bool(axes.axison) for axes in picture.figure.axes] == [True] * 6 + [False] * 2


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        group_contributions(PARTS, SUBJECTS[:2], {})
    with pytest.raises(ValueError, match="nothing to draw"):
        group_contributions(PARTS[:0], SUBJECTS, {})
