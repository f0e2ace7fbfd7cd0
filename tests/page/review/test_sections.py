"""The whole page as text: what it has, what it says it lacks, and that no text becomes markup."""

import re
from dataclasses import replace

import pytest

from dealml.forecast.result import BenchmarkForecast
from dealml.forecast.waterfall.result import Movement
from dealml.page import Review
from dealml.page.review.annotations import OverrideNote
from dealml.page.review.metrics import MetricLine
from dealml.page.review.render import render
from dealml.page.review.sections import SECTIONS, sections_of
from tests.page.review.test_render import URL, Outline, words
from tests.page.review_fixtures import whole
from tests.page.row_fixtures import HOSTILE, review, row


def hostile(tame: Review) -> Review:
    """The same review with markup in every text that comes from a company."""
    found, moved = tame.forecast, tame.movement
    assert found
    assert moved
    teams = {HOSTILE: moved.total}
    moves = tuple(replace(each, name=HOSTILE, team=HOSTILE, reasons=(HOSTILE,)) for each in moved.moves)
    to_inspect = tuple(replace(each, name=HOSTILE, sentence=HOSTILE) for each in moved.to_inspect)
    forecast = replace(
        found,
        bridge=tuple((HOSTILE, amount) for _, amount in found.bridge),
        wide_because=tuple((HOSTILE, share) for _, share in found.wide_because),
        benchmarks=tuple(replace(each, title=HOSTILE, why_absent=HOSTILE) for each in found.benchmarks),
        groups={HOSTILE: {HOSTILE: found.total}},
        notes=(HOSTILE,),
    )
    movement = replace(moved, teams=teams, moves=moves, to_inspect=to_inspect, notes=(HOSTILE,))
    return replace(
        tame,
        forecast=forecast,
        movement=movement,
        metrics=(MetricLine(HOSTILE, HOSTILE, HOSTILE, "", (1.0, 2.0), HOSTILE), MetricLine(HOSTILE, "", "", HOSTILE)),
        rows=tuple(replace(each, name=HOSTILE, team=HOSTILE, override_note=OverrideNote(HOSTILE, HOSTILE)) for each in tame.rows),
        gaps={"renewals": HOSTILE},
        renewals=(),
        files=(HOSTILE,),
    )


def test_hostile_text_anywhere_makes_no_element() -> None:
    page = render(hostile(whole(12)))
    tags = set(Outline(page).tags)
    assert "img" not in tags
    assert page.count("<script") == 2
    assert "<script>window" not in page
    assert HOSTILE in Outline(page).text


def test_page_with_everything_names_no_address_and_has_unique_ids() -> None:
    page = render(whole(40))
    assert URL.search(page.split("<script")[0]) is None
    ids = Outline(page).ids
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'href="#([^"]+)"', page.split("<template")[0]))
    assert links <= set(ids)


def test_headline_is_the_forecast_with_its_range() -> None:
    shown = words(render(whole(40)))
    assert "€4.23m expected to be won in Q1 2026, and between €3.61m and €5.09m four times in five." in shown
    assert "€1.21m of it is won already." in shown


def test_the_bridge_adds_up_to_the_average() -> None:
    shown = words(render(whole(40)))
    assert "Deals not yet created €514,000 Average forecast €4,310,400" in shown


def test_a_review_of_rows_alone_is_as_it_was() -> None:
    assert list(sections_of(review(row()))) == ["list", "trust"]
    shown = words(render(review(row())))
    assert "Forecast review" in shown
    assert "What changed" not in shown
    assert "Sections" not in render(review(row()))


@pytest.mark.parametrize("section", [key for key in SECTIONS if key not in ("list", "trust")])
def test_what_cannot_be_shown_says_why(section: str) -> None:
    found = review(row(), gaps={section: "there is no past quarter to learn from"})
    page = render(found)
    assert f"{SECTIONS[section]} Cannot be shown: there is no past quarter to learn from" in words(page).replace(
        SECTIONS[section], f" {SECTIONS[section]} "
    ).replace("  ", " ")
    assert f'id="{section}"' in page


def test_a_gap_is_not_said_of_what_is_there() -> None:
    assert "Cannot be shown" not in render(whole(8, gaps=dict.fromkeys(SECTIONS, "no")))


def test_rivals_without_a_figure_say_why() -> None:
    found = whole(8)
    assert found.forecast
    bare = replace(found.forecast, benchmarks=(BenchmarkForecast("commit", "Commit", None, "no deal has a category"),))
    assert "No figure for “Commit”: no deal has a category" in words(render(replace(found, forecast=bare)))


def test_files_beside_the_page_are_named() -> None:
    shown = words(render(whole(8, files=("review.xlsx", "review/"))))
    assert "Every table of this page, with all its rows, lies beside it: review.xlsx, review/." in shown


def test_a_movement_without_rows_or_moves_is_a_page() -> None:
    found = whole(8)
    assert isinstance(found.movement, Movement)
    still = replace(
        found.movement,
        moves=(),
        to_inspect=(),
        teams={},
        total=replace(found.movement.total, by_category={}, after=found.movement.total.before),
    )
    page = render(replace(found, rows=(), movement=still))
    assert "Expected on 26 Jan 2026" in words(page)
    assert page.endswith("</html>")


def test_an_account_review_may_have_renewals() -> None:
    found = replace(review(row("a"), subject_word="account", outcome_word="leave"), renewals=whole(1).renewals)
    shown = words(render(found))
    assert "Jun 2026" in shown
    assert "All subscribed accounts, ranked" in shown


def test_same_review_same_page() -> None:
    assert render(whole(20)) == render(whole(20))
