"""What weighing deals and leads returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.jobs.choosing.economics import EconomicsReport


@dataclass(frozen=True)
class EconomicsResult:
    """The economics of open deals and leads.

    Example
    -------
    >>> result = project.economics(as_of="2026-01-05")
    >>> result.cases.loc[result.cases["expected_value"] < 0, ["id", "gross_margin", "cost_to_pursue"]]
    """

    as_of: datetime
    """Only what was recorded strictly before this moment counts."""
    currency: str
    horizon_months: float
    """Margin counts until this long after the win."""
    cases: pd.DataFrame
    """One row a deal or lead: `kind`, `id`, each term with `_low`, `_high` and `_source`, `expected_value`, `unknown`, `without` …"""
    notes: tuple[str, ...]


def economics_result(report: EconomicsReport) -> EconomicsResult:
    """A report of deal economics as its public form."""
    return EconomicsResult(report.as_of, report.currency, report.settings.horizon_months, report.table, report.notes)
