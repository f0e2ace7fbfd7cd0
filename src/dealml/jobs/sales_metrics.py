"""The sales metrics of a period, and their trend over those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from dealml.as_of.connection import connect
from dealml.errors import UsageError
from dealml.jobs.scoring.requirements import require_dated
from dealml.learning.data_end import data_end
from dealml.period import Period, trailing_periods
from dealml.project import Project
from dealml.sales_metrics import METRICS, WAYS, WHOLE, MetricValue, measure
from dealml.sales_metrics.facts import last_recorded
from dealml.sales_metrics.labels import in_words
from dealml.scoring.export import check_destination, write_table

TREND_PERIODS = 8
_COLUMNS = pa.schema(
    [
        ("metric", pa.string()), ("title", pa.string()), ("group", pa.string()), ("item", pa.string()),
        ("since", pa.timestamp("us", "UTC")), ("until", pa.timestamp("us", "UTC")), ("as_of", pa.timestamp("us", "UTC")),
        ("value", pa.float64()), ("unit", pa.string()), ("reason", pa.string()), ("note", pa.string()), ("parts", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class MetricsReport:
    """The metrics of one period or of several, one after the other."""

    periods: tuple[Period, ...]
    as_of: datetime
    """Only what was recorded strictly before this moment counts."""
    currency: str
    by: str | None
    values: tuple[MetricValue, ...]
    unsplit: tuple[str, ...]
    """The metrics that cannot be split as asked, by name."""
    notes: tuple[str, ...]

    def of(self, metric: str, group: str = WHOLE, item: str = "") -> list[MetricValue]:
        """One metric's values, a period each, the earliest first."""
        return [v for v in self.values if (v.metric, v.group, v.item) == (metric, group, item)]

    @property
    def frame(self) -> pd.DataFrame:
        """Every value as a row; `parts` are told in words."""
        return pd.DataFrame([_row(value, self.as_of) for value in self.values], columns=_COLUMNS.names)


def metrics(
    project: Project,
    since: datetime,
    until: datetime,
    by: str | None = None,
    as_of: datetime | None = None,
    out: Path | None = None,
) -> MetricsReport:
    """Measure the sales metrics of a period.

    Parameters
    ----------
    since, until
        What occurred from the one until just before the other counts.
    by
        Split what can be split by `segment`, `team` or `source`.
    as_of
        Only what was recorded strictly before this moment counts; without it, all that is on record: a
        deal that was won on the period's last day and entered a day later belongs to the period.
    out
        A file to write, Parquet or CSV.

    Raises
    ------
    UsageError
        When the period is empty or lies ahead of the data, or metrics cannot be split as asked.
    InputError
        When the ledger is empty or a cross-section.
    """
    return _measured(project, since, until, 1, by, as_of, out)


def trend(
    project: Project,
    since: datetime,
    until: datetime,
    periods: int = TREND_PERIODS,
    as_of: datetime | None = None,
) -> MetricsReport:
    """Measure the metrics of a period and of those before it, which are as long; the ledger is read once.

    Whole months stay whole months: before the fourth quarter comes the third. See `metrics` for the rest.

    Raises
    ------
    UsageError
        Also when fewer than one period is asked for.
    """
    if periods < 1:
        raise UsageError(f"a trend has one period at least; {periods} were asked for")
    return _measured(project, since, until, periods, None, as_of, None)


def _measured(
    project: Project,
    since: datetime,
    until: datetime,
    count: int,
    by: str | None,
    as_of: datetime | None,
    out: Path | None,
) -> MetricsReport:
    if out:
        check_destination(out)
    at = _checked(project, since, until, by, as_of)
    periods, currency = trailing_periods(Period(since, until), count), project.settings.company.currency
    values = measure(project.ledger, periods, at, currency, by, project.query_settings)
    unsplit = tuple(name for name, metric in METRICS.items() if by and by not in metric.splits)
    report = MetricsReport(tuple(periods), at, currency, by, tuple(values), unsplit, _notes(periods, at))
    if out:
        write_table(out, _COLUMNS, [pa.Table.from_pandas(report.frame, _COLUMNS, preserve_index=False)])
    return report


def _checked(project: Project, since: datetime, until: datetime, by: str | None, as_of: datetime | None) -> datetime:
    """The moment before which facts count, where everything asked makes sense."""
    if since >= until:
        raise UsageError(f"--from {since:%Y-%m-%d} is not before --to {until:%Y-%m-%d}; --to is the first day after the period")
    if by is not None and by not in WAYS:
        raise UsageError(f"--by {by}: metrics are split by {', '.join(WAYS)}")
    require_dated(project, "metrics of a period need facts with dates")
    ledger = project.ledger
    ledger.require_zone(project.settings.company.time_zone)
    con = connect(project.query_settings)
    end, last_word = map(project.calendar.local, (data_end(con, ledger), last_recorded(con, ledger)))
    for option, moment, last in (("--to", until, end), ("--as-of", as_of or since, max(end, last_word))):
        if moment > _monday_after(last):
            problem = f"{option} {moment:%Y-%m-%d} is in the future: the data end on {last:%Y-%m-%d}"
            raise UsageError(f"{problem}; give {_monday_after(last):%Y-%m-%d} at the latest")
    if as_of and as_of <= since:
        raise UsageError(f"--as-of {as_of:%Y-%m-%d} is not after --from {since:%Y-%m-%d}: nothing of the period was known then")
    return as_of or max(last_word, until)


def _monday_after(moment: datetime) -> datetime:
    """The end of a moment's week: an extract may tell nothing of its last days."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=7 - midnight.weekday())


def _notes(periods: Sequence[Period], as_of: datetime) -> tuple[str, ...]:
    until = periods[-1].end
    return () if until <= as_of else (f"the period was not over on {as_of:%Y-%m-%d}: its figures are those until then",)


def _row(value: MetricValue, as_of: datetime) -> dict[str, Any]:
    fields = {name: getattr(value, name) for name in ("metric", "group", "item", "value", "unit", "reason", "note")}
    clocks = {"since": value.period.start, "until": value.period.end, "as_of": as_of}
    return fields | clocks | {"title": METRICS[value.metric].title, "parts": in_words(value)}
