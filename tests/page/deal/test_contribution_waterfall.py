"""The waterfall balances, is told in words, and tells up from down without colour."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.page.deal.contribution_waterfall import CHARACTERS, REACH, ContributionWaterfall, placed, waterfall
from tests.page.row_fixtures import HOSTILE, LONG

STEPS = [("Champion sells for us (depth 4)", 0.12), ("No meeting for 41 days", -0.3), ("All others", 0.004)]
SVG = "{http://www.w3.org/2000/svg}"


def level(plot: ContributionWaterfall, x: float) -> float:
    """The probability at a place, by two of the ticks."""
    (left, low), (right, high) = ((x, int(label.rstrip("%")) / 100) for x, label in (plot.ticks[0], plot.ticks[-1]))
    return low + (x - left) / (right - left) * (high - low)


def test_each_bar_begins_where_the_last_one_ended_and_the_last_ends_at_the_end() -> None:
    plot = placed(0.5, 0.324, STEPS)
    assert level(plot, plot.first.x) == pytest.approx(0.5, abs=1e-5)
    assert [level(plot, bar.end) for bar in plot.bars] == pytest.approx([0.62, 0.32, 0.324], abs=1e-5)
    assert plot.last.x == plot.bars[-1].end
    assert level(plot, plot.last.x) == pytest.approx(0.324, abs=1e-5)
    assert [bar.x for bar in plot.bars] == pytest.approx([plot.first.x, plot.bars[1].end, plot.bars[1].end])
    assert [x for x, _, _ in plot.links] == [plot.first.x, *(bar.end for bar in plot.bars)]


@given(st.floats(0, 1), st.lists(st.floats(-0.4, 0.4), max_size=12))
def test_whatever_the_steps_it_balances_and_stays_within_its_width(start: float, values: list[float]) -> None:
    end = start
    for value in values:
        end += value
    plot = placed(start, end, [(f"step {n}", value) for n, value in enumerate(values)])
    assert plot.last.x == (plot.bars[-1].end if plot.bars else plot.first.x)
    for bar in plot.bars:
        assert -1e-3 <= bar.x <= bar.x + bar.width <= REACH + 1e-3
        assert bar.end == pytest.approx(bar.x + bar.width if bar.is_up else bar.x, abs=2e-3)
    tops = [plot.first.y, *(bar.y for bar in plot.bars), plot.last.y]
    assert all(above < below for above, below in zip(tops[:-1], tops[1:], strict=True))
    assert all(0 <= int(label.rstrip("%")) <= 100 for _, label in plot.ticks)
    ElementTree.fromstring(waterfall(start, end, [("step", value) for value in values]))


def test_steps_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="not to 0.4"):
        waterfall(0.5, 0.4, STEPS)


def test_it_is_told_in_words() -> None:
    drawn = ElementTree.fromstring(waterfall(0.5, 0.324, STEPS, first="All deals", last="This deal", name="w7"))
    assert drawn.get("role") == "img"
    title, told = drawn.find("title"), drawn.find("desc")
    assert title is not None
    assert told is not None
    assert drawn.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}" == "w7-title w7-text"
    assert title.text == "From 50% to 32%, step by step"
    assert told.text == (
        "All deals: 50%; Champion sells for us (depth 4): +12 points; No meeting for 41 days: \u221230 points; "
        "All others: +0.4 points; This deal: 32%."
    )


def test_up_and_down_differ_in_sign_head_and_class() -> None:
    drawn = ElementTree.fromstring(waterfall(0.5, 0.324, STEPS))
    up, down, little = drawn.findall("g")
    assert [group.get("class") for group in (up, down, little)] == ["up", "down", "up"]
    assert [group.findall("text")[1].text for group in (up, down, little)] == ["+12 points", "\u221230 points", "+0.4 points"]
    heads = [group.find("svg/path") for group in (up, down, little)]
    assert heads[0] is not None
    assert heads[1] is not None
    assert heads[0].get("d") != heads[1].get("d")
    assert heads[2] is None  # no room


def test_a_long_label_is_cut_and_whole_in_its_title() -> None:
    (bar,) = placed(0.5, 0.6, [(LONG, 0.1)]).bars
    assert len(bar.lines) == 2
    assert bar.lines[1].endswith("…")
    assert all(len(line) <= CHARACTERS for line in bar.lines)
    drawn = ElementTree.fromstring(waterfall(0.5, 0.6, [(LONG, 0.1)]))
    assert drawn.findtext("g/title") == f"{LONG}: +10 points"


@pytest.mark.parametrize(("label", "most"), [("W" * 200, 26), ("競" * 200, 22), ("x" * 200, 44), ("e\u0301" * 200, 88)])
def test_wide_characters_take_more_room(label: str, most: int) -> None:
    (bar,) = placed(0.5, 0.6, [(label, 0.1)]).bars
    assert most - 2 <= len(bar.lines[0]) <= most


def test_a_short_label_is_whole() -> None:
    lines = [bar.lines for bar in placed(0.5, 0.7, [("short", 0.1), ("line " * 12, 0.1), ("", 0.0)]).bars]
    assert lines == [("short",), ("line " * 8 + "line", "line line line"), ("",)]


def test_names_are_text() -> None:
    drawn = waterfall(0.5, 0.6, [(HOSTILE, 0.1)], first=HOSTILE, last=HOSTILE)
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert "style=" not in drawn
    ElementTree.fromstring(drawn)


def test_probabilities_that_hardly_differ_do_not_look_far_apart() -> None:
    plot = placed(0.5, 0.501, [("a", 0.001)])
    assert plot.bars[0].width < 2
