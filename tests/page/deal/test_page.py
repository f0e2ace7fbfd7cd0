"""The page of one deal: what it says adds up, and stays text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dealml.page.deal.page import Alike, Case, Fact, render_case

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


def case(name: str = "Renewal") -> Case:
    mondays = [MONDAY - timedelta(days=7 * week) for week in range(6, -1, -1)]
    return Case(
        name=name,
        kind="deals",
        about=("Acme", "Proposal", "€1,000"),
        made="D1 as of 5 Jan 2026, 00:00 UTC, deal_win version 3, lightgbm",
        horizon_days=90,
        word="won",
        start=0.2,
        end=0.55,
        groups=(("Champion", 0.3), ("Milestones", -0.05), ("Stage", 0.1), ("Owner", 0.0001), ("Usage", -0.0001)),
        facts=(
            Fact(0.3, "€300", f"{name}: 4", "4", "Of 212 deals like this …", ""),
            Fact(-0.05, "", "Milestones: 0", "", "", "Against what one would expect."),
        ),
        moments=mondays,
        probability=[0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.55],
        events=[(mondays[2], f"Stage: {name}")],
        alike=(Alike("D7", 0.64, "not won", 80, ("Champion: 4",), ()),),
        notes=("a note",),
    )


def test_it_says_what_there_is() -> None:
    page = render_case(case())
    for said in (
        "55%",
        "Champion",
        "With what is known",
        "Speaks for it",
        "Speaks against it",
        "Of 212 deals like this",
        "D7",
        "64%",
        "A note",
    ):
        assert said in page
    assert "<script" not in page


def test_small_subjects_share_a_step_and_the_picture_still_adds_up() -> None:
    page = render_case(replace(case(), groups=(("Champion", 0.346), ("Owner", 0.003), ("Usage", 0.001))))
    assert "Smaller parts: +0.4 points" in page
    assert "Owner" not in page


def test_what_all_similar_cases_share_is_said_once() -> None:
    alike = [Alike(f"D{n}", 0.6, "won", 80, ("Champion: 4", f"Only {n}"), ("Stage: Proposal",)) for n in range(3)]
    page = render_case(replace(case(), facts=(), alike=tuple(alike)))
    assert page.count("Champion: 4") == 1
    assert "what else they share" in page
    assert all(f"Only {n}" in page for n in range(3))
    plain = render_case(replace(case(), alike=tuple(replace(one, common=("Champion: 4",), days=None) for one in alike)))
    assert "what else they share" not in plain
    assert ">days<" not in plain


def test_names_are_text() -> None:
    page = render_case(case(EVIL))
    assert EVIL not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser_nothing_is_wrong(browser: Browser, tmp_path: Path, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "case.html"
    path.write_text(render_case(case(EVIL)), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.on("request", lambda request: None if request.url.startswith("file:") else errors.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert Axe().run(page).response["violations"] == []
    assert errors == []
    page.close()
