"""Numbers and dates as a reader of a page sees them; `templates/review.js` follows the same rules for what it draws."""

from datetime import UTC, date, datetime
from decimal import Decimal

from dealml import formatting
from dealml.forecast.labels import period
from dealml.formatting import MINUS, MONTHS, counted_percent, half_up, money_prefix, percent

__all__ = [
    "MINUS", "MISSING", "capitalize_first", "cents", "change", "clean", "counted_percent", "day", "figure", "interval", "measure", "moment",
    "money", "money_of_cents", "money_prefix", "month", "percent", "period", "points", "short_money", "short_tick", "signed", "thousands",
]  # fmt: skip

MISSING = "not set"
_ABBREVIATED = {"auc": "AUC"}


def clean(text: str) -> str:
    """Text that can be written as UTF-8: a broken half of a character pair becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def thousands(number: int) -> str:
    """Thousands separated: ``1,234``."""
    return f"{number:,}"


def cents(amount: Decimal | float | None) -> int | None:
    """Hundredths of the currency's unit, which both sides round from, so that they agree."""
    return None if amount is None else formatting.cents(amount)


def money(amount: Decimal | float | None, currency: str) -> str:
    """Whole units with thousands separated: ``€1,234,568``."""
    return MISSING if amount is None else formatting.money(formatting.cents(amount), currency)


def money_of_cents(hundredths: int, currency: str) -> str:
    """Whole units from hundredths: ``€1,234,568``."""
    return formatting.money(hundredths, currency)


def change(hundredths: int, currency: str) -> str:
    """What a sum changed by, with its sign: ``+€1,234``, ``−€1,234``."""
    return formatting.money(hundredths, currency, signed=True)


def short_money(amount: Decimal | float, currency: str) -> str:
    """To three digits, as it is said aloud: ``€4.23m``, ``€4.50m``, ``€812k``, ``€950``."""
    size, unit, name = _sized(amount)
    number = size / unit
    # Less a hair, so that what rounds up to four digits has three.
    places = 0 if not name or number >= 99.95 else 1 if number >= 9.995 else 2
    return _signed_money(amount, f"{half_up(size):,}" if not name else f"{number:.{places}f}{name}", currency)


def short_tick(amount: float, step: float, currency: str) -> str:
    """A sum on an axis, with as many places as the step between two ticks needs: ``€2m``, ``€2.5m``, ``€5.55m``."""
    size, unit, name = _sized(amount)
    places = next((places for places in range(6) if abs(round(step / unit, places) - step / unit) < 1e-9), 6) if name else 0
    return _signed_money(amount, f"{size / unit:,.{places}f}{name}", currency)


def month(value: date) -> str:
    """Month and year: ``Apr 2026``."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def signed(points: float) -> str:
    """Probability points with their sign: ``+12``, ``−0.4``."""
    size = abs(points) * 100
    sign = MINUS if points < 0 else "+"
    if size >= 0.95:
        return f"{sign}{half_up(size)}"
    return f"{sign}{half_up(size * 10) / 10:.1f}" if size >= 0.05 else f"{sign}0"


def measure(name: str) -> str:
    """A quality figure's name as a heading: ``AUC``, ``Log loss``."""
    return _ABBREVIATED.get(name, capitalize_first(name))


def points(value: float) -> str:
    """Probability points in words: ``+12 points``, ``−1 point``."""
    number = signed(value)
    return f"{number} {'point' if number[1:] == '1' else 'points'}"


def day(value: date | None) -> str:
    """Date that reads the same everywhere: ``3 Apr 2026``."""
    return MISSING if value is None else formatting.day(value)


def moment(value: datetime) -> str:
    """Date and time in the moment's zone; a time without a zone is UTC."""
    at = value if value.tzinfo else value.replace(tzinfo=UTC)
    return f"{day(at)}, {at:%H:%M %Z}"


def figure(value: float) -> str:
    """Quality figure to three significant decimals, with a true minus sign."""
    return f"{value:.3f}".replace("-", MINUS)


def interval(low: float | None, high: float | None) -> str:
    """Interval in words, empty when it was not measured."""
    return "" if low is None or high is None else f"{figure(low)} to {figure(high)}"


def capitalize_first(words: str) -> str:
    """Words as a sentence or a heading begins; the rest keeps its capitals."""
    return words[:1].upper() + words[1:]


def _sized(amount: Decimal | float) -> tuple[float, float, str]:
    """How large a sum is, and the unit that it is written in: one, or thousands from ten thousand on."""
    size = abs(float(amount))
    for unit, name in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        # Less a hair, so that what rounds up to a thousand of one unit is one of the next.
        if size >= unit * (9.9995 if name == "k" else 0.9995):
            return size, unit, name
    return size, 1.0, ""


def _signed_money(amount: Decimal | float, number: str, currency: str) -> str:
    return f"{MINUS if amount < 0 and number != '0' else ''}{money_prefix(currency)}{number}"
