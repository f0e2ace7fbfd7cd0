"""The public form of a report of deal economics."""

from __future__ import annotations

import pandas as pd

from dealml.api.results.economics_result import economics_result
from dealml.economics.settings import EconomicsSettings
from dealml.jobs.choosing.economics import EconomicsReport
from tests.economics.economics_fixtures import AT


def test_it_has_the_horizon_and_the_notes() -> None:
    report = EconomicsReport(AT, "PLN", EconomicsSettings(horizon_months=24), pd.DataFrame({"id": ["d"]}), ("a note",))
    result = economics_result(report)
    assert (result.currency, result.horizon_months, result.notes, len(result.cases)) == ("PLN", 24, ("a note",), 1)
