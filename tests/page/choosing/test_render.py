"""The page "Where to compete": complete, escaped, offline, accessible, and no wider than the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from markupsafe import escape

from dealml.page.choosing.render import render_choosing
from tests.page.choosing.choosing_fixtures import choosing_page
from tests.page.review.test_render import URL, Outline, words
from tests.page.row_fixtures import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_hostile_texts_make_no_element_and_nothing_is_loaded() -> None:
    page = render_choosing(choosing_page())
    outline = Outline(page)
    assert not {"script", "img"} & set(outline.tags)
    assert not URL.search(page.replace(str(escape(HOSTILE)), ""))
    assert "<script>window.hacked" in outline.text


def test_every_section_is_there_and_what_is_missing_says_why() -> None:
    text = words(render_choosing(choosing_page()))
    for part in (
        "Deals are won most often with segment:",
        "50%40% to 60% 30%",
        "Pursue: deals",
        "Decline: leads",
        "What does the problem cost?",
        "2 of 3 have one; 1 cost more than they are expected to bring",
        "1 of unknown value; missing: price, goods",
        "price: 28% 20% 40% not requested finance 24 Dec 2025overdue",
        "all subjects, broken 10 40% of 1020% to 60%",
        "Cannot be shown: no hours are on record.",
        "Ledger digestabc",
    ):
        assert part in text, part


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(browser: Browser, tmp_path: Path, width: int) -> None:
    heard: list[str] = []
    file = tmp_path / "where.html"
    file.write_text(render_choosing(choosing_page()), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="light" if width > 500 else "dark")
    page = context.new_page()
    page.on("console", lambda message: heard.append(message.text))
    page.on("request", lambda request: heard.extend([request.url] if request.url != file.as_uri() else []))
    page.goto(file.as_uri())
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert heard == []
