"""Moments as people write them, in UTC; another text is refused in one line."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from dealml.errors import UsageError
from dealml.moment_parsing import parse_moment, to_moment

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "2026-01-01T01:00:00+01:00",
        date(2026, 1, 1),
        datetime(2026, 1, 1),
        datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))),
    ],
    ids=str,
)
def test_a_moment_is_in_utc(value: date | str) -> None:
    assert to_moment(value) == NEW_YEAR


def test_a_text_that_is_no_date() -> None:
    with pytest.raises(UsageError, match="--from: 'yesterday' is no date; write it as 2026-01-31"):
        parse_moment("yesterday", "--from")


@pytest.mark.parametrize("value", [7, pd.NaT], ids=str)
def test_a_value_that_is_no_date(value: Any) -> None:
    with pytest.raises(UsageError, match=f"as_of: {value} is no date"):
        to_moment(value)


def test_a_date_is_midnight_of_the_companys_zone() -> None:
    """So is a time without a zone; one that names its zone stays as it is."""
    kolkata = ZoneInfo("Asia/Kolkata")
    assert parse_moment("2026-01-05", zone=kolkata) == datetime(2026, 1, 4, 18, 30, tzinfo=UTC)
    assert parse_moment("2026-01-05T09:30", zone=kolkata) == datetime(2026, 1, 5, 4, tzinfo=UTC)
    assert parse_moment("2026-01-05T09:30Z", zone=kolkata) == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
