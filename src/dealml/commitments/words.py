"""Promises in words."""

from __future__ import annotations

from dealml.commitments.policy import FEWER_IS_MORE, YES_OR_NO
from dealml.formatting import counted_percent

NONE = "\u2013"


def promised_value(measure: str, value: float) -> str:
    """A value of a measure as people read it: ``28%``, ``45 days``, ``yes``; a dash where there is none."""
    if value != value:
        return NONE
    if measure in YES_OR_NO:
        return "yes" if value else "no"
    return f"{value:.0f} days" if measure in FEWER_IS_MORE else counted_percent(value)
