"""The served page for real: started on a free port, used in a browser, and asked by those who may not."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from dealml.errors import InputError, SetupError, UsageError
from dealml.page import Review
from dealml.page.review.annotations import OverrideNote
from dealml.serve import ReviewServer, serve_review
from tests.page.row_fixtures import HOSTILE, mixed, review, row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@dataclass
class Desk:
    """A company's deals and what was judged of them, in memory."""

    deals: Review = field(default_factory=mixed)
    kept: list[Mapping[str, str]] = field(default_factory=list)

    def show(self) -> Review:
        said = {entry["deal"]: entry for entry in self.kept}
        rows = (replace(each, override_note=judged(said[each.entity_id])) if each.entity_id in said else each for each in self.deals.rows)
        return replace(self.deals, rows=tuple(rows))

    def record(self, entry: Mapping[str, str]) -> None:
        if entry["deal"] not in {each.entity_id for each in self.deals.rows}:
            raise InputError(f"deal {entry['deal']!r}: not open as of 2026-06-30")
        if not entry.keys() & {"probability", "amount", "close"}:
            raise UsageError("--probability: nothing is said of the deal;\ngive a probability, an amount or a close date")
        self.kept.append(entry)


def judged(entry: Mapping[str, str]) -> OverrideNote:
    amount = Decimal(entry["amount"]) if "amount" in entry else None
    return OverrideNote(entry["by"], entry["why"], None, float(entry["probability"]) if "probability" in entry else None, amount)


@dataclass
class Running:
    desk: Desk
    desktop: ReviewServer

    @property
    def port(self) -> int:
        return urlsplit(self.desktop.address).port or 0

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        """A request as any program on this machine could send it; `_` in a header's name stands for a dash."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            named.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        told = answer.read().decode()
        connection.close()
        return answer.status, told

    def send(self, path: str | None = None, origin: str | None = None, **form: str) -> tuple[int, str]:
        said = urlencode({"deal": "heb", "probability": "80", "why": "so", "by": "Marta"} | form)
        return self.ask("POST", path or self.path + "override", said, Origin=origin or f"http://127.0.0.1:{self.port}")

    @property
    def path(self) -> str:
        return urlsplit(self.desktop.address).path


@pytest.fixture
def running() -> Iterator[Running]:
    desk = Desk()
    desktop = serve_review(desk.show, desk.record)
    thread = threading.Thread(target=desktop.run)
    thread.start()
    while not desktop.server.started:
        time.sleep(0.01)
    yield Running(desk, desktop)
    desktop.server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


def opened(browser: "Browser", running: Running, heard: list[str], fragment: str = "") -> "Page":
    page = browser.new_page()
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url) if urlsplit(request.url).port != running.port else None)
    page.goto(running.desktop.address + fragment)
    return page


def judge(page: "Page", deal: str, **fields: str) -> None:
    form = page.locator(f"#{deal} form")
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button").click()


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_a_judgement_is_entered_and_stands_beside_the_number(browser: "Browser", running: Running, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(running.desktop.address)
    page.locator("#deal-heb summary").first.click()
    judge(page, "deal-heb", probability="85", amount="150000", why="They signed <b>the</b> offer.", by="Marta")
    page.wait_for_url("**/#deal-heb")
    assert running.desk.kept == [
        {"deal": "heb", "probability": "0.85", "amount": "150000", "why": "They signed <b>the</b> offer.", "by": "Marta"}
    ]
    deal = page.locator("#deal-heb")
    assert deal.locator("[data-f=chance]").inner_text() == "40%"
    assert deal.locator("[data-f=judged]").inner_text() == "judged 85%"
    assert deal.locator("[data-f=override_note]").text_content() == "Marta: 85%, €150,000. “They signed <b>the</b> offer.”"
    context.close()


@pytest.mark.browser
def test_what_is_wrong_is_said_at_the_form_and_nothing_is_lost(browser: "Browser", running: Running) -> None:
    heard: list[str] = []
    page = opened(browser, running, heard, "#deal-p114")
    page.wait_for_selector("#deal-p114 details[open]")
    judge(page, "deal-p114", probability="180", why="So they say", by="Marta")
    told = "chance: '180' is no percentage; give a number from 0 to 100"
    form = page.locator("#deal-p114 form")
    assert form.locator(".problem").inner_text() == told
    assert form.locator("[name=why]").input_value() == "So they say"
    assert page.locator(".banner").inner_text() == f"Not recorded: {told} Back to the deal"
    assert running.desk.kept == []
    form.locator("[name=probability]").fill("")
    form.get_by_role("button").click()
    page.wait_for_selector("text=nothing is said of the deal")
    assert (
        form.locator(".problem").inner_text() == "probability: nothing is said of the deal; give a probability, an amount or a close date"
    )
    form.locator("[name=probability]").fill("18")
    form.get_by_role("button").click()
    page.wait_for_selector("text=judged 18%")
    assert page.locator(".banner").count() == 0
    # A refused form is answered with 422, which Chromium notes.
    assert [line for line in heard if "422" not in line] == []
    page.close()


@pytest.mark.browser
def test_axe_finds_nothing_on_the_served_page(browser: "Browser", running: Running) -> None:
    page = opened(browser, running, [])
    page.locator("#deal-heb summary").first.click()
    judge(page, "deal-heb", probability="500", why="x", by="y")
    page.wait_for_selector(".banner")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []
    page.close()


@pytest.mark.browser
def test_the_page_sends_forms_home_alone_and_names_run_nothing(browser: "Browser", running: Running) -> None:
    running.desk.record({"deal": "heb", "why": HOSTILE, "by": HOSTILE, "probability": "0.5"})
    page = opened(browser, running, [])
    assert page.evaluate("window.hacked") is None
    assert HOSTILE in (page.locator("#deal-heb [data-f=override_note]").text_content() or "")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    form = "const f = document.querySelector('form'); f.action = 'http://127.0.0.1:9/elsewhere'; f.noValidate = true; f.submit()"
    page.evaluate(f"() => {{ {form} }}")
    page.wait_for_timeout(300)
    assert asked == []
    page.close()


def test_a_sound_request_is_taken(running: Running) -> None:
    assert running.send()[0] == 303
    assert [entry["deal"] for entry in running.desk.kept] == ["heb"]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_form_of_another_site_is_refused(running: Running, origin: str) -> None:
    assert running.send(origin=origin) == (403, "judgements are taken from the page itself alone\n")
    assert running.desk.kept == []


def test_a_form_with_a_wrong_secret_is_refused(running: Running) -> None:
    assert running.send("/wrong/override") == (403, "open the address that the command printed\n")
    assert running.send("/override") == (403, "open the address that the command printed\n")
    assert running.desk.kept == []


@pytest.mark.parametrize("path", ["/", "/wrong/", "/favicon.ico", "/wrong/override"])
def test_without_the_secret_nothing_is_shown(running: Running, path: str) -> None:
    assert running.ask("GET", path) == (403, "open the address that the command printed\n")


def test_a_name_that_only_points_here_is_refused(running: Running) -> None:
    told = "this page is served to this machine under its own name alone\n"
    assert running.ask("GET", running.path, Host="evil.example") == (403, told)
    said = urlencode({"deal": "heb", "probability": "80", "why": "so", "by": "M"})
    assert running.ask("POST", running.path + "override", said, Host="evil.example", Origin="http://evil.example") == (403, told)


def test_forms_that_are_none_or_too_large_are_refused(running: Running) -> None:
    told = "the form is too large, or no form\n"
    assert running.send(why="x" * 70_000) == (413, told)
    assert running.send(more="1", still="2", another="3") == (413, told)
    origin = f"http://127.0.0.1:{running.port}"
    assert running.ask("POST", running.path + "override", "{}", Origin=origin, Content_Type="application/json") == (413, told)
    assert running.desk.kept == []


def test_a_deal_that_is_not_there_is_said_in_one_line(running: Running) -> None:
    status, page = running.send(deal="nobody<b>")
    assert status == 422
    assert "deal &#39;nobody&lt;b&gt;&#39;: not open as of 2026-06-30" in page


def test_other_addresses_of_who_knows_the_secret_hold_nothing(running: Running) -> None:
    assert running.ask("GET", running.path + "else")[0] == 404
    assert running.ask("GET", running.path + "override")[0] == 404


def test_answers_are_not_kept_by_the_browser_nor_framed(running: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    connection.request("GET", running.path)
    headers = connection.getresponse().headers
    assert (headers["cache-control"], headers["x-frame-options"], headers["referrer-policy"]) == ("no-store", "DENY", "same-origin")
    assert headers["server"] is None
    connection.close()


def test_only_this_machine_is_listened_to(running: Running) -> None:
    assert running.desktop.listening.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"--port: {port} cannot be listened on .*leave it out to take a free one"):
            serve_review(lambda: review(row()), lambda entry: None, port)


def test_an_interrupt_ends_it_quietly() -> None:
    program = """
        from dealml.serve import serve_review
        from tests.page.row_fixtures import review, row
        desktop = serve_review(lambda: review(row()), print)
        print(desktop.address, flush=True)
        desktop.run()
        print("ended", flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    with socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), timeout=20):
        time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=20)
    assert (out, errors, process.returncode) == ("ended\n", "", 0)
