"""The definition of win scenarios: what rules may speak of, and how many deals they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType

from dealml.errors import InputError
from dealml.features.definition import Feature, features_in

_RANGES = {
    "days": (1, 3650),
    "fewest_deals": (20, 1_000_000),
    "most_conditions": (1, 4),
    "least_lift": (1.05, 10),
    "false_discoveries": (0, 0.5),
}


@dataclass(frozen=True)
class WinScenarios:
    """What scenarios are mined from: `models/scenarios.py` has one as `SCENARIOS`.

    Parameters
    ----------
    features
        The features of deals that rules may combine, or modules of `features/`: texts, yes or no, and numbers with `bands`.
    bands
        By feature that is a number, a name for each band of it and the number at which it begins, in ascending order:
        `{"small": 0, "large": 500}`. Numbers below the first count as missing.
    of_leads
        By feature of deals, the feature of leads that says the same, so that leads are matched too.
    days
        How many days after a deal is opened its values are read; of one that closed sooner, those when it closed.
    fewest_deals
        How many closed deals a rule needs.
    most_conditions
        How many features a rule may combine, 1 to 4.
    least_lift
        How far the win rate of a scenario must lie above the company's, as a factor; below its inverse it is a losing one.
    false_discoveries
        The share of the rules that may be chance, 0 to 0.5.

    Raises
    ------
    InputError
        When a setting is out of its range, or bands are of no feature or not in order.
    """

    features: tuple[ModuleType | Feature, ...]
    bands: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    of_leads: Mapping[str, Feature] = field(default_factory=dict)
    days: int = 30
    fewest_deals: int = 50
    most_conditions: int = 3
    least_lift: float = 1.25
    false_discoveries: float = 0.05

    def __post_init__(self) -> None:
        """Refuse settings that make no sense."""
        for name, (low, high) in _RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise InputError(f"{name}={getattr(self, name)} is not between {low} and {high}")
        for kind, names in (("bands", self.bands), ("of_leads", self.of_leads)):
            if unknown := sorted(set(names) - set(self.names)):
                raise InputError(f"{kind} of {unknown[0]!r}, which is none of the features: {', '.join(self.names)}")
        for name, bands in self.bands.items():
            if len(bands) < 2 or sorted(set(bands.values())) != list(bands.values()):
                raise InputError(f"bands of {name!r} must be two or more, in ascending order: {dict(bands)}")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the features that rules may combine."""
        return tuple(feature.name for feature in features_in(*self.features))
