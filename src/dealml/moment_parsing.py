"""Moments as people write them: a datetime, a date, or ISO 8601 text; in the zone of the company where none is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from dealml.errors import UsageError

Moment = datetime | date | str


def zone_of(name: str) -> tzinfo:
    """The zone of a name of the IANA database, such as Europe/Warsaw."""
    return UTC if name == "UTC" else ZoneInfo(name)


def parse_moment(text: str, option: str = "--as-of", zone: tzinfo = UTC) -> datetime:
    """The moment that a text names, in the zone given.

    Parameters
    ----------
    text
        An ISO 8601 date (its midnight) or time.
    option
        What the text was given for, as the error names it.
    zone
        Where a date, or a time without a zone, is: the company's zone.

    Raises
    ------
    UsageError
        When the text is no ISO 8601 date or time.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option}: {text!r} is no date; write it as 2026-01-31 or 2026-01-31T09:30:00Z") from error
    return _in_zone(at, zone)


def to_moment(value: Moment, name: str = "as_of", zone: tzinfo = UTC) -> datetime:
    """A moment, from a datetime, a date or ISO 8601 text, in the zone given.

    Raises
    ------
    UsageError
        When it is text that is no date, or a value of another type.
    """
    if isinstance(value, datetime) and value == value:  # pandas' NaT is a datetime that equals nothing
        return _in_zone(value, zone)
    if isinstance(value, date) and value == value:
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    if isinstance(value, str):
        return parse_moment(value, name, zone)
    raise UsageError(f"{name}: {value!r} is no date; give a datetime, a date, or text such as 2026-01-31")


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)
