"""Periods of equal length, one after the other; whole months stay whole months."""

from __future__ import annotations

from datetime import datetime

from dealml.sales_metrics.metric import Period


def before(period: Period) -> Period:
    """The period before, which is as long: as many months where both ends are the first of one, else as many days."""
    months = _months(period)
    if months:
        return Period(_back(period.since, months), period.since)
    return Period(period.since - (period.until - period.since), period.since)


def run_up(period: Period, count: int) -> list[Period]:
    """A period and those before it, the earliest first."""
    periods = [period]
    while len(periods) < count:
        periods.append(before(periods[-1]))
    return periods[::-1]


def _months(period: Period) -> int:
    """How many whole months a period is; 0 where it is not whole months."""
    if any(moment != datetime(moment.year, moment.month, 1, tzinfo=moment.tzinfo) for moment in (period.since, period.until)):
        return 0
    return (period.until.year - period.since.year) * 12 + period.until.month - period.since.month


def _back(moment: datetime, months: int) -> datetime:
    place = moment.year * 12 + moment.month - 1 - months
    return moment.replace(year=place // 12, month=place % 12 + 1)
