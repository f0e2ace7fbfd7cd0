"""Small reviews for the page's tests: a few rows whose order and sums can be worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from dealml.page import Reason, ReliabilityCurve, Review, Row
from dealml.page.shared.lead_note import LeadNote

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Opens a review in a browser: `(review, fragment="", width=1280, **context options)`.
Opener = Callable[..., "Page"]

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror=\"window.hacked = 2\"> & 'quoted' </script>"
HEBREW = "פריסת פלטפורמה (שלב 2)"
LONG = "Framework agreement for regional transport " * 12 + "Donaudampfschifffahrtsgesellschaft" * 8
CURVE = ReliabilityCurve((0.1, 0.31, 0.7), (0.12, 0.29, 0.74), (0.08, 0.24, 0.6), (0.15, 0.34, 0.83), (500, 300, 100))
QUALITY = (("Log loss", 0.512, 0.49, 0.533, "How surprised the model was. Lower is better."),)


def reason(points: float = 0.12, sentence: str = "A champion sells for us internally.") -> Reason:
    """One reason."""
    return Reason("champion_depth", "champion", "4", points, sentence)


def row(entity_id: str = "d1", *, probability: float = 0.5, amount: str | None = "1000", **changes: object) -> Row:
    """One deal whose expected value is its probability times its amount."""
    money = None if amount is None else Decimal(amount)
    expected = None if money is None else money * Decimal(str(probability))
    plain = Row(
        entity_id, f"Deal {entity_id}", "Northwind", "Marta", "Proposal", "Enterprise", date(2026, 9, 1), money, "EUR",
        probability, expected, (reason(),), (reason(-0.05, "No meeting for 41 days."),),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def review(*rows: Row, **changes: object) -> Review:
    """Review of the given rows."""
    plain = Review(
        "Forecast review", "win-deal", "7", "boosted trees", datetime(2026, 6, 30, 6, tzinfo=UTC), 92,
        datetime(2026, 3, 31, tzinfo=UTC), "sha256:9f2c", rows, CURVE, QUALITY, ("Few public deals so far.",), "EUR",
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def mixed() -> Review:
    """Five telling rows, then 115 plain ones of falling worth: three drawings of the list."""
    telling = (
        row("006/1 ä", probability=0.9, amount="100000", name=HOSTILE, account="Müller & Söhne"),
        row("heb", probability=0.4, amount="200000", name=HEBREW, owner="יעל כהן", close_date=date(2026, 6, 1)),
        row("long", probability=0.2, amount="300000", name=LONG, stage="Negotiation", segment="Public"),
        row("none", amount=None, close_date=None, owner="", stage="", reasons_for=(), reasons_against=()),
        row("usd", probability=0.5, amount="9000000", currency="USD"),
    )
    plain = (row(f"p{n:03}", probability=0.3, amount=str(50000 - 100 * n), owner="Priya") for n in range(115))
    return review(*telling, *plain)


def leads() -> Review:
    """Four leads: one touched lately, one going cold that came back, one of a company that is known, one of which nothing is known."""
    backed = replace(reason(sentence="Forms that the lead filled in so far: 2"), evidence="Of 30 leads like this, 40% were converted.")
    chances = ((7, 0.004), (30, 0.4), (90, 0.995))
    notes = (
        LeadNote("touched lately", 0, 0, 0, False, chances),
        LeadNote("going cold", 2, chances=chances),
        LeadNote("", 1, 1, 2, True, chances),
        LeadNote(chances=chances),
    )
    rows = (
        row(
            f"L{place}", probability=0.6 - place / 10, amount=None, close_date=None, last_touch=date(2026, 6, 20 + place),
            lead_note=note, reasons_for=(backed,),
        )
        for place, note in enumerate(notes)
    )  # fmt: skip
    return review(*rows, title="Open leads", subject_word="lead", outcome_word="convert", horizon_days=30)
