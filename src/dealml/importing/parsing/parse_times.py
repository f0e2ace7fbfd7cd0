"""Strict parsing of times: instants, local times and calendar days.

A cell that holds a date alone is a calendar day: the midnight that begins it where the company is. A time of day without a zone is
one of the mapping's zone: of a time that the clock repeats there it is the later instant, of one that it skips the instant of the
jump. Years that no calendar of a company needs are drawn to the ends of a range (`FIRST`, `LAST`), so that no time fails later.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dealml.importing.parsing.text_patterns import holds, is_all, plain_arrow
from dealml.importing.parsing.time_formats import EPOCH_UNITS, has_time_of_day

# Digits are spelled out: \d also matches Arabic and other digits, which Python would go on to read.
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
_ZONE = r" ?(?:Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)"
_FAR_YEAR = r"^(?:0[0-9]{3}|1[0-7][0-9]{2}|2[3-9][0-9]{2}|[3-9][0-9]{3})-[0-9]{2}-[0-9]{2}"
_EPOCH = {"seconds": r"-?[0-9]{1,11}(?:\.[0-9]{1,6}0*)?", "milliseconds": r"-?[0-9]{1,14}(?:\.[0-9]{1,3}0*)?"}
_FACTOR = {unit: pa.scalar(Decimal(number), pa.decimal128(7, 0)) for unit, number in (("seconds", 1_000_000), ("milliseconds", 1_000))}
"""Microseconds."""
_KIND = pd.DatetimeTZDtype("us", "UTC")
FIRST, LAST = pd.Timestamp("1801-01-01", tz="UTC"), pd.Timestamp("2299-01-01", tz="UTC")
"""Times before and after are drawn to these: they are out of every range that is accepted."""


class Times(NamedTuple):
    """Instants of a column of texts, and the notes on how they were read."""

    values: pd.Series
    """Missing where a text could not be understood."""
    notes: dict[str, pd.Series]
    """By kind of note, which rows it is about."""


def parse_times(texts: pd.Series, form: str | None, zone: str, company_zone: str) -> Times:
    """Parse a column of times.

    Parameters
    ----------
    texts
        Trimmed cells; missing where there is no value.
    form
        A strptime format, `seconds` or `milliseconds`; None for ISO 8601.
    zone
        Of times of day that name none.
    company_zone
        Where calendar days begin.
    """
    if form in EPOCH_UNITS:
        return Times(_epoch(texts, str(form)), {})
    if form is None:
        return _iso(texts, zone, company_zone)
    return _formatted(texts, form, zone, company_zone)


def to_day(times: pd.Series, zone: str, company_zone: str) -> pd.Series:
    """The calendar day that instants lie on in a zone, as the company's midnight."""
    local = times.dt.tz_convert(ZoneInfo(zone)).dt.tz_localize(None)
    is_midnight = times.dt.tz_convert(ZoneInfo(company_zone)).dt.tz_localize(None)
    days = local.where(is_midnight != is_midnight.dt.normalize(), is_midnight).dt.normalize()
    return _midnights(days, company_zone)


def _iso(texts: pd.Series, zone: str, company_zone: str) -> Times:
    texts = _near(texts)
    values, day = pd.Series(pd.NaT, index=texts.index, dtype=_KIND), is_all(texts, _DATE)
    zoned = is_all(texts, f"{_DATE}(?:{_CLOCK})?{_ZONE}")
    local = is_all(texts, f"{_DATE}{_CLOCK}")
    if day.any():
        values[day] = _midnights(pd.to_datetime(texts[day], format="ISO8601", errors="coerce"), company_zone)
    if zoned.any():
        plain = texts[zoned].str.replace("UTC", "Z", regex=False).str.replace(" (Z|[+-])", r"\1", regex=True)
        values[zoned] = pd.to_datetime(plain, format="ISO8601", utc=True, errors="coerce").astype(_KIND)
    if not local.any():
        return Times(values, {})
    naive = pd.to_datetime(texts[local], format="ISO8601", errors="coerce")
    values[local] = _in_utc(naive, zone)
    return Times(values, _clock_notes(naive, zone))


def _formatted(texts: pd.Series, form: str, zone: str, company_zone: str) -> Times:
    there = texts.notna()
    values = pd.Series(pd.NaT, index=texts.index, dtype=_KIND)
    if "%Z" in form:  # names of other zones mean different offsets in different countries
        there &= holds(texts, r"\b(?:UTC|GMT)\b")
    if "%z" in form or "%Z" in form:
        values[there] = _drawn(pd.to_datetime(texts[there], format=form, utc=True, errors="coerce"), FIRST, LAST).astype(_KIND)
        return Times(values, {})
    naive = _drawn(pd.to_datetime(texts[there], format=form, errors="coerce"), FIRST.tz_localize(None), LAST.tz_localize(None))
    if not has_time_of_day(form):
        values[there] = _midnights(naive, company_zone)
        return Times(values, {})
    values[there] = _in_utc(naive, zone)
    return Times(values, _clock_notes(naive, zone))


def _epoch(texts: pd.Series, unit: str) -> pd.Series:
    good = is_all(texts, _EPOCH[unit])
    exact = plain_arrow(texts.where(good)).cast(pa.decimal128(20, 6))
    micros = pc.multiply(exact, _FACTOR[unit]).cast(pa.int64(), safe=False)
    kind = pa.timestamp("us", "UTC")
    moments: pd.Series = pd.Series(pd.array(micros.cast(kind), dtype=pd.ArrowDtype(kind)), index=texts.index).astype(_KIND)
    return _drawn(moments, FIRST, LAST)


def _drawn(times: pd.Series, first: pd.Timestamp, last: pd.Timestamp) -> pd.Series:
    """Times within a range; those outside are drawn to its ends."""
    return times.mask(times < first, first).mask(times > last, last)


def _near(texts: pd.Series) -> pd.Series:
    """Texts whose years are far away drawn near: Python's calendar ends where a zone's offset leads beyond it."""
    far = holds(texts, _FAR_YEAR)
    if not far.any():
        return texts
    drawn = texts.str.replace(r"^[01][0-9]{3}-[0-9]{2}-[0-9]{2}", f"{FIRST:%Y-%m-%d}", regex=True)
    drawn = drawn.str.replace(r"^[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}", f"{LAST:%Y-%m-%d}", regex=True)
    return texts.where(~far, drawn)


def _midnights(days: pd.Series, zone: str) -> pd.Series:
    """The instants at which days begin in a zone; where the clock jumps over midnight, the instant of the jump."""
    return _localized(days, zone, _earlier(days))


def _in_utc(naive: pd.Series, zone: str) -> pd.Series:
    return _localized(naive, zone, ~_earlier(naive))


def _localized(naive: pd.Series, zone: str, earlier: npt.NDArray[np.bool_]) -> pd.Series:
    instants: pd.Series = naive.dt.tz_localize(ZoneInfo(zone), ambiguous=earlier, nonexistent="shift_forward").dt.tz_convert("UTC")
    return instants.astype(_KIND)


def _earlier(naive: pd.Series) -> npt.NDArray[np.bool_]:
    return np.ones(len(naive), dtype=np.bool_)


def _clock_notes(naive: pd.Series, zone: str) -> dict[str, pd.Series]:
    """Which local times the clock of a zone repeats or skips."""
    if zone == "UTC":
        return {}
    there = naive.notna()
    repeated = naive.dt.tz_localize(ZoneInfo(zone), ambiguous="NaT", nonexistent="shift_forward").isna() & there
    skipped = naive.dt.tz_localize(ZoneInfo(zone), ambiguous=_earlier(naive), nonexistent="NaT").isna() & there
    return {kind: rows for kind, rows in (("repeated_hour", repeated), ("skipped_hour", skipped)) if rows.any()}


def shifted(times: pd.Series, by: str, zone: str) -> pd.Series:
    """Times moved on by days, weeks or months, by the calendar of a zone.

    Parameters
    ----------
    by
        A number and `days`, `weeks` or `months`, such as `30 days`; negative moves back.
    """
    number, unit = by.split()
    local = times.dt.tz_convert(ZoneInfo(zone)).dt.tz_localize(None) + pd.DateOffset(**{unit: int(number)})  # type: ignore[arg-type]
    return _midnights(local, zone)
