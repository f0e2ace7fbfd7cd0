"""A second, slow reader of CSV extracts: csv, datetime, zoneinfo and decimal alone, with no code of dealml.

It reads one form of file: `invoice,account,day,booked,net`, where `day` and `booked` are times or days and `net` has
at most four decimals. Tests compare its facts with the ledger's.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})")
TIME = re.compile(DAY.pattern + r"[ T]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(\.[0-9]{1,6})?( ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?")
AMOUNT = re.compile(r"[+-]?[0-9]{1,14}(?:\.[0-9]{1,4}0*)?")

Fact = tuple[str | None, str, datetime, datetime, Decimal | None]
"""Invoice, account, occurred, recorded, amount."""


class BadCellError(ValueError):
    """A cell that cannot be understood."""


@dataclass
class Read:
    """What the file says: facts, and the lines of the rows that are refused."""

    facts: set[Fact] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)


def instant(text: str, zone: str, company_zone: str) -> datetime:
    """A time or a day as an instant in UTC."""
    if day := DAY.fullmatch(text):
        return _local(day[1] + "T00:00", company_zone, later=False)
    found = TIME.fullmatch(text)
    if not found:
        raise BadCellError(text)
    date, clock, seconds, fraction, offset = found.groups()
    plain = f"{date}T{clock}{seconds or ':00'}{(fraction or '') if seconds else ''}"
    if fraction and not seconds:
        raise BadCellError(text)
    if offset is None:
        return _local(plain, zone)
    return (_naive(plain) - _offset(offset.strip())).replace(tzinfo=UTC)


def _offset(text: str) -> timedelta:
    if text in ("Z", "UTC"):
        return timedelta(0)
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise BadCellError(text)
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


def _naive(plain: str) -> datetime:
    try:
        return datetime.fromisoformat(plain)
    except ValueError as error:
        raise BadCellError(plain) from error


def _local(plain: str, zone: str, later: bool = True) -> datetime:
    """The instant of a local time; of one that is skipped the instant of the jump."""
    local = _naive(plain)
    there = local.replace(tzinfo=ZoneInfo(zone), fold=int(later)).astimezone(UTC)
    if there.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local:
        return there
    low, high = local.replace(tzinfo=UTC) - timedelta(days=2), local.replace(tzinfo=UTC) + timedelta(days=2)
    while high - low > timedelta(microseconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < local else (low, middle)
    return high


def amount(text: str) -> Decimal | None:
    """An amount; None for an empty cell."""
    if not text:
        return None
    if not AMOUNT.fullmatch(text):
        raise BadCellError(text)
    return Decimal(text)


def read(text: str, zone: str, company_zone: str, since: datetime, until: datetime) -> Read:
    """The facts of a file; clocks lie from `since` to `until`."""
    result, lines = Read(), csv.reader(io.StringIO(text, newline=""), strict=True)
    header, end = next(lines), lines.line_num
    for row in lines:
        begins, end = end + 1, lines.line_num
        if not row:
            continue
        try:
            result.facts.add(
                _fact([unicodedata.normalize("NFC", cell.strip()) for cell in row], len(header), zone, company_zone, since, until)
            )
        except (BadCellError, OverflowError):  # a calendar ends in the year 9999
            result.refused.add(begins)
    return result


def _fact(row: list[str], width: int, zone: str, company_zone: str, since: datetime, until: datetime) -> Fact:
    if len(row) != width or not row[1]:
        raise BadCellError("row")
    occurred, recorded = instant(row[2], zone, company_zone), instant(row[3], zone, company_zone)
    value = amount(row[4])
    if not all(since <= clock <= until for clock in (occurred, recorded)):
        raise BadCellError("out of range")
    return row[0] or None, row[1], occurred, recorded, value
