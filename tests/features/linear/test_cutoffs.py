"""Conditions on the age of facts, taken apart."""

import ibis
import pytest

from dealml.features.linear.cutoffs import Cutoff, condition_of
from dealml.features.windows import happened, within

PAST = ibis.table({"event": "string", "days_ago": "float64", "ends": "timestamp('UTC')", "ends_in_days": "float64"}, name="past")


@pytest.mark.parametrize(
    ("where", "since", "until"),
    [
        (happened(PAST), Cutoff(0, is_strict=True), None),
        (~happened(PAST), None, Cutoff(0, is_strict=True)),
        (within(PAST, 30), Cutoff(0, is_strict=True), Cutoff(30, is_strict=True)),
        (within(PAST, 90, before=30), Cutoff(30, is_strict=True), Cutoff(120, is_strict=True)),
        (PAST.days_ago >= 365, Cutoff(365, is_strict=False), None),
        ((PAST.days_ago < 7) & happened(PAST), Cutoff(0, is_strict=True), Cutoff(7, is_strict=False)),
        ((PAST.days_ago > 9) & (PAST.days_ago <= 3), Cutoff(9, is_strict=True), Cutoff(9, is_strict=True)),
    ],
    ids=["happened", "planned", "a window", "a window before", "a year ago", "younger than", "never"],
)
def test_ages_are_cutoffs(where: ibis.expr.types.BooleanValue, since: Cutoff | None, until: Cutoff | None) -> None:
    condition = condition_of((where & (PAST.event == "call")).op())
    assert (condition.since, condition.until, condition.moving) == (since, until, ())
    assert [part.to_expr().equals(PAST.event == "call") for part in condition.still] == [True]


@pytest.mark.parametrize("where", [PAST.ends_in_days > 0, PAST.days_ago > 1.5, happened(PAST) | (PAST.event == "call")])
def test_what_else_depends_on_the_snapshot_is_moving(where: ibis.expr.types.BooleanValue) -> None:
    assert condition_of(where.op()).moving == (where.op(),)
