"""Strict parsing of text cells: a cell means one thing, or it is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from dealml.ledger.mapping import ColumnOf, Mapping
from dealml.ledger.tables import TYPES

_ISO = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?"
_ZONE = r"\s?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)"
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_PATTERNS = {
    "number": r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?",
    "integer": r"[+-]?[0-9]{1,18}",
    "amount": r"[+-]?[0-9]{1,14}(?:\.[0-9]{1,4}0*)?",
}
_BOOLEANS = {"true": True, "t": True, "yes": True, "1": True, "false": False, "f": False, "no": False, "0": False}
_EXPECTED = {
    "time": "a time such as 2026-01-31 or 2026-01-31T09:30:00Z",
    "number": "a number",
    "integer": "a whole number",
    "amount": "an amount with at most 4 decimals",
    "boolean": "true or false",
}


class Parsed(NamedTuple):
    """Values of one column, and which cells could not be understood, and why."""

    values: pd.Series
    bad: pd.Series
    reason: str


def cells(chunk: pd.DataFrame, origin: ColumnOf, mapping: Mapping) -> pd.Series:
    """The trimmed texts that a column of the mapping speaks of; missing where there is no value."""
    if origin.column is None:
        return pd.Series(origin.constant, index=chunk.index, dtype="str")
    texts = chunk[origin.column].str.strip()
    if origin.extract:
        texts = texts.str.extract(origin.extract, expand=False)
    return texts.mask(texts.isin(mapping.nulls))


def parse(texts: pd.Series, kind: str, origin: ColumnOf, mapping: Mapping) -> Parsed:
    """Parse one column.

    Parameters
    ----------
    texts
        Trimmed cells; missing where there is no value.
    kind
        A key of `TYPES`.
    origin
        Where the cells come from, with a dictionary of values or a time format.
    mapping
        For the decimal sign and the time zone.
    """
    if origin.values is not None:
        known = texts.map(origin.values).astype("str")
        bad = texts.notna() & known.isna()
        if bad.any():
            return Parsed(known, bad, f"expected one of {', '.join(sorted(origin.values))}")
        texts = known
    if kind == "text":
        return Parsed(texts, texts.str.contains(_CONTROL, regex=True, na=False), "control characters: is the encoding right?")
    if kind == "time":
        return _times(texts, origin.format, mapping.time_zone)
    if kind == "boolean":
        flags = texts.str.lower().map(_BOOLEANS).astype("boolean")
        return Parsed(flags, texts.notna() & flags.isna(), f"expected {_EXPECTED[kind]}")
    return _numbers(texts, kind, mapping.csv.decimal)


def _numbers(texts: pd.Series, kind: str, decimal: str) -> Parsed:
    plain = texts.str.replace(decimal, ".", regex=False) if decimal != "." else texts
    bad = texts.notna() & ~plain.str.fullmatch(_PATTERNS[kind], na=False)
    if decimal != ".":
        bad |= texts.str.contains(".", regex=False, na=False)
    plain = plain.mask(bad)
    if kind == "amount":
        exact = pa.array(plain.map(Decimal, na_action="ignore"), pa.decimal128(38, 12), from_pandas=True)
        values = pd.Series(exact.cast(TYPES["amount"]), index=texts.index, dtype=pd.ArrowDtype(TYPES["amount"]))
    else:
        values = plain.astype("Int64") if kind == "integer" else plain.astype("Float64")
    return Parsed(values, bad, f"expected {_EXPECTED[kind]}")


def _times(texts: pd.Series, form: str | None, zone: str) -> Parsed:
    if form is None:
        well_formed = texts.str.fullmatch(f"{_ISO}(?:{_ZONE})?", na=False)
        zoned = well_formed & texts.str.fullmatch(f"{_ISO}{_ZONE}", na=False)
        layout = "ISO8601"
    else:
        well_formed, layout = texts.notna(), form
        zoned = texts.notna() if "%z" in form else pd.Series(False, index=texts.index)
    values = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us, UTC]")
    with_zone = pd.to_datetime(_plain_zone(texts[zoned]), format=layout, utc=True, errors="coerce")
    local = pd.to_datetime(texts[well_formed & ~zoned], format=layout, errors="coerce")
    values[zoned] = with_zone.astype(values.dtype)
    values[well_formed & ~zoned] = _in_utc(local, zone).astype(values.dtype)
    return Parsed(values, texts.notna() & values.isna(), f"expected {_EXPECTED['time'] if form is None else form}")


def _plain_zone(texts: pd.Series) -> pd.Series:
    return texts.str.replace("UTC", "Z", regex=False).str.replace(" (Z|[+-])", r"\1", regex=True)


def _in_utc(local: pd.Series, zone: str) -> pd.Series:
    """Local times in UTC; a time that the clock skips or repeats there is not understood."""
    return local.dt.tz_localize(ZoneInfo(zone), ambiguous="NaT", nonexistent="NaT").dt.tz_convert("UTC")
