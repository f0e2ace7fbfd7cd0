"""How money, shares and dates are written wherever a person reads them; `page/templates/review.js` follows the same rules."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\u2212"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "ILS": "₪", "INR": "₹"}
"""Currencies that everyone knows by their sign."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def cents(amount: Decimal | float) -> int:
    """Hundredths of the currency's unit, from which whole units are rounded everywhere, so that they agree."""
    return int((Decimal(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def money_prefix(currency: str) -> str:
    """What stands before the number: a sign where everyone knows it, the code otherwise."""
    return SYMBOLS.get(currency, f"{currency}\u00a0" if currency else "")


def money(hundredths: int, currency: str, signed: bool = False) -> str:
    """Whole units with thousands separated, ``€1,234,568``; of a change with its sign, ``+€1,234``."""
    whole = (abs(hundredths) + 50) // 100
    sign = "" if not whole else MINUS if hundredths < 0 else "+" if signed else ""
    return f"{sign}{money_prefix(currency)}{whole:,}"


def exact_money(amount: Decimal, currency: str) -> str:
    """To the hundredth, as it was entered: ``€48,000.00``."""
    return f"{MINUS if amount < 0 else ''}{money_prefix(currency)}{abs(amount):,.2f}"


def percent(chance: float) -> str:
    """A chance in whole percent; never a certainty that no model has."""
    if chance < 0.01:
        return "under 1%"
    return "over 99%" if chance > 0.99 else f"{half_up(chance * 100)}%"


def counted_percent(share: float, places: int = 0) -> str:
    """A share of what was counted, for which none and all can be true: ``0%``, ``88%``, ``31.4%``."""
    shown = f"{abs(share) * 100:,.{places}f}%"
    return f"{MINUS}{shown}" if share < 0 and any(digit in shown for digit in "123456789") else shown


def day(value: date) -> str:
    """Date that reads the same everywhere: ``3 Apr 2026``."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def half_up(value: float) -> int:
    """The nearest whole number, of two the larger one, as people round."""
    return int(value + 0.5)
