"""Values of metrics as people read them."""

from __future__ import annotations

from dealml.metrics.metric import Value
from dealml.metrics.registry import METRICS


def shown(value: Value) -> str:
    """A value with its unit; a dash where there is none."""
    number = value.value
    if number is None:
        return "–"
    if value.unit == "share":
        return f"{100 * number:,.1f} %"
    if value.unit in ("deals", "leads"):
        return f"{number:,.0f} {value.unit}"
    return f"{number:,.{2 if abs(number) < 1000 else 0}f} {value.unit}"


def in_words(value: Value) -> str:
    """What a value is made of: `deals won 162, deals lost 363`."""
    words = METRICS[value.metric].shows
    return ", ".join(f"{words[name]} {number:,.0f}" for name, number in value.parts.items() if number is not None)
