"""Recurring revenue at risk by month of renewal, against an obvious loop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from dealml.forecast.customers.renewals import renewal_months
from dealml.forecast.incidence import IncidenceCurves
from dealml.period import Period

AT = datetime(2026, 1, 5, tzinfo=UTC)


def test_each_account_stands_in_the_month_in_which_its_term_ends() -> None:
    rng = np.random.default_rng(3)
    count = 400
    days, arr = rng.uniform(-30, 500, count), np.where(rng.random(count) < 0.1, np.nan, rng.uniform(0, 1e5, count))
    left = np.sort(rng.random((count, 3)), axis=1)
    curves = IncidenceCurves.of((30, 90, 180), left, np.zeros_like(left))
    expected: dict[str, list[float]] = {}
    for place in range(count):
        ends = AT + timedelta(days=days[place])
        if days[place] < 0 or ends >= datetime(2027, 1, 1, tzinfo=UTC):
            continue
        month = Period.around(ends, "month")
        one = IncidenceCurves.of((30, 90, 180), left[[place]], np.zeros((1, 3)))
        known = not np.isnan(arr[place])
        found = expected.setdefault(month.name, [0, 0, 0, 0])
        found[0] += 1
        found[1] += round(arr[place] * 100) if known else 0
        found[2] += round(arr[place] * float(one.won_by(month.days_from(AT))[0]) * 100) if known else 0
        found[3] += not known
    months = renewal_months(AT, days, arr, curves)
    assert {m.month.name: [m.accounts, m.arr, m.expected_lost, m.unpriced] for m in months} == expected
    assert [m.month.name for m in months] == [f"2026-{number:02d}" for number in range(1, 13)]


def test_no_term_that_ends_is_no_month() -> None:
    curves = IncidenceCurves.of((30,), np.full((2, 1), 0.1))
    assert renewal_months(AT, np.array([np.nan, 900.0]), np.array([1.0, 1.0]), curves) == ()
