"""Settings of an import: what of a project's settings the reading of its extracts depends on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportSettings:
    """How a company's extracts are read and judged."""

    time_zone: str = "UTC"
    """Where a calendar day begins: the zone of periods and of `--as-of`."""
    currency: str = "EUR"
    """The company's; amounts in it need no rate."""
    quarantine_share: float = 0.05
    """More than this share of a table's rows in the quarantine ends the import, ..."""
    quarantine_rows: int = 20
    """... where they are at least this number of them."""
