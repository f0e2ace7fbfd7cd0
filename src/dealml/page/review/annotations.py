"""Annotations of a deal's row: when the deal is expected to close, and a person's override."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class CloseDateNote:
    """When a deal is expected to close.

    Parameters
    ----------
    expected : date or None
        The middle of what is expected, if it closes at all.
    earliest, latest : date or None
        Ends of the range that holds the close four times in five.
    slip : float or None
        Probability that it is still open after the close date that the CRM names.
    """

    expected: date | None = None
    earliest: date | None = None
    latest: date | None = None
    slip: float | None = None

    def __post_init__(self) -> None:
        """Refuse a probability that is none."""
        if self.slip is not None and not 0 <= self.slip <= 1:
            raise ValueError(f"the probability of slipping must lie between 0 and 1, not {self.slip}")


@dataclass(frozen=True)
class OverrideNote:
    """A person's numbers for a deal; what they left open is None. `currency` is that of the amount; empty, it is the deal's."""

    by: str
    why: str
    at: datetime | None = None
    probability: float | None = None
    amount: Decimal | None = None
    close_date: date | None = None
    currency: str = ""

    def __post_init__(self) -> None:
        """Refuse numbers that could not be shown."""
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError(f"a judged probability must lie between 0 and 1, not {self.probability}")
        if self.amount is not None and not self.amount.is_finite():
            raise ValueError(f"a judged amount must be a finite number, not {self.amount}")
