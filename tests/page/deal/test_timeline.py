"""A probability over time: placed by the calendar, with events that numbers tie to a list."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from dealml.page.deal.contribution_waterfall import waterfall
from dealml.page.deal.timeline import APART, HEIGHT, LISTED, MOST_DOTS, TOP, life, placed
from dealml.page.shared.document import part, policy
from tests.page.row_fixtures import HOSTILE, LONG

if TYPE_CHECKING:
    from playwright.sync_api import Browser

START = datetime(2025, 3, 3, tzinfo=UTC)
WEEKS = [START + timedelta(weeks=week) for week in range(5)]
CHANCES = [0.2, 0.1, 0.4, 0.8, 0.6]
EIGHTY = [(START + timedelta(hours=8 * n), f"event {n}") for n in range(80)]


def test_time_runs_across_and_probability_up() -> None:
    plot = placed(WEEKS, CHANCES, [], "won")
    assert [dot.x for dot in plot.dots] == [0, 25, 50, 75, 100]
    assert [dot.y for dot in plot.dots] == pytest.approx([TOP + HEIGHT * (1 - p) for p in CHANCES])
    assert plot.line == "0.00,80.00 25.00,90.00 50.00,60.00 75.00,20.00 100.00,40.00"
    assert plot.last == plot.dots[-1]
    assert [(x, date) for x, _, date in sorted(plot.ticks)] == [(0, "3 Mar 2025"), (50, "17 Mar 2025"), (100, "31 Mar 2025")]
    assert plot.levels[0] == (TOP + HEIGHT, "0%")
    assert plot.levels[-1] == (TOP, "100%")


def test_the_order_given_has_no_part_in_it() -> None:
    events = [(WEEKS[3], "b"), (WEEKS[1], "a")]
    assert placed(WEEKS[::-1], CHANCES[::-1], events, "won") == placed(WEEKS, CHANCES, events[::-1], "won")


def test_it_is_told_in_words() -> None:
    told = placed(WEEKS, CHANCES, [(WEEKS[0], "a"), (WEEKS[1], "b")], "won").description
    assert told == (
        "5 forecasts: 20% on 3 Mar 2025, 60% on 31 Mar 2025; lowest 10% on 10 Mar 2025, highest 80% on 24 Mar 2025. "
        "2 events are marked; the list below the picture tells them."
    )
    assert placed(WEEKS, CHANCES, [], "won").description.endswith("No event is marked.")
    assert "One event is marked" in placed(WEEKS, CHANCES, EIGHTY[:1], "won").description


def test_one_forecast_without_events_is_drawn() -> None:
    plot = placed(WEEKS[:1], [0.97], [], "cancelled")
    assert (plot.last.x, plot.last.text, plot.ticks) == (50, "97%", ((50, "middle", "3 Mar 2025"),))
    assert plot.description == "97% on 3 Mar 2025, the only forecast. No event is marked."
    drawn = ElementTree.fromstring(life(WEEKS[:1], [0.97], [], "cancelled"))
    assert drawn.find("ol") is None
    assert drawn.findtext("figcaption") == "Probability over time: cancelled. "


def test_a_long_life_has_a_line_without_dots() -> None:
    weeks = [START + timedelta(weeks=week) for week in range(MOST_DOTS + 1)]
    assert placed(weeks, [0.5] * len(weeks), [], "won").dots == ()


def test_numbers_tie_the_events_to_the_list() -> None:
    events = [(WEEKS[0], "first"), (WEEKS[2], "second"), (WEEKS[2] + timedelta(hours=3), "third"), (WEEKS[4] + timedelta(days=9), "late")]
    plot = placed(WEEKS, CHANCES, events, "won")
    assert [(group.number, [text for _, text in group.listed], group.more) for group in plot.happened] == [
        (1, ["first"], 0),
        (2, ["second", "third"], 0),
        (3, ["late"], 0),
    ]
    assert [dot.x < 100 for dot in plot.dots] == [True] * 5
    assert plot.happened[-1].x == 100
    assert plot.thinned == ""
    drawn = ElementTree.fromstring(life(WEEKS, CHANCES, events, "won"))
    numbers = [text.text for text in drawn.iter("text") if text.get("class") == "number"]
    assert numbers == ["1", "2", "3"]
    assert ["".join(item.itertext()).split()[3] for item in drawn.iter("li")] == ["first", "second", "late"]
    assert "The numbers stand for the events in the list." in str(drawn.findtext("figcaption"))


def test_eighty_events_are_thinned_out_and_it_says_so() -> None:
    plot = placed(WEEKS, CHANCES, EIGHTY, "won")
    places = [group.x for group in plot.happened]
    assert all(after - before >= APART for before, after in zip(places[:-1], places[1:], strict=True))
    listed = sum(len(group.listed) for group in plot.happened)
    assert listed <= LISTED + len(places)
    assert listed + sum(group.more for group in plot.happened) == sum(len(group.strokes) for group in plot.happened) == 80
    assert plot.thinned == f"Of 80 events, {listed} are listed."
    assert all(group.more != 1 for group in plot.happened)
    drawn = life(WEEKS, CHANCES, EIGHTY, "won")
    assert f"{plot.thinned}</figcaption>" in drawn
    assert f"and {plot.happened[0].more} more" in drawn


def test_as_many_events_at_one_moment_share_a_number() -> None:
    (group,) = placed(WEEKS, CHANCES, [(WEEKS[1], f"event {n}") for n in range(80)], "won").happened
    assert (len(group.listed), group.more) == (LISTED, 80 - LISTED)


def test_names_are_text() -> None:
    drawn = life(WEEKS, CHANCES, [(WEEKS[1], HOSTILE)], HOSTILE)
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert "style=" not in drawn
    assert HOSTILE in "".join(ElementTree.fromstring(drawn).itertext())


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        life([], [], [], "won")
    with pytest.raises(ValueError, match="zip"):
        life(WEEKS, CHANCES[:2], [], "won")


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_draws_both_pictures_within_the_window(browser: "Browser", width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    style = part("review.css") + part("pictures.css")
    steps = waterfall(0.2, 0.98, [("W" * 300, -0.35), (LONG, 1.13)])
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy(style)}"><title>Pictures</title><style>{style}</style>'
    page = browser.new_page(viewport={"width": width, "height": 900})
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.set_content(f'<html lang="en"><head>{head}</head><body><main><h1>x</h1>{steps}{life(WEEKS, CHANCES, EIGHTY, "won")}</main></body>')
    outside = (
        "[...document.querySelectorAll('svg text, li')].map(e => e.getBoundingClientRect()).filter(r => r.left < 0 || r.right > innerWidth)"
    )
    assert page.evaluate(f"{outside}.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    bars = page.locator(".waterfall .step").evaluate_all("all => all.map(e => e.getBoundingClientRect().width)")
    assert bars[0] / bars[1] == pytest.approx(0.35 / 1.13, abs=0.02)
    numbers = page.locator(".life .number").evaluate_all("all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.right])")
    assert all(before[1] <= after[0] for before, after in zip(numbers[:-1], numbers[1:], strict=True))
    assert Axe().run(page).response["violations"] == []
    assert heard == []
    page.close()
