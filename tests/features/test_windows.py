"""Spans of days before a snapshot: without the snapshot's own moment, with the one that many days ago."""

from types import SimpleNamespace

import pytest

from dealml.features.windows import happened, within


@pytest.mark.parametrize(("days_ago", "inside"), [(0, False), (0.01, True), (29.9, True), (30, True), (30.1, False), (-0.1, False)])
def test_the_last_thirty_days(days_ago: float, inside: bool) -> None:
    assert within(SimpleNamespace(days_ago=days_ago), 30) is inside


@pytest.mark.parametrize(("days_ago", "inside"), [(30, False), (30.1, True), (59.9, True), (60, True), (60.1, False)])
def test_the_thirty_days_before_those(days_ago: float, inside: bool) -> None:
    assert within(SimpleNamespace(days_ago=days_ago), 30, before=30) is inside


@pytest.mark.parametrize("days", [7, 30, 90])
def test_n_days_hold_n_dates(days: int) -> None:
    assert sum(within(SimpleNamespace(days_ago=ago), days) for ago in range(-5, 200)) == days


def test_what_is_planned_ahead_has_not_happened() -> None:
    assert happened(SimpleNamespace(days_ago=1))
    assert not happened(SimpleNamespace(days_ago=0))
    assert not happened(SimpleNamespace(days_ago=-1))
