"""What writing the page "Where to compete" returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealml.jobs.choosing.page import ChoosingReport


@dataclass(frozen=True)
class ChoosingResult:
    """A page that was written.

    Example
    -------
    >>> result = project.choose("where.html", as_of="2026-01-05")
    >>> result.page, result.gaps
    """

    page: Path
    as_of: datetime
    headline: str
    gaps: Mapping[str, str]
    """The sections that the page lacks, each with the reason."""


def choosing_result(page: Path, report: ChoosingReport) -> ChoosingResult:
    """A report of the page as its public form."""
    return ChoosingResult(page, report.as_of, report.headline, dict(report.gaps))
