"""Figures of the business on a page: the sales metrics with their past, and renewals month by month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class MetricLine:
    """A sales metric.

    Parameters
    ----------
    title : str
        Its name in plain words.
    unit : str
        What it is counted in.
    value : str
        As it is read, with its unit; empty where there is none.
    why_absent : str
        Said where there is no value.
    trend : tuple of float or None
        Values of past periods, the oldest first; None where one is missing.
    formula : str
        How it is worked out.
    number : float or None
        The value as a number, for the files of tables.
    """

    title: str
    unit: str
    value: str
    why_absent: str = ""
    trend: tuple[float | None, ...] = ()
    formula: str = ""
    number: float | None = None


@dataclass(frozen=True)
class RenewalLine:
    """Accounts whose subscription ends in a month, and the yearly revenue that is expected to be lost with them.

    `month` is its first day; money is in the project's currency.
    """

    month: date
    accounts: int
    arr: Decimal
    expected_lost: Decimal
