"""A scorecard: points by simple rules, as teams score leads and deals by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.value_condition import Flags, holds, require_condition
from dealml.ledger.entities import EntityKey

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Points:
    """One rule: the points given where a feature is one of some texts, or a number within bounds.

    Parameters
    ----------
    points
        What the rule adds; negative takes away.
    feature
        The name of a feature.
    one_of
        Texts of which the feature must be one.
    at_least, at_most
        Bounds of a number, both included.
    """

    points: float
    feature: str
    one_of: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        """Refuse a rule without a condition, or with two kinds of it."""
        require_condition(self)

    def holds(self, table: pd.DataFrame) -> Flags:
        """For which rows of a feature table the rule holds; a missing value never does.

        Raises
        ------
        InputError
            When the feature is a text and the rule asks for a number, or the other way round.
        """
        return holds(self, table, "models/heuristic.py")


@dataclass(frozen=True)
class Scorecard:
    """Rules whose points add up to a score of each deal, or of each account."""

    name: str
    rules: tuple[Points, ...]
    entity: EntityKey = "deal_id"

    def applied(self, table: pd.DataFrame) -> tuple[Points, ...]:
        """The rules whose feature a table has."""
        return tuple(rule for rule in self.rules if rule.feature in table)

    def idle(self, table: pd.DataFrame) -> tuple[Points, ...]:
        """The rules that score nothing, because a table lacks their feature."""
        return tuple(rule for rule in self.rules if rule.feature not in table)

    def points(self, table: pd.DataFrame) -> Floats:
        """The score of each row of a feature table."""
        total = np.zeros(len(table))
        for rule in self.applied(table):
            total += rule.points * rule.holds(table)
        return total
