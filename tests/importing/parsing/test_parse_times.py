"""Times: instants, local times that the clock repeats or skips, calendar days of the company, numbers counted from 1970."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from dealml.importing.parsing.parse_times import FIRST, LAST, parse_times, shifted, to_day


def column(*texts: str | None) -> pd.Series:
    return pd.Series(list(texts), dtype="str")


def read(text: str, form: str | None = None, zone: str = "UTC", company: str = "UTC") -> Any:
    value = parse_times(column(text), form, zone, company).values.iloc[0]
    return None if pd.isna(value) else value.to_pydatetime()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Warsaw", "America/New_York"])
@pytest.mark.parametrize(("text", "form"), [("2026-04-01", None), ("01.04.2026", "%d.%m.%Y")])
def test_a_date_alone_is_the_company_s_midnight(text: str, form: str | None, zone: str) -> None:
    assert read(text, form, zone, "UTC") == datetime(2026, 4, 1, tzinfo=UTC)
    assert read(text, form, zone, "Europe/Warsaw") == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert read(text, form, zone, "Asia/Kolkata") == datetime(2026, 3, 31, 18, 30, tzinfo=UTC)


def test_a_day_whose_midnight_the_clock_skips_begins_with_the_jump() -> None:
    assert read("2026-03-08", company="America/Havana") == datetime(2026, 3, 8, 5, tzinfo=UTC)


def test_a_repeated_time_is_the_later_instant_and_is_noted() -> None:
    values, notes = parse_times(column("2026-10-25 02:30", "2026-10-25 03:30"), None, "Europe/Warsaw", "UTC")
    assert values.tolist() == [pd.Timestamp("2026-10-25T01:30Z"), pd.Timestamp("2026-10-25T02:30Z")]
    assert {kind: rows.tolist() for kind, rows in notes.items()} == {"repeated_hour": [True, False]}


def test_a_skipped_time_is_the_instant_of_the_jump_and_is_noted() -> None:
    values, notes = parse_times(column("29.03.2026 02:30"), "%d.%m.%Y %H:%M", "Europe/Warsaw", "UTC")
    assert values.tolist() == [pd.Timestamp("2026-03-29T01:00Z")]
    assert {kind: rows.tolist() for kind, rows in notes.items()} == {"skipped_hour": [True]}


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1767607200000", "milliseconds", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("1767607200.5", "seconds", datetime(2026, 1, 5, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("-1", "seconds", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-01-05", "seconds", None),
        ("1e9", "seconds", None),
    ],
)
def test_numbers_counted_from_1970(text: str, unit: str, value: datetime | None) -> None:
    assert read(text, unit) == value


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12-31T23:59:59", "9999-12-31T23:59:59-05:00", "3999-01-01"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Europe/Warsaw"])
def test_far_years_never_fail(text: str, zone: str) -> None:
    assert read(text, zone=zone, company=zone) >= LAST - pd.Timedelta(days=1)


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T00:00:00", "0001-01-01T00:00:00+05:00"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Warsaw"])
def test_early_years_never_fail(text: str, zone: str) -> None:
    assert read(text, zone=zone, company=zone) <= FIRST + pd.Timedelta(days=1)


@pytest.mark.parametrize(("text", "form"), [("31.12.9999 23:59", "%d.%m.%Y %H:%M"), ("9999-12-31 23:59:59 -0500", "%Y-%m-%d %H:%M:%S %z")])
def test_far_years_of_a_format_never_fail(text: str, form: str) -> None:
    assert read(text, form, "America/New_York") in (None, LAST, pd.Timestamp("2299-01-01T05:00Z").to_pydatetime())


def test_a_named_zone_is_utc_or_nothing() -> None:
    form = "%Y-%m-%d %H:%M %Z"
    assert read("2026-01-05 10:00 UTC", form) == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert read("2026-01-05 10:00 EST", form) is None


def test_times_of_a_column_of_days_are_reduced_to_their_date() -> None:
    times = parse_times(column("2026-03-31T23:30:00Z", "2026-04-01"), None, "Europe/Warsaw", "UTC").values
    assert to_day(times, "Europe/Warsaw", "UTC").tolist() == [pd.Timestamp("2026-04-01", tz="UTC")] * 2


def test_a_date_computed_from_another() -> None:
    times = parse_times(column("2026-03-15", None), None, "UTC", "Europe/Warsaw").values
    assert shifted(times, "30 days", "Europe/Warsaw").iloc[0] == pd.Timestamp("2026-04-14", tz="Europe/Warsaw")
    assert shifted(times, "-1 months", "Europe/Warsaw").iloc[0] == pd.Timestamp("2026-02-15", tz="Europe/Warsaw")
    assert shifted(times, "1 weeks", "Europe/Warsaw").isna().iloc[1]


def test_a_row_s_reading_does_not_depend_on_others() -> None:
    texts = ["2026-01-05", "2026-01-05T10:00:00Z", "2026-01-05 10:00", "x", "9999-01-01", "2026-01-05T10:00:00.123456+02:00"]
    whole = parse_times(column(*texts), None, "Europe/Warsaw", "UTC").values
    alone = [parse_times(column(text), None, "Europe/Warsaw", "UTC").values.iloc[0] for text in texts]
    assert [str(value) for value in whole] == [str(value) for value in alone]
