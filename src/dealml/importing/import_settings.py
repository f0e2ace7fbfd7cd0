"""Settings of an import: what of a project's settings the reading of its extracts depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["quarantine", "count", "refuse", "ignore"]
"""What becomes of rows that make no sense: they stay out, are only counted, end the import, or are not looked for."""

VERDICTS: dict[str, Verdict] = {
    "orphan": "quarantine",
    "second_creation": "quarantine",
    "unlisted_stage": "refuse",
    "unknown_word": "count",
    "currency_without_rate": "count",
    "outcome_before_creation": "count",
    "never_open": "count",
}
"""What becomes of rows by kind, where a project's settings say nothing else."""


@dataclass(frozen=True)
class ImportSettings:
    """How a company's extracts are read and judged."""

    time_zone: str = "UTC"
    """The company's: a cell that holds a date alone is the midnight that begins that day there."""
    currency: str = "EUR"
    """The company's; amounts in it need no rate."""
    quarantine_share: float = 0.05
    """More than this share of a table's rows in the quarantine ends the import, ..."""
    quarantine_rows: int = 20
    """... where they are at least so many."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """What becomes of rows by kind, where it is not the default."""

    def verdict(self, kind: str) -> Verdict:
        """What becomes of rows of a kind."""
        return self.verdicts.get(kind, VERDICTS[kind])

    @property
    def changed_verdicts(self) -> list[str]:
        """The verdicts that differ from the defaults, which an import's facts depend on."""
        return [f"{kind}={self.verdict(kind)}" for kind in sorted(VERDICTS) if self.verdict(kind) != VERDICTS[kind]]
