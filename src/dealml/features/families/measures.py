"""Measures of a family: what is computed for each of its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dealml.features.definition import Empty, Sign
from dealml.features.windows import within

IsValue = Callable[..., Any]
"""Which facts are of the value, by the family's own columns or by those that it is handed."""


@dataclass(frozen=True)
class FamilyMeasure:
    """What a family computes for each of its values.

    Parameters
    ----------
    name
        Behind the family's name in the names of its features.
    meaning
        A sentence with `{what}`, the first line of the family's docstring.
    compute
        From the facts, which of them count, and `IsValue`.
    unit
        Empty is the family's own.
    """

    name: str
    meaning: str
    compute: Callable[[Any, Any, IsValue], Any]
    unit: str = ""
    empty: Empty = None
    expect: Sign = ""


COUNT = FamilyMeasure("count", "{what} so far.", lambda facts, counts, is_value: facts.count(where=counts & is_value()), empty=0)
COUNT_30D = FamilyMeasure(
    "30d",
    "{what} in the last 30 days.",
    lambda facts, counts, is_value: facts.count(where=counts & is_value() & within(facts, 30)),
    empty=0,
)
DAYS_SINCE = FamilyMeasure(
    "days_since",
    "{what}: days since the last one.",
    lambda facts, counts, is_value: facts.days_ago.min(where=counts & is_value()),
    unit="days",
)
SHARE = FamilyMeasure(
    "share",
    "{what}, as a share of all such.",
    lambda facts, counts, is_value: facts.count(where=counts & is_value()) / facts.count(where=counts).nullif(0),
    unit="share",
)
RECENCIES = (COUNT, COUNT_30D, DAYS_SINCE, SHARE)
"""What a family has unless it says otherwise."""
