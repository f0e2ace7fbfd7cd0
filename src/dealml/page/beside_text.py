"""An outlook and a judgement in words; `templates/review.js` follows the same rules for outlooks."""

from __future__ import annotations

from dealml.page import text
from dealml.page.beside import Judged, Outlook


def expected_day(outlook: Outlook | None) -> str:
    """The day by itself, for under the CRM's own: ``likely 12 Apr 2026``."""
    return f"likely {text.day(outlook.expected)}" if outlook and outlook.expected else ""


def outlook_told(outlook: Outlook | None) -> str:
    """When it is expected to close and how likely it slips, as a sentence."""
    if outlook is None:
        return ""
    parts = []
    if outlook.expected:
        parts.append(f"If it closes, then most likely around {text.day(outlook.expected)}")
        if outlook.earliest and outlook.latest:
            parts.append(f"four times in five between {text.day(outlook.earliest)} and {text.day(outlook.latest)}")
    if outlook.slip is not None:
        parts.append(f"{text.percent(outlook.slip)} likely to be still open after its close date")
    return f"{text.capitalize_first('; '.join(parts))}." if parts else ""


def judged_chance(judged: Judged | None) -> str:
    """The judged probability by itself, for under the model's: ``judged 80%``."""
    return f"judged {text.percent(judged.probability)}" if judged and judged.probability is not None else ""


def judgement_told(judged: Judged | None, currency: str) -> str:
    """Who judged what, when and why."""
    if judged is None:
        return ""
    numbers = (
        "" if judged.probability is None else text.percent(judged.probability),
        "" if judged.amount is None else text.money(judged.amount, currency),
        "" if judged.close_date is None else f"close on {text.day(judged.close_date)}",
    )
    day = f" on {text.day(judged.at.date())}" if judged.at else ""
    said = ", ".join(filter(None, numbers))
    return f"{judged.by}{day}: {f'{said}. ' if said else ''}{judged.why}"
