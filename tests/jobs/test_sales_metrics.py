"""The sales metrics of the simulated company: every one has a value, and a trend is what its periods are one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from dealml.errors import UsageError
from dealml.jobs.sales_metrics import in_words, metrics, trend
from dealml.period import Period
from dealml.project import Project
from dealml.sales_metrics import METRICS

SINCE, UNTIL = datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 10, 1, tzinfo=UTC)


def test_every_metric_has_a_value(imported: Project) -> None:
    report = metrics(imported, SINCE, UNTIL)
    assert {v.metric: v.reason for v in report.values if v.value is None} == {}
    assert {v.metric for v in report.values} == set(METRICS)


def test_a_trend_is_its_periods_one_by_one(imported: Project) -> None:
    found = trend(imported, SINCE, UNTIL, 3)
    quarters = [(2025, 1), (2025, 4), (2025, 7)]
    assert [(p.start.year, p.start.month) for p in found.periods] == quarters
    first = datetime(2025, 1, 1, tzinfo=UTC)
    for period in (Period(first, datetime(2025, 4, 1, tzinfo=UTC)), Period(SINCE, UNTIL)):
        alone = metrics(imported, period.start, period.end, as_of=found.as_of)
        assert [v for v in found.values if v.period == period] == list(alone.values)
    assert [v.period for v in found.of("win_rate")] == list(found.periods)


def test_a_past_moment_knows_less(imported: Project) -> None:
    now, then = metrics(imported, SINCE, UNTIL), metrics(imported, SINCE, UNTIL, as_of=datetime(2025, 8, 15, tzinfo=UTC))
    assert (then.of("total_revenue")[0].value or 0) < (now.of("total_revenue")[0].value or 0)
    assert then.of("forecast_accuracy")[0].reason == "the period was not over then"
    assert then.notes == ("the period was not over on 2025-08-15: its figures are those until then",)
    assert now.notes == ()


def test_it_says_what_cannot_be_split(imported: Project) -> None:
    report = metrics(imported, SINCE, UNTIL, "segment")
    assert set(report.unsplit) == {"pipeline_coverage", "quota_attainment", "esat", "time_selling"}
    assert {v.group for v in report.values if v.metric == "win_rate"} == {"", "SMB", "Mid-market", "Enterprise"}
    assert metrics(imported, SINCE, UNTIL, "team").unsplit == ("esat", "time_selling")


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_file_holds_every_value(imported: Project, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"metrics{ending}"
    report = metrics(imported, SINCE, UNTIL, "source", out=out)
    table = pd.read_csv(out) if ending == ".csv" else pd.read_parquet(out)
    assert list(table["metric"]) == [v.metric for v in report.values]
    assert table["value"].tolist() == pytest.approx([float("nan") if v.value is None else v.value for v in report.values], nan_ok=True)
    assert set(table["title"]) == {metric.title for metric in METRICS.values()}


def test_a_value_tells_its_parts(imported: Project) -> None:
    value = metrics(imported, SINCE, UNTIL).of("win_rate")[0]
    assert in_words(value) == f"deals won {value.parts['won']:,.0f}, deals lost {value.parts['lost']:,.0f}"
    assert value.value == value.parts["won"] / (value.parts["won"] + value.parts["lost"])  # type: ignore[operator]


def test_a_trend_of_no_period(imported: Project) -> None:
    with pytest.raises(UsageError, match="one period at least; 0 were asked for"):
        trend(imported, SINCE, UNTIL, 0)
