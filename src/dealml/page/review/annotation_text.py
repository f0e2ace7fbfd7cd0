"""An outlook and a judgement in words; `templates/review.js` follows the same rules for outlooks."""

from __future__ import annotations

from dealml.page.review.annotations import CloseDateNote, OverrideNote
from dealml.page.shared import filters


def expected_day(outlook: CloseDateNote | None) -> str:
    """The day by itself, for under the CRM's own: ``likely 12 Apr 2026``."""
    return f"likely {filters.day(outlook.expected)}" if outlook and outlook.expected else ""


def close_date_sentence(outlook: CloseDateNote | None) -> str:
    """When it is expected to close and how likely it slips, as a sentence."""
    if outlook is None:
        return ""
    parts = []
    if outlook.expected:
        parts.append(f"If it closes, then most likely around {filters.day(outlook.expected)}")
        if outlook.earliest and outlook.latest:
            parts.append(f"four times in five between {filters.day(outlook.earliest)} and {filters.day(outlook.latest)}")
    if outlook.slip is not None:
        parts.append(f"{filters.percent(outlook.slip)} likely to be still open after its close date")
    return f"{filters.capitalize_first('; '.join(parts))}." if parts else ""


def override_labels(judged: OverrideNote | None, currency: str) -> tuple[str, str, str]:
    """The judged probability, amount and close date, as labels below the model's own: ``judged 80%``."""
    numbers = _numbers(judged, currency) if judged else ("", "", "")
    chance, amount, close = (f"judged {each}" if each else "" for each in numbers)
    return chance, amount, close


def override_sentence(judged: OverrideNote | None, currency: str) -> str:
    """Who judged what, when and why."""
    if judged is None:
        return ""
    chance, amount, close = _numbers(judged, currency)
    day = f" on {filters.day(judged.at.date())}" if judged.at else ""
    statement = ", ".join(filter(None, (chance, amount, close and f"close on {close}")))
    return f"{judged.by}{day}: {f'{statement}. ' if statement else ''}“{judged.why}”"


def _numbers(judged: OverrideNote, currency: str) -> tuple[str, str, str]:
    """A person may be certain, so 100% stays 100%."""
    return (
        "" if judged.probability is None else filters.counted_percent(judged.probability),
        "" if judged.amount is None else filters.money(judged.amount, judged.currency or currency),
        "" if judged.close_date is None else filters.day(judged.close_date),
    )
