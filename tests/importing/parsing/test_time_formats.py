"""Formats of times: what cannot be used is refused when the mapping is read, and says why."""

import pytest

from dealml.importing.parsing.time_formats import has_time_of_day, time_format_problem


@pytest.mark.parametrize(
    "form", ["%d.%m.%Y", "%Y-%m-%d %H:%M:%S.%f", "%m/%d/%Y %I:%M %p", "%d %b %y", "%Y%j", "%G-W%V-%u", "seconds", "milliseconds"]
)
def test_usable(form: str) -> None:
    assert time_format_problem(form) is None


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ("%s", "no such directive: '%s'; of numbers counted from 1970 write seconds or milliseconds"),
        ("%-d/%-m/%Y", "no such directive: '%-'; it is read as strptime reads it"),
        ("%R", "no such directive: '%R'; it is read as strptime reads it"),
        ("%Y-%m-%d %", "no such directive: '% '; it is read as strptime reads it"),
        ("%", "no such directive: '%'; it is read as strptime reads it"),
        ("%d.%m.", "it has no year (%Y)"),
        ("%Y-%m", "it names no day (%m and %d)"),
        ("%d.%m.%Y %H:%M %p", "%p goes with %I, the hour of a half day"),
        ("%d.%m.%Y %I:%M", "%I needs %p; the hour of a whole day is %H"),
    ],
)
def test_unusable(form: str, problem: str) -> None:
    if form.endswith(" %"):
        problem = problem.replace("'% '", "'%'")
    assert time_format_problem(form) == problem


def test_a_format_without_a_clock_is_of_a_day() -> None:
    assert not has_time_of_day("%d.%m.%Y")
    assert has_time_of_day("%d.%m.%Y %H:%M")
    assert has_time_of_day("milliseconds")
