"""Money, shares and dates in the sentences of a review."""

from __future__ import annotations

from datetime import datetime


def money(cents: int, currency: str, signed: bool = False) -> str:
    """Whole units with thousands separated: `EUR 12,345`; with a sign where it is a change."""
    whole = (abs(cents) + 50) // 100
    sign = "" if not whole else "−" if cents < 0 else "+" if signed else ""
    return f"{sign}{currency} {whole:,}" if currency else f"{sign}{whole:,}"


def share(part: float) -> str:
    """Whole percent; never a certainty that no model has."""
    if part < 0.01:
        return "under 1 %"
    return "over 99 %" if part > 0.99 else f"{part * 100:.0f} %"


def day(moment: datetime) -> str:
    """A date."""
    return f"{moment:%Y-%m-%d}"


def days(number: float) -> str:
    """Whole days."""
    return f"{number:.0f} day{'' if round(number) == 1 else 's'}"
