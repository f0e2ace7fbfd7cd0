"""Spans of days before a snapshot: closed at the near end, open at the far one."""

from types import SimpleNamespace

import pytest

from dealml.features.windows import happened, within


@pytest.mark.parametrize(("days_ago", "inside"), [(0, True), (29.9, True), (30, False), (-0.1, False)])
def test_the_last_thirty_days(days_ago: float, inside: bool) -> None:
    assert within(SimpleNamespace(days_ago=days_ago), 30) is inside


@pytest.mark.parametrize(("days_ago", "inside"), [(29.9, False), (30, True), (59.9, True), (60, False)])
def test_the_thirty_days_before_those(days_ago: float, inside: bool) -> None:
    assert within(SimpleNamespace(days_ago=days_ago), 30, before=30) is inside


def test_what_is_planned_ahead_has_not_happened() -> None:
    assert happened(SimpleNamespace(days_ago=0))
    assert not happened(SimpleNamespace(days_ago=-1))
