"""The page as text: complete, escaped, self-contained."""

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from dealml.ledger.entities import OutcomeWord
from dealml.page import Review
from dealml.page.review.render import render
from tests.page.row_fixtures import HEBREW, HOSTILE, reason, review, row

URL = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?!#)[^"'\s>]|url\(|@import""")


class Outline(HTMLParser):
    """Tags, ids and visible text of a page; the data element's text is kept apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.data = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.text += " " if tag in ("p", "td", "th", "li", "b") else ""
        self.tags.append(tag)
        self.ids += [named["id"] or ""] if "id" in named else []
        self._inside = "data" if named.get("id") == "data" else tag

    def handle_data(self, data: str) -> None:
        if self._inside == "data":
            self.data += data
        elif self._inside not in ("script", "style"):
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def words(page: str) -> str:
    return " ".join(Outline(page).text.split())


@pytest.mark.parametrize("field", ["entity_id", "name", "account", "owner", "stage", "segment", "currency"])
def test_hostile_text_in_any_field_of_a_row_makes_no_element(field: str) -> None:
    tame = Outline(render(review(row())))
    changes: dict[str, Any] = {field: HOSTILE}
    hostile = Outline(render(review(row(**changes))))
    # A row in another currency brings one remark of its own.
    extra = ["p"] if field == "currency" else []
    assert sorted(hostile.tags) == sorted(tame.tags + extra)


def test_hostile_text_elsewhere_makes_no_element() -> None:
    tame = Outline(render(review(row())))
    hostile_row = row(reasons_for=(replace(reason(sentence=HOSTILE), subject=HOSTILE, feature=HOSTILE, value=HOSTILE),))
    texts = dict.fromkeys(("title", "model", "model_version", "rung", "ledger_digest", "currency"), HOSTILE)
    quality = ((HOSTILE, 0.5, None, None, HOSTILE),)
    page = render(review(replace(hostile_row, currency=HOSTILE), notes=(HOSTILE,), quality=quality, **texts))
    assert Outline(page).tags == tame.tags
    assert HOSTILE in Outline(page).text


def test_the_data_survives_its_escaping() -> None:
    data = Outline(render(review(row(name=HOSTILE, account="\u2028" + HEBREW)))).data
    assert "<" not in data
    parsed = json.loads(data)
    assert parsed["rows"][0][1] == HOSTILE
    assert "\u2028" + HEBREW in parsed["strings"]


def test_text_that_utf8_cannot_hold_still_makes_a_page() -> None:
    assert "bad ?" in render(review(row("\udfff", name="bad \ud800"), title="t\udc00")).encode().decode()


def test_page_names_no_address_and_forbids_requests() -> None:
    page = render(review(row()))
    assert URL.search(page.split("<script")[0]) is None
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src &#39;none&#39;" in page
    assert "unsafe" not in page


@pytest.mark.parametrize("subject", ["deal", "account"])
def test_empty_pipeline_is_a_valid_page_that_says_so(subject: str) -> None:
    outcome = "win" if subject == "deal" else "leave"
    page = render(review(subject_word=subject, outcome_word=outcome))
    adjective = "open deals" if subject == "deal" else "subscribed accounts"
    assert f"There are no {adjective} to show." in words(page)
    assert "script" not in Outline(page).tags
    assert page.endswith("</html>")


def test_headline_counts_and_adds_up() -> None:
    shown = words(render(review(row("a", amount="1000000"), row("b", probability=0.25, amount="200000"))))
    assert "2 open deals worth €1,200,000, €550,000 expected to be won within 92 days." in shown
    assert "without an amount" not in shown


def test_what_the_sums_leave_out_is_said() -> None:
    shown = words(render(review(row("a"), row("b", amount=None), row("c", currency="USD"))))
    assert "1 deal without an amount adds nothing to these sums." in shown
    assert "1 deal in another currency is listed last and not in these sums." in shown
    assert "$1,000" in shown


def test_accounts_have_their_own_words() -> None:
    shown = words(render(review(row("a"), subject_word="account", outcome_word="leave")))
    assert "1 subscribed account paying €1,000 a year, €500 a year at risk of leaving within 92 days." in shown
    assert "Speaks for staying" in shown
    assert "Of accounts scored around 31%, 29% left" in shown
    assert " Plan " in f" {shown} "
    assert "Stage" not in shown
    assert "deal" not in shown.replace("Deal a", "").replace("win-deal", "").replace("Few public deals so far.", "")


@pytest.mark.parametrize(
    ("outcome", "became", "chance"), [("convert", "deals", "Chance to become a deal"), ("buy", "customers", "Chance to become a customer")]
)
def test_leads_are_counted_without_money(outcome: OutcomeWord, became: str, chance: str) -> None:
    touched = [row("a", amount=None, last_touch=date(2026, 1, 3), close_date=None), row("b", amount=None, close_date=None)]
    html = render(review(*touched, subject_word="lead", outcome_word=outcome))
    shown = words(html)
    assert f"2 open leads, 1 of them expected to become {became} within 92 days." in shown
    assert f"Added up, the chances are the {became} to expect." in shown
    assert chance in shown
    assert "3 Jan 2026" in shown
    assert "adds nothing to these sums" not in shown
    assert 'data-f="late">' not in html, "a touch that is over is not late"
    assert '"counts": true' in html or '"counts":true' in html
    assert '<option value="expected:descending">' not in html
    assert html.count('class="amount money" hidden') == html.count('class="amount money"') > 0


def test_pages_of_deals_do_not_count() -> None:
    html = render(review(row("a")))
    assert '"counts"' not in html
    assert 'class="amount money" hidden' not in html


def test_reasons_are_points_and_sentences() -> None:
    shown = words(render(review(row())))
    assert "+12 points A champion sells for us internally. champion · champion_depth = 4" in shown
    assert "−5 points No meeting for 41 days." in shown
    assert "odds" not in shown.lower()
    assert "shap" not in shown.lower()


def test_calibration_is_shown_in_numbers_and_only_when_measured() -> None:
    assert "31% 29% 24% to 34%" in words(render(review(row())))
    bare = words(render(review(row(), curve=None, quality=())))
    assert "has not been measured on later deals yet" in bare
    assert "Nothing has been measured for this model yet." in bare


def test_quality_without_an_interval_says_so() -> None:
    shown = words(render(review(row(), quality=(("Skill", -0.1, None, None, "Meaning."),))))
    assert "Skill −0.100 not measured Meaning." in shown


def test_only_the_first_fifty_rows_are_drawn_ahead() -> None:
    outline = Outline(render(review(*(row(f"d{n}") for n in range(60)))))
    assert sum(name.startswith("deal-") for name in outline.ids) == 50
    assert len(json.loads(outline.data)["rows"]) == 60
    assert "The first 50 of 60 deals." in outline.text


def test_ids_are_unique_and_encoded() -> None:
    ids = Outline(render(review(row('a"b c/ä'), row("a")))).ids
    assert "deal-a%22b%20c%2F%C3%A4" in ids
    assert len(ids) == len(set(ids))


def test_same_review_same_page() -> None:
    def make() -> Review:
        return review(row("a"), row("b", amount=None))

    assert render(make()) == render(make())


def test_five_thousand_rows_stay_light() -> None:
    page = render(review(*(row(f"d{n}", name=f"Northwind Logistics, platform rollout {n}") for n in range(5000))))
    assert len(page.encode()) < 1_500_000
