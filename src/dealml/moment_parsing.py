"""Moments as people write them: a datetime, a date, or ISO 8601 text; UTC where no zone is named."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dealml.errors import UsageError

Moment = datetime | date | str


def parse_moment(text: str, option: str = "--as-of") -> datetime:
    """The moment that a text names, in UTC.

    Parameters
    ----------
    text
        An ISO 8601 date (its midnight, UTC) or time.
    option
        What the text was given for, as the error names it.

    Raises
    ------
    UsageError
        When the text is no ISO 8601 date or time.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option}: {text!r} is no date; write it as 2026-01-31 or 2026-01-31T09:30:00Z") from error
    return _in_utc(at)


def parse_optional_moment(text: str | None) -> datetime | None:
    """The moment that a text names; None for no text."""
    return None if text is None else parse_moment(text)


def to_moment(value: Moment, name: str = "as_of") -> datetime:
    """A moment in UTC, from a datetime, a date or ISO 8601 text.

    Raises
    ------
    UsageError
        When it is text that is no date, or a value of another type.
    """
    if isinstance(value, datetime) and value == value:  # pandas' NaT is a datetime that equals nothing
        return _in_utc(value)
    if isinstance(value, date) and value == value:
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        return parse_moment(value, name)
    raise UsageError(f"{name}: {value!r} is no date; give a datetime, a date, or text such as 2026-01-31")


def to_optional_moment(value: Moment | None, name: str = "as_of") -> datetime | None:
    """As `to_moment`; None stays None."""
    return None if value is None else to_moment(value, name)


def _in_utc(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
