"""The page "Where to compete" in its public form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dealml.api.results.choosing_result import choosing_result
from dealml.jobs.choosing.page import ChoosingReport


def test_the_report_is_passed_on() -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    result = choosing_result(Path("where.html"), ChoosingReport(at, "Deals are won", 100, {"What was promised": "no promise is on record"}))
    assert (result.page, result.as_of, result.headline) == (Path("where.html"), at, "Deals are won")
    assert result.gaps == {"What was promised": "no promise is on record"}
