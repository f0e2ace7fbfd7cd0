"""What the page "Where to compete" says: sections of tables, each of which may be missing with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dealml.page.shared.report_table import ReportTable


@dataclass(frozen=True)
class ChoosingSection:
    """One section: what it says in a sentence or two, and its tables."""

    key: str
    """Its anchor in the page."""
    title: str
    lead: str = ""
    tables: tuple[ReportTable, ...] = ()
    missing: str = ""
    """Why it cannot be shown; empty where it can."""
    notes: tuple[str, ...] = ()
    """What a reader must know before using its numbers."""


@dataclass(frozen=True)
class ChoosingPage:
    """Everything that the page shows."""

    title: str
    as_of: datetime
    headline: str
    sections: tuple[ChoosingSection, ...]
    facts: tuple[tuple[str, str], ...]
    """What identifies the numbers, such as the digest of the ledger."""
