"""One browser for the page's tests, and pages that must stay quiet: no error, no message, no request."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dealml.page import Review
from dealml.page.review.render import render
from tests.page.row_fixtures import Opener

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker here, so that it is known wherever these tests are collected."""
    config.addinivalue_line("markers", "browser: opens the review page in a real browser")


# Not for the session: while playwright runs, no other test may start an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Debian's chromium; absent, a developer may go on without it, but CI may not."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing = "chromium is not installed (apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def open_page(browser: "Browser", tmp_path: Path) -> Iterator[Opener]:
    """Open a review as a file; afterwards, everything the page said or asked for must have been nothing."""
    heard: list[str] = []
    contexts = []
    file = tmp_path / "review.html"

    def outside(url: str) -> list[str]:
        return [] if url.split("#")[0] == file.as_uri() else [f"request: {url}"]

    def opener(review: Review, fragment: str = "", width: int = 1280, **options: object) -> "Page":
        file.write_text(render(review), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("request", lambda request: heard.extend(outside(request.url)))
        page.goto(file.as_uri() + fragment)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert heard == []
