"""The parts of a review, in the order in which a review runs."""

from __future__ import annotations

from dataclasses import dataclass

from dealml.page.review.content import Review
from dealml.page.shared.outcome_words import words_of

SECTIONS = {
    "forecast": "Forecast",
    "movement": "What changed",
    "talk": "Talk about first",
    "list": "The list",
    "trust": "How far to trust these numbers",
    "track": "Past forecasts",
    "metrics": "Sales metrics",
    "renewals": "Churn risk by renewal month",
    "recurring": "Recurring revenue",
}
"""Keys are the fragments of their links, and what `Review.gaps` is filled by."""


@dataclass(frozen=True)
class PageSection:
    """A part of the page. `gap` says why it cannot be shown; empty where it can."""

    key: str
    title: str
    gap: str = ""


def sections_of(review: Review) -> dict[str, PageSection]:
    """Those that the page has: what is known, and what is said to be missing."""
    is_present = _is_present(review)
    return {
        key: PageSection(key, _title(key, review), "" if is_present[key] else review.gaps.get(key, ""))
        for key in SECTIONS
        if is_present[key] or key in review.gaps
    }


def _is_present(review: Review) -> dict[str, bool]:
    forecast, movement = review.forecast, review.movement
    return {
        "forecast": forecast is not None,
        "movement": movement is not None,
        "talk": movement is not None and bool(movement.to_inspect),
        "list": True,
        "trust": True,
        "track": forecast is not None and forecast.accuracy is not None,
        "metrics": bool(review.metrics),
        "renewals": bool(review.renewals),
        "recurring": forecast is not None and forecast.recurring is not None,
    }


def _title(key: str, review: Review) -> str:
    if key == "list":
        words = words_of(review.subject_word, review.outcome_word)
        return f"All {words.outcome.adjective} {words.plural}"
    return SECTIONS[key]
