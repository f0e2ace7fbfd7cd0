"""Strict parsing of text cells: a cell means one thing, or it is refused."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dealml.importing.mapping.column import ColumnOf
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.read import CONTENT
from dealml.importing.row_ids import ids_of_cells
from dealml.ledger.fact_table import TYPES

# Digits are spelled out: \d also matches Arabic and other digits, which Python would go on to read.
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)?"
_ZONE = r" ?(?:Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)"
_CONTROL = r"[\x{00}-\x{08}\x{0b}\x{0c}\x{0e}-\x{1f}\x{7f}-\x{9f}]"
_PATTERNS = {
    "number": r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?",
    "integer": r"[+-]?[0-9]{1,18}",
    "amount": r"[+-]?[0-9]{1,14}(?:\.[0-9]{1,4}0*)?",
    "factor": r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,6}0*)?",
}
_BOOLEANS = {"true": True, "t": True, "yes": True, "1": True, "false": False, "f": False, "no": False, "0": False}
_EXPECTED = {
    "time": "a time such as 2026-01-31 or 2026-01-31T09:30:00Z",
    "number": "a number",
    "integer": "a whole number",
    "amount": "an amount with at most 4 decimals",
    "factor": "a number with at most 6 decimals",
    "boolean": "true or false",
}
# Control characters are kept at the ends of a cell too, so that they are seen.
_BLANKS = " \t\r\n\u00a0"
_WIDE = pa.decimal128(38, 12)
_FACTOR = pa.decimal128(18, 6)
_EXACT = {"amount": TYPES["amount"], "factor": _FACTOR}


class Parsed(NamedTuple):
    """Values of one column, and which cells could not be understood, and why."""

    values: pd.Series
    bad: pd.Series
    reason: str


def cells(chunk: pd.DataFrame, origin: ColumnOf, mapping: Mapping) -> pd.Series:
    """The trimmed texts of a mapped column; missing where there is no value."""
    if origin.id_columns:
        return ids_of_cells({name: present(chunk[name], mapping) for name in origin.id_columns})
    if origin.row:
        return chunk[CONTENT]
    if origin.column is None:
        return pd.Series(origin.constant, index=chunk.index, dtype="str")
    return present(chunk[origin.column], mapping, origin.extract)


def present(texts: pd.Series, mapping: Mapping, extract: str | None = None) -> pd.Series:
    """Trimmed texts, or the part of them that a pattern extracts; missing where there is no value."""
    texts = texts.str.strip(_BLANKS)
    if extract:
        texts = texts.str.extract(extract, expand=False)
    return texts.mask(texts.isin(mapping.nulls))


def parse(texts: pd.Series, kind: str, origin: ColumnOf, mapping: Mapping) -> Parsed:
    """Parse one column.

    Parameters
    ----------
    texts
        Trimmed cells; missing where there is no value.
    kind
        A key of `TYPES`, or "factor": an exact number that another one is multiplied by.
    origin
        Where the cells come from, with a dictionary of values or a time format.
    mapping
        For the decimal sign and the time zone.
    """
    if origin.values is not None:
        mapped = texts.map(origin.values).astype("str")
        bad = texts.notna() & mapped.isna()
        if bad.any():
            return Parsed(mapped, bad, f"expected one of {', '.join(sorted(origin.values))}")
        texts = mapped
    if kind == "text":
        return Parsed(texts, _holds(texts, _CONTROL), "control characters: is the encoding right?")
    if kind == "time":
        return _times(texts, origin.format, mapping.time_zone)
    if kind == "boolean":
        flags = texts.str.lower().map(_BOOLEANS).astype("boolean")
        return Parsed(flags, texts.notna() & flags.isna(), f"expected {_EXPECTED[kind]}")
    return _numbers(texts, kind, mapping.csv.decimal)


def product(first: pd.Series, second: pd.Series) -> pd.Series:
    """The product of two columns of factors as an amount, rounded half to even; missing where either is."""
    exact = pc.multiply(_arrow(first).cast(_FACTOR), _arrow(second).cast(_FACTOR))
    amounts = pc.round(exact, 4, "half_to_even").cast(TYPES["amount"])
    return pd.Series(amounts, index=first.index, dtype=pd.ArrowDtype(amounts.type))


def _numbers(texts: pd.Series, kind: str, decimal: str) -> Parsed:
    plain = texts.str.replace(decimal, ".", regex=False) if decimal != "." else texts
    bad = texts.notna() & ~_is(plain, _PATTERNS[kind])
    if decimal != ".":
        bad |= texts.str.contains(".", regex=False, na=False)
    digits = pc.utf8_ltrim(_arrow(plain.mask(bad)), "+")
    # Adding 0 makes of -0.0 the one zero there is.
    exact = digits.cast(_WIDE).cast(_EXACT[kind]) if kind in _EXACT else pc.add(digits.cast(TYPES[kind]), 0)
    values = pd.Series(exact, index=texts.index, dtype=pd.ArrowDtype(exact.type))
    return Parsed(values, bad, f"expected {_EXPECTED[kind]}")


def _times(texts: pd.Series, form: str | None, zone: str) -> Parsed:
    if form is None:
        well_formed, zoned, layout = _is(texts, f"{_ISO}(?:{_ZONE})?"), _is(texts, f"{_ISO}{_ZONE}"), "ISO8601"
    else:
        well_formed, layout = texts.notna(), form
        zoned = well_formed & ("%z" in form)
    values = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us, UTC]")
    with_zone = texts[zoned] if form else _plain_zone(texts[zoned])
    moments = pd.to_datetime(with_zone, format=layout, utc=True, errors="coerce")
    local = pd.to_datetime(texts[well_formed & ~zoned], format=layout, errors="coerce")
    values[zoned] = moments.astype(values.dtype)
    values[well_formed & ~zoned] = _in_utc(local, zone).astype(values.dtype)
    return Parsed(values, texts.notna() & values.isna(), f"expected {_EXPECTED['time'] if form is None else form}")


def _plain_zone(texts: pd.Series) -> pd.Series:
    return texts.str.replace("UTC", "Z", regex=False).str.replace(" (Z|[+-])", r"\1", regex=True)


def _in_utc(local: pd.Series, zone: str) -> pd.Series:
    """Local times in UTC; a time that the clock skips or repeats there is not understood."""
    utc: pd.Series = local.dt.tz_localize(ZoneInfo(zone), ambiguous="NaT", nonexistent="NaT").dt.tz_convert("UTC")
    return utc


def _is(texts: pd.Series, pattern: str) -> pd.Series:
    """Whether each text is, from end to end, of a pattern."""
    return _holds(texts, f"^(?:{pattern})$")


def _holds(texts: pd.Series, pattern: str) -> pd.Series:
    matches = pc.match_substring_regex(_arrow(texts), pattern)
    return pd.Series(pc.fill_null(matches, False).to_numpy(zero_copy_only=False), index=texts.index)


def _arrow(series: pd.Series) -> pa.Array:
    array = pa.array(series, from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_string()) if pa.types.is_null(array.type) else array
