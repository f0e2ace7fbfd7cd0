"""The page in a real browser: quiet, usable by eye, by ear and by keyboard, on a desk and on a phone."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from dealml.page import Review
from dealml.page.review.render import render
from tests.page.row_fixtures import HEBREW, HOSTILE, LONG, Opener, mixed, reason, review, row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [375, 820, 1280])


def names(page: "Page") -> list[str]:
    return page.locator(".deals .name").all_inner_texts()


def money_of(page: "Page", field: str) -> list[str]:
    return page.locator(f".deals [data-f={field}]").all_inner_texts()


def tally(page: "Page") -> str:
    return page.locator("#tally").inner_text()


LOOKS = [
    (375, "dark"),
    (1280, "light"),
    *(pytest.param(*look, marks=pytest.mark.deep) for look in ((375, "light"), (820, "light"), (820, "dark"), (1280, "dark"))),
]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing(open_page: Opener, width: int, scheme: str) -> None:
    page = open_page(mixed(), width=width, color_scheme=scheme)
    page.locator(".deal summary").first.click()
    page.locator(".numbers summary").click()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []


@pytest.mark.parametrize("subject", ["deal", "account"])
def test_axe_finds_nothing_on_an_empty_page(open_page: Opener, subject: str) -> None:
    page = open_page(review(subject_word=subject, outcome_word="win" if subject == "deal" else "leave"))
    assert Axe().run(page).response["violations"] == []


@WIDTHS
def test_nothing_is_wider_than_the_window(open_page: Opener, width: int) -> None:
    page = open_page(mixed(), width=width)
    for summary in page.locator(".deal summary").all()[:4]:
        summary.click()
    page.locator(".numbers summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "[...document.querySelectorAll('main *:not(.sr):not(.sr *)')].filter(e => e.getClientRects().length"
    assert page.evaluate(f"{wide} && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)") == []


def test_hostile_name_is_text_and_runs_nothing(open_page: Opener) -> None:
    page = open_page(mixed())
    assert HOSTILE in names(page)
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img").count() == 0


def test_policy_refuses_requests_and_markup_made_from_text(browser: "Browser", tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    file.write_text(render(mixed()), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    name_of_error = "(e => e.name)"
    markup = "() => { try { document.body.innerHTML = '<b>x</b>' } catch (e) { return e.name } }"
    assert page.evaluate(markup) == "TypeError"
    assert page.evaluate(f"fetch('https://example.org/').catch{name_of_error}") == "TypeError"
    page.close()


def test_other_scripts_and_long_names_are_whole(open_page: Opener) -> None:
    page = open_page(mixed())
    shown = names(page)
    assert HEBREW in shown
    assert LONG in shown
    assert page.locator(".name", has_text=HEBREW).evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_script_draws_what_the_server_drew(open_page: Opener) -> None:
    edges = (
        row("tiny", probability=0.004, amount="-0.4", reasons_for=(reason(0.0025), reason(0.0001))),
        row("sure", probability=1, amount="-2500.5"),
    )
    rows = mixed().rows[:5] + edges
    with_script = open_page(review(*rows)).locator(".deals .deal")
    without = open_page(review(*rows), java_script_enabled=False).locator(".deals .deal")
    hidden = "all => all.map(e => [...e.querySelectorAll('[hidden]')].map(h => h.dataset.f ?? h.className))"
    assert [" ".join(each.split()) for each in with_script.all_inner_texts()] == [
        " ".join(each.split()) for each in without.all_inner_texts()
    ]
    assert with_script.evaluate_all(hidden) == without.evaluate_all(hidden)
    assert with_script.count() == len(rows)
    assert with_script.evaluate_all("all => all.map(e => e.id)") == without.evaluate_all("all => all.map(e => e.id)")
    widths = "all => all.map(e => Number(e.querySelector('.fill').getAttribute('width')))"
    assert with_script.evaluate_all(widths) == without.evaluate_all(widths)


def test_a_column_without_an_owner_is_left_out(open_page: Opener) -> None:
    page = open_page(review(row("a", owner=""), row("b", owner="")))
    assert page.locator(".owner:visible").count() == 0
    assert page.locator(".why td[colspan='6']").count() == 2
    page = open_page(review(row("a", owner=""), row("b")))
    assert page.locator(".owner:visible").count() == 3


def test_order_by_default_and_by_each_heading(open_page: Opener) -> None:
    page = open_page(mixed())
    assert money_of(page, "expected")[:3] == ["€90,000", "€80,000", "€60,000"]
    page.get_by_role("button", name="Amount").click()
    assert money_of(page, "amount")[:3] == ["€300,000", "€200,000", "€100,000"]
    page.get_by_role("button", name="Amount").click()
    assert money_of(page, "amount")[0] == "€38,600"
    assert page.locator("[aria-sort=ascending]").inner_text().startswith("Amount")
    page.get_by_role("button", name="Close date").click()
    assert names(page)[0] == HEBREW
    page.get_by_role("button", name="Chance to win").click()
    assert page.locator(".deals [data-f=chance]").first.inner_text() == "90%"
    assert page.locator("[aria-sort=descending], [aria-sort=ascending]").count() == 1


@pytest.mark.parametrize("presses", [1, 2])
def test_what_has_no_amount_comes_last_in_either_order(open_page: Opener, presses: int) -> None:
    page = open_page(review(*mixed().rows[:5]))
    for _ in range(presses):
        page.get_by_role("button", name="Amount").click()
    assert sorted(money_of(page, "amount")[3:]) == ["$9,000,000", "not set"]


def test_phone_sorts_by_a_list(open_page: Opener) -> None:
    page = open_page(mixed(), width=375)
    page.get_by_label("Sort by").select_option("due:ascending")
    assert names(page)[0] == HEBREW


def test_filters_narrow_the_list_and_its_sums(open_page: Opener) -> None:
    page = open_page(mixed())
    assert tally(page) == "120 deals, worth €5,694,500, €1,758,350 expected to be won within 92 days"
    page.get_by_label("Search").fill("muller sohne")
    assert tally(page) == "1 of 120 deals, worth €100,000, €90,000 expected to be won within 92 days"
    page.get_by_label("Search").fill("no such deal")
    assert page.locator("#nothing").inner_text() == "No deal fits these filters."
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_label("Stage").select_option(label="Negotiation")
    assert names(page) == [LONG]
    page.get_by_label("Stage").select_option(label="All")
    page.get_by_label("Owner").select_option(label="Priya")
    assert tally(page).startswith("115 of 120 deals")
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_label("Chance at least").fill("40")
    assert tally(page).startswith("4 of 120 deals")
    page.get_by_label("Segment").select_option(label="Public")
    assert tally(page).startswith("0 of 120 deals")


def test_more_rows_come_on_request_and_take_the_focus(open_page: Opener) -> None:
    page = open_page(mixed())
    more = page.locator("#more")
    assert (len(names(page)), more.inner_text()) == (50, "Show 50 more of 70 left")
    more.click()
    assert page.evaluate("document.activeElement.closest('.deal').querySelector('.rank').textContent") == "51"
    more.click()
    assert len(names(page)) == 120
    assert more.is_hidden()
    assert money_of(page, "expected")[-2:] == ["not set", "$4,500,000"]


@pytest.mark.parametrize("fragment", ["#deal-006%2F1%20%C3%A4", "#deal-p114"])
def test_link_opens_its_deal_wherever_it_is(open_page: Opener, fragment: str) -> None:
    page = open_page(mixed(), fragment)
    opened = page.locator("details[open]")
    assert opened.count() == 1
    assert page.evaluate("document.activeElement.closest('.deal').id") == fragment[1:]
    page.wait_for_function("document.activeElement.getBoundingClientRect().top < innerHeight")


def test_link_to_a_filtered_deal_clears_the_filters(open_page: Opener) -> None:
    page = open_page(mixed())
    page.get_by_label("Search").fill("p001")
    page.evaluate("location.hash = 'deal-heb'")
    page.wait_for_selector("#deal-heb details[open]")
    assert page.get_by_label("Search").input_value() == ""


@pytest.mark.parametrize("fragment", ["#deal-nobody", "#%E0%A4%A", "#trust"])
def test_link_to_nothing_is_harmless(open_page: Opener, fragment: str) -> None:
    assert len(names(open_page(mixed(), fragment))) == 50


def test_keyboard_reaches_and_works_everything(open_page: Opener) -> None:
    page = open_page(mixed())
    page.get_by_role("button", name="Expected value").focus()
    page.keyboard.press("Enter")
    assert page.locator("[aria-sort=ascending]").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "name"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("details[open]").count() == 1


def test_page_reads_without_scripts(open_page: Opener) -> None:
    page = open_page(mixed(), java_script_enabled=False)
    assert names(page)[0] == HOSTILE
    assert page.locator("#controls").is_hidden()
    page.locator(".deal summary").first.click()
    assert page.locator(".reasons li").first.inner_text().startswith("+12 points")


def test_paper_gets_the_whole_list(open_page: Opener) -> None:
    page = open_page(mixed())
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(names(page)) == 120


def test_five_thousand_rows_open_without_a_stall(open_page: Opener) -> None:
    big: Review = review(*(row(f"d{n}") for n in range(5000)))
    page = open_page(big)
    assert tally(page).startswith("5,000 deals")
    spent = "() => { const start = performance.now(); document.getElementById('find').value = 'd49';"
    spent += " document.getElementById('find').dispatchEvent(new Event('input')); return performance.now() - start }"
    # Some 30 ms when the machine is idle; a second would be a stall.
    assert page.evaluate(spent) < 1000
