"""The contest page: the verdict in words, everything escaped, quiet and readable at any width."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from dealml.page.head_to_head.content import Estimate
from dealml.page.head_to_head.render import render_head_to_head
from dealml.page.head_to_head.verdict import verdict_of
from dealml.page.shared.outcome_words import words_of
from tests.page.head_to_head_fixtures import contest_page, entrant, mover
from tests.page.review.test_render import URL, Outline, words
from tests.page.row_fixtures import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MORE, SAME, FEWER, UNKNOWN = Estimate(0.2, 0.1, 0.3), Estimate(0.01, -0.05, 0.07), Estimate(-0.2, -0.3, -0.1), Estimate(0.2)


def told(**changes: Any) -> str:
    page = contest_page(**changes)
    found = verdict_of(page, words_of(page.subject_word, page.outcome_word))
    return " ".join((found.headline, *found.grounds, found.advice))


@pytest.mark.parametrize(
    ("ahead", "headline", "advice"),
    [
        (MORE, "Retire the scorecard: dealml finds more.", "Rank by dealml's probability from now on."),
        (SAME, "The scorecard does as well.", "Nothing here says that the scorecard should go."),
        (FEWER, "Keep the scorecard: it finds more than dealml.", "Go on ranking by the scorecard."),
        (UNKNOWN, "There is too little to tell.", "Compare again when more outcomes are known."),
    ],
)
def test_the_verdict_follows_the_interval(ahead: Estimate, headline: str, advice: str) -> None:
    text = told(wins_ahead=ahead)
    assert text.startswith(headline)
    assert advice in text
    assert words(render_head_to_head(contest_page(wins_ahead=ahead))).count(headline) == 1


def test_a_capacity_for_all_that_is_open_chooses_nothing() -> None:
    text = told(wins_ahead=Estimate(0.0, 0.0, 0.0), worked_a_week=61.4)
    assert text.startswith("Both lists hold all that is open: there is nothing to choose.")
    assert text.endswith("Give a smaller --capacity: what your team can work in a week.")
    assert "does as well" not in text


def test_the_verdict_says_what_was_caught() -> None:
    text = told()
    assert "Working 12 of 61 deals a week, dealml's lists held 60% of the 311 deals that were won, those of the scorecard 40%." in text
    assert "+20 percentage points (+10 to +30)" in text
    assert "Of their money, €10,111,018, dealml's lists held 60%, those of the scorecard 40%: chance may explain the difference." in text
    assert "The probabilities of dealml are better than those of the scorecard: log loss lower by 0.050 (0.020 to 0.080)." in text
    assert "The probabilities of dealml are worse" in told(log_loss_saved=FEWER)
    assert "not shown to be better" in told(log_loss_saved=SAME)


def test_other_rivals_other_subjects_and_the_base_rate_have_their_words() -> None:
    rep = told(them=entrant("the rep's probability", 0.4), is_scorecard=False)
    assert rep.startswith("dealml finds more than the rep's probability.")
    assert "models/heuristic.py" not in rep
    assert "of the 311 accounts that left" in told(subject_word="account", outcome_word="leave")
    assert "so its lists are drawn by lot" in told(rung="base_rate")


def test_leads_have_customers_and_the_rules_of_leads() -> None:
    leads: dict[str, Any] = {
        "subject_word": "lead", "outcome_word": "convert", "customers_all": 120, "customers_ahead": Estimate(0.22, 0.12, 0.33),
        "us": entrant("dealml", 0.6, customers=Estimate(0.51, 0.43, 0.6)), "them": entrant("the scorecard", 0.4, customers=Estimate(0.29)),
        "onto": (mover("Anna", is_customer=True), mover("Bo", is_customer=False, amount=None)), "off": (), "onto_all": 2,
    }  # fmt: skip
    text = told(**leads)
    customers = "Of the 120 among them that are customers by the end of the data, dealml's lists held 51%, those of the scorecard 29%"
    assert f"{customers}: more than chance explains." in text
    assert "The rules may stay in models/lead_points.py" in text
    page = words(render_head_to_head(contest_page(**leads)))
    assert "Those of them that are customers now: share on the lists dealml 51% (43% to 60%) The scorecard 29%" in page
    assert "dealml minus the scorecard: +22 percentage points (+12 to +33)." in page
    assert "Anna became a deal Northwind · Proposal · Marta · customer now, €12,380" in page
    assert "Bo became a deal Northwind · Proposal · Marta dealml: 58%" in page


def test_without_money_nothing_is_said_of_it() -> None:
    bare = contest_page(
        us=entrant("dealml", 0.6, money=None), them=entrant("the scorecard", 0.4, money=None), money_ahead=None, money_all=None
    )
    text = words(render_head_to_head(bare))
    assert "money" not in text
    assert "Deals that were won: share on the lists" in text


def test_every_text_is_escaped() -> None:
    fields = ("name", "account", "owner", "stage")
    tame = Outline(render_head_to_head(contest_page(onto=(mover(),))))
    for field in fields:
        hostile = Outline(render_head_to_head(contest_page(onto=(mover(**{field: HOSTILE}),))))
        assert sorted(hostile.tags) == sorted(tame.tags)
        assert HOSTILE in hostile.text
    assert "<script" not in render_head_to_head(contest_page())


def test_nothing_is_loaded_and_ids_are_unique() -> None:
    page = render_head_to_head(contest_page(onto=(mover(), mover("Licences"))))
    assert URL.findall(page) == []
    assert "script-src 'none'" in unescape(page)
    ids = Outline(page).ids
    assert len(ids) == len(set(ids))


def test_the_page_names_movers_bands_rivals_and_notes() -> None:
    text = words(render_head_to_head(contest_page()))
    for part in (
        "dealml: 58%, place 4",
        "The scorecard: 30 points, place 31",
        "And 6 deals more.",
        "0 of 15: Size segment of the buyer: SMB",
        "not within 90 days",
        "What the points were worth",
        "43% of the places went to different deals",
        "Naive Bayes 50% 0.450 0.050",
        "Each Monday, both sides rank the same open deals.",
    ):
        assert part in text, part
    empty = words(render_head_to_head(contest_page(onto=(), onto_all=0, bands=())))
    assert "None that week." in empty
    assert "What the points were worth" not in empty


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(browser: Browser, tmp_path: Path, width: int) -> None:
    heard: list[str] = []
    file = tmp_path / "contest.html"
    file.write_text(render_head_to_head(contest_page()), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="light" if width > 500 else "dark")
    page = context.new_page()
    page.on("console", lambda message: heard.append(message.text))
    page.on("request", lambda request: heard.extend([request.url] if request.url != file.as_uri() else []))
    page.goto(file.as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert heard == []
