"""Numbers and dates as a reader sees them; `templates/review.js` follows the same rules for what it draws."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from dealml.forecast.period import Period

MINUS = "\u2212"
MISSING = "not set"
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "ILS": "₪", "INR": "₹"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clean(text: str) -> str:
    """Text that can be written as UTF-8: a broken half of a character pair becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def thousands(number: int) -> str:
    """Thousands separated: ``1,234``."""
    return f"{number:,}"


def cents(amount: Decimal | float | None) -> int | None:
    """Hundredths of the currency's unit, which both sides round from, so that they agree."""
    return None if amount is None else int((Decimal(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def money_prefix(currency: str) -> str:
    """Give what stands before the number: a symbol where everyone knows it, the code otherwise."""
    return _SYMBOLS.get(currency, f"{currency}\u00a0" if currency else "")


def money(amount: Decimal | float | None, currency: str) -> str:
    """Whole units with thousands separated: ``€1,234,568``."""
    hundredths = cents(amount)
    return MISSING if hundredths is None else money_of_cents(hundredths, currency)


def money_of_cents(hundredths: int, currency: str) -> str:
    """Whole units from hundredths: ``€1,234,568``."""
    whole = (abs(hundredths) + 50) // 100
    return f"{MINUS if hundredths < 0 and whole else ''}{money_prefix(currency)}{whole:,}"


def change(hundredths: int, currency: str) -> str:
    """What a sum changed by, with its sign: ``+€1,234``, ``−€1,234``."""
    whole = (abs(hundredths) + 50) // 100
    return f"{MINUS if hundredths < 0 else '+'}{money_prefix(currency)}{whole:,}" if whole else f"{money_prefix(currency)}0"


def short_money(amount: Decimal | float, currency: str) -> str:
    """To three digits, as it is said aloud: ``€4.23m``, ``€812k``, ``€950``."""
    size = abs(float(amount))
    sign = f"{MINUS if amount < 0 else ''}{money_prefix(currency)}"
    for unit, name in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        # Less a hair, so that what rounds up to a thousand of one unit is one of the next.
        if size >= unit * (9.9995 if name == "k" else 0.9995):
            return f"{sign}{size / unit:.3g}{name}"
    return f"{sign}{_half_up(size):,}" if _half_up(size) else f"{money_prefix(currency)}0"


def period(value: Period) -> str:
    """A period as it is said: ``Q1 2026``, ``Jan 2026``, ``week 3 of 2026``."""
    year, week, _ = value.start.isocalendar()
    names = {
        "year": f"{value.start.year}",
        "quarter": f"Q{(value.start.month + 2) // 3} {value.start.year}",
        "month": f"{_MONTHS[value.start.month - 1]} {value.start.year}",
        "week": f"week {week} of {year}",
    }
    return names[value.kind]


def month(value: date) -> str:
    """Month and year: ``Apr 2026``."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


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
