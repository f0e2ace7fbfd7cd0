"""Time formats of a mapping: which directives a format may hold, checked when the mapping is read."""

from __future__ import annotations

import re

EPOCH_UNITS = ("seconds", "milliseconds")
"""Formats of times that are numbers, counted from 1970."""

_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_KNOWN = frozenset("aAbBdfGHIjmMpSuUVwWyYzZ%")
_TIME_OF_DAY = frozenset("HIMSf")
_DAYS = ({"d", "m"}, {"d", "b"}, {"d", "B"}, {"j"}, {"V", "u"})
"""Sets of directives that, with a year, name a day."""


def time_format_problem(form: str) -> str | None:
    """Why a format cannot be used; None where it can."""
    if form in EPOCH_UNITS:
        return None
    used = _DIRECTIVE.findall(form)
    if unknown := [letter for letter in used if letter not in _KNOWN]:
        return f"no such directive: '%{unknown[0]}'" + (
            "; of numbers counted from 1970 write seconds or milliseconds" if unknown[0] == "s" else "; it is read as strptime reads it"
        )
    letters = set(used)
    if not letters & set("yYG"):
        return "it has no year (%Y)"
    if not any(needed <= letters for needed in _DAYS):
        return "it names no day (%m and %d)"
    if "p" in letters and "I" not in letters:
        return "%p goes with %I, the hour of a half day"
    if "I" in letters and "p" not in letters:
        return "%I needs %p; the hour of a whole day is %H"
    return None


def has_time_of_day(form: str) -> bool:
    """Whether a format holds a time of day; one without is of a calendar day."""
    return form in EPOCH_UNITS or bool(set(_DIRECTIVE.findall(form)) & _TIME_OF_DAY)
