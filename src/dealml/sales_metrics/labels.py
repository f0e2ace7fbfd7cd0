"""Values of metrics as people read them."""

from __future__ import annotations

from decimal import Decimal

from dealml.formatting import MINUS, cents, counted_percent, exact_money, money
from dealml.sales_metrics.metric import MetricValue
from dealml.sales_metrics.registry import METRICS

_PLACES = {"deals": 0, "leads": 0, "days": 1, "months": 1, "points": 1}
"""Of values in these units; others have two."""


def shown(value: MetricValue) -> str:
    """A value with its unit; a dash where there is none."""
    number = value.value
    if number is None:
        return "–"
    if value.unit == "share":
        return counted_percent(number, 1)
    if METRICS[value.metric].unit.startswith("{currency}"):
        return _money(number, *value.unit.partition(" "))
    shown = f"{number:,.{_PLACES.get(value.unit, 2)}f}"
    return f"{shown.replace('-', MINUS)} {value.unit.removesuffix('s') if shown == '1' else value.unit}"


def _money(number: float, currency: str, space: str, of: str) -> str:
    """Whole units of what is large, hundredths of what is small: `€41,915 a day`, `€7.50`."""
    text = money(cents(number), currency) if abs(number) >= 1000 else exact_money(Decimal(str(number)), currency)
    return f"{text}{space}{of}"


def in_words(value: MetricValue) -> str:
    """What a value is made of: `deals won 162, deals lost 363`."""
    words = METRICS[value.metric].shows
    return ", ".join(f"{words[name]} {number:,.0f}" for name, number in value.parts.items() if number is not None)
