"""Money along a line: where a sum lies, in percent of a picture's width, and the ticks below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from dealml.page.shared.filters import short_tick

MOST_STEPS = 4
"""More ticks would touch each other on a phone."""
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`, over `reach` percent of the width."""

    low: float
    high: float
    step: float
    reach: float
    currency: str

    def at(self, value: float) -> float:
        """Where a sum lies, in percent of the width; what lies outside is drawn at the edge."""
        inside = min(max(value, self.low), self.high)
        return round(self.reach * (inside - self.low) / (self.high - self.low), 2)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places and their money, at round sums."""
        first, last = ceil(self.low / self.step - 1e-9), floor(self.high / self.step + 1e-9)
        values = (index * self.step for index in range(first, last + 1))
        return tuple((self.at(value), short_tick(value, self.step, self.currency)) for value in values)


def scale_of(values: Iterable[float], currency: str, *, zero: bool = True, reach: float = 100.0) -> Scale:
    """A scale from the lowest to the highest value, with round ticks between.

    Parameters
    ----------
    zero
        Whether it begins at nothing; without, a change is visible even where it is small against the whole.
    """
    all_values = [*values, *([0.0] if zero else [])] or [0.0]
    low, high = min(all_values), max(all_values)
    if high - low < 1:
        low, high = (low, low + 1) if zero else (low - 1, high + 1)
    rough = (high - low) / MOST_STEPS
    ten = 10.0 ** floor(log10(rough))
    step = next(nice * ten for nice in _NICE if nice * ten >= rough * (1 - 1e-9))
    return Scale(low, high, step, reach, currency)
