"""The review page over 20,000 open deals: how long it takes to make, how large it is, and how it opens and works in Chromium.

    python -m benchmarks.page

Deals are made up, with six reasons each and every section of the page; a second page has no reason twice, which no company has.
A page opens as a file; figures of the browser are medians of five openings.
"""

from __future__ import annotations

import gzip
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.common import say, scratch, show
from dealml.page import Reason, Review
from dealml.page.exports.review_tables import tables_of
from dealml.page.exports.write import write_tables
from dealml.page.review.render import render
from tests.page.review_fixtures import AS_OF, whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DEALS, OPENINGS = 20_000, 5
FAR = "#deal-0065E00000019000Qa"
MEGA = 1_000_000

LONGEST_TASK = """
    new Promise(done => new PerformanceObserver(list => done(Math.max(...list.getEntries().map(entry => entry.duration))))
        .observe({type: 'longtask', buffered: true}))
"""
TIMED = """([id, value, event]) => {
    const element = document.getElementById(id), began = performance.now();
    element.value = value;
    element.dispatchEvent(new Event(event));
    document.body.offsetHeight;
    return performance.now() - began;
}"""
LINKED = """fragment => new Promise(done => {
    const began = performance.now();
    addEventListener('hashchange', () => { document.body.offsetHeight; done(performance.now() - began); }, {once: true});
    location.hash = fragment;
})"""


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def unlike(review: Review) -> Review:
    """The same deals with no reason twice."""
    numbers = iter(range(10**9))

    def own(reasons: tuple[Reason, ...]) -> Iterator[Reason]:
        for each in reasons:
            value = f"{next(numbers) / 7:.2f}"
            yield replace(each, value=value, sentence=f"{each.sentence.rpartition(': ')[0]}: {value} days")

    rows = (replace(row, reasons_for=tuple(own(row.reasons_for)), reasons_against=tuple(own(row.reasons_against))) for row in review.rows)
    return replace(review, rows=tuple(rows))


def sizes(review: Review, page: Path) -> dict[str, float]:
    """Make the page and its tables."""
    spent = seconds(lambda: page.write_text(render(review), encoding="utf-8"))
    zipped = gzip.compress(page.read_bytes())
    return {"seconds": round(spent, 1), "mb": _mb(page), "gzip_mb": round(len(zipped) / MEGA, 2)}


def opened(browser: Browser, page: Path) -> dict[str, float]:
    """Milliseconds of one opening, and of what a reader does then."""
    tab: Page = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.goto(page.as_uri())
    found = {
        "interactive_ms": tab.evaluate("performance.getEntriesByType('navigation')[0].domInteractive"),
        "longest_task_ms": tab.evaluate(LONGEST_TASK),
        "first_search_ms": tab.evaluate(TIMED, ["find", "northwind 49", "input"]),
        "search_ms": tab.evaluate(TIMED, ["find", "zuti mlin 7", "input"]),
        "all_again_ms": tab.evaluate(TIMED, ["find", "", "input"]),
        "sort_ms": tab.evaluate(TIMED, ["sort", "due:ascending", "change"]),
        "far_link_ms": tab.evaluate(LINKED, FAR),
    }
    tab.close()
    return found


def in_browser(page: Path) -> dict[str, float]:
    """Medians over openings."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        return {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found = [opened(browser, page) for _ in range(OPENINGS)]
        browser.close()
    return {name: round(statistics.median(each[name] for each in found)) for name in found[0]}


def main() -> None:
    review = whole(DEALS)
    with scratch() as folder:
        pages = {"usual": (review, folder / "usual.html"), "no reason twice": (unlike(review), folder / "worst.html")}
        made = {name: sizes(*page) for name, page in pages.items()}
        used = {name: in_browser(page) for name, (_, page) in pages.items()}
        csv, book = folder / "tables", folder / "tables.xlsx"
        files = {
            "csv": {"seconds": round(seconds(lambda: write_tables(tables_of(review), csv, AS_OF)), 1), "mb": _mb(*csv.iterdir())},
            "xlsx": {"seconds": round(seconds(lambda: write_tables(tables_of(review), book, AS_OF)), 1), "mb": _mb(book)},
        }
    met = all(each["seconds"] < 60 and each["mb"] < 10 for each in made.values())
    show(f"page: over {DEALS:,} open deals (targets: < 60 s, < 10 MB)", made)
    show(f"page: in Chromium, milliseconds, median of {OPENINGS}", used)
    show("page: every table as files", files)
    say({"benchmark": "page", "made": made, "browser": used, "files": files, "met": met})


def _mb(*files: Path) -> float:
    return round(sum(file.stat().st_size for file in files) / MEGA, 2)


if __name__ == "__main__":
    main()
