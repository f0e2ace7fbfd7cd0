"""A scenario: a rule over what is on record of a deal, and how the deals that it matches ended."""

from __future__ import annotations

from dataclasses import dataclass

from dealml.scenarios.conditions import ScenarioCondition
from dealml.scenarios.consequences import Consequences
from dealml.scenarios.estimates import ShrunkenRate


@dataclass(frozen=True)
class HalfYear:
    """The deals of a scenario that closed in one half of a year."""

    name: str
    """Such as 2025H1."""
    deals: int
    won: int
    usual: float
    """The share that would be won at the company's rate of the same quarters."""


@dataclass(frozen=True)
class Scenario:
    """A winning or losing scenario."""

    conditions: tuple[ScenarioCondition, ...]
    deals: int
    """Closed deals that it matches: its support."""
    won: int
    rate: ShrunkenRate
    false_share: float
    """The share of the rules chosen so far that shuffled outcomes would give: the false-discovery rate at which it is reported."""
    half_years: tuple[HalfYear, ...] = ()
    consequences: Consequences | None = None

    @property
    def wins(self) -> bool:
        """Whether it is one to win in."""
        return self.rate.lift > 1

    @property
    def name(self) -> str:
        """Its conditions in words; the same rule has the same name in each mining."""
        return " · ".join(map(str, self.conditions))

    @property
    def holding(self) -> int:
        """The half-years in which its deals were won more (a losing one: less) often than usual."""
        return sum((half.won > half.usual * half.deals) == self.wins for half in self.half_years)
