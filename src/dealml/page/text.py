"""Numbers and dates as a reader sees them; `templates/review.js` follows the same rules for what it draws."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\u2212"
MISSING = "not set"
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "ILS": "₪", "INR": "₹"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clean(text: str) -> str:
    """Text that can be written as UTF-8: a broken half of a character pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def thousands(number: int) -> str:
    """Thousands separated: ``1,234``."""
    return f"{number:,}"


def cents(amount: Decimal | None) -> int | None:
    """Hundredths of the currency's unit, which both sides round from, so that they agree."""
    return None if amount is None else int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


def money_prefix(currency: str) -> str:
    """Give what stands before the number: a symbol where everyone knows it, the code otherwise."""
    return _SYMBOLS.get(currency, f"{currency}\u00a0" if currency else "")


def money(amount: Decimal | None, currency: str) -> str:
    """Whole units with thousands separated: ``€1,234,568``."""
    hundredths = cents(amount)
    if hundredths is None:
        return MISSING
    whole = (abs(hundredths) + 50) // 100
    return f"{MINUS if hundredths < 0 and whole else ''}{money_prefix(currency)}{whole:,}"


def percent(share: float) -> str:
    """Whole percent; never a certainty that no model has."""
    if share < 0.01:
        return "under 1%"
    if share > 0.99:
        return "over 99%"
    return f"{_half_up(share * 100)}%"


def signed(points: float) -> str:
    """Probability points with their sign: ``+12``, ``−0.4``."""
    size = abs(points) * 100
    sign = MINUS if points < 0 else "+"
    if size >= 0.95:
        return f"{sign}{_half_up(size)}"
    return f"{sign}{_half_up(size * 10) / 10:.1f}" if size >= 0.05 else f"{sign}0"


def points(value: float) -> str:
    """Probability points in words: ``+12 points``, ``−1 point``."""
    number = signed(value)
    return f"{number} {'point' if number[1:] == '1' else 'points'}"


def day(value: date | None) -> str:
    """Date that reads the same everywhere: ``3 Apr 2026``."""
    return MISSING if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Date and time in UTC; a time without a zone is UTC already."""
    utc = value.astimezone(UTC) if value.tzinfo else value
    return f"{day(utc)}, {utc:%H:%M} UTC"


def figure(value: float) -> str:
    """Quality figure to three significant decimals, with a true minus sign."""
    return f"{value:.3f}".replace("-", MINUS)


def interval(low: float | None, high: float | None) -> str:
    """Interval in words, empty when it was not measured."""
    return "" if low is None or high is None else f"{figure(low)} to {figure(high)}"


def capitalize_first(words: str) -> str:
    """Words as a sentence or a heading begins; the rest keeps its capitals."""
    return words[:1].upper() + words[1:]


def _half_up(value: float) -> int:
    return int(value + 0.5)
