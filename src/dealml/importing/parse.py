"""Strict parsing of text cells: a cell means one thing, or it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import normalize

import pandas as pd
import pyarrow.compute as pc

from dealml.importing.mapping.column import ColumnOf
from dealml.importing.mapping.mapping import Mapping as SourceMapping
from dealml.importing.parsing.parse_numbers import FACTOR, inverted, parse_numbers
from dealml.importing.parsing.parse_times import parse_times, shifted, to_day
from dealml.importing.parsing.sequences import parse_sequence
from dealml.importing.parsing.text_patterns import holds, is_all, plain_arrow
from dealml.importing.read import CONTENT
from dealml.importing.row_ids import ids_of_cells
from dealml.ledger.fact_table import TYPES

_CONTROL = r"[\x{00}-\x{08}\x{0b}\x{0c}\x{0e}-\x{1f}\x{7f}-\x{9f}]"
_BOOLEANS = {"true": True, "t": True, "yes": True, "1": True, "false": False, "f": False, "no": False, "0": False}
_EXPECTED_TIME = "a time such as 2026-01-31 or 2026-01-31T09:30:00Z"
_EPOCH_LIKE = r"[0-9]{10}|[0-9]{13}"
# Control characters are kept at the ends of a cell too, so that they are seen.
_BLANKS = " \t\r\n\u00a0"


class Parsed(NamedTuple):
    """Values of one column, and which cells could not be understood, and why."""

    values: pd.Series
    bad: pd.Series
    reason: str
    notes: Mapping[str, pd.Series] = MappingProxyType({})
    """By kind of note on how cells were read, which rows it is about."""


def cells(chunk: pd.DataFrame, origin: ColumnOf, mapping: SourceMapping) -> pd.Series:
    """The trimmed texts of a mapped column; missing where there is no value."""
    if origin.id_columns:
        return ids_of_cells({name: present(chunk[name], mapping) for name in origin.id_columns})
    if origin.row:
        return chunk[CONTENT]
    if origin.column is None:
        return pd.Series(origin.constant, index=chunk.index, dtype="str")
    return present(chunk[origin.column], mapping, origin.extract)


def present(texts: pd.Series, mapping: SourceMapping, extract: str | None = None) -> pd.Series:
    """Trimmed texts, or the part of them that a pattern extracts; missing where there is no value."""
    texts = in_one_form(texts.str.strip(_BLANKS))
    if extract:
        texts = texts.str.extract(extract, expand=False)
    return texts.mask(texts.isin(mapping.nulls))


def parse(texts: pd.Series, kind: str, origin: ColumnOf, mapping: SourceMapping, company_zone: str = "UTC") -> Parsed:
    """Parse one column.

    Parameters
    ----------
    texts
        Trimmed cells; missing where there is no value.
    kind
        A key of `TYPES`, "day" (a calendar day), "factor" (an exact number that another one is multiplied by), or "sequence".
    origin
        Where the cells come from, with a dictionary of values or a time format.
    mapping
        For the form of numbers and the time zone.
    company_zone
        Where calendar days begin.
    """
    if origin.values is not None:
        mapped = texts.map(origin.values).astype("str")
        bad = texts.notna() & mapped.isna()
        if bad.any():
            return Parsed(mapped, bad, f"expected one of {', '.join(sorted(origin.values))}")
        texts = mapped
    if kind == "text":
        return Parsed(texts, holds(texts, _CONTROL), "control characters: is the encoding right?")
    if kind in ("time", "day"):
        return _moments(texts, kind, origin, mapping.time_zone, company_zone)
    if kind == "boolean":
        flags = texts.str.lower().map(_BOOLEANS).astype("boolean")
        return Parsed(flags, texts.notna() & flags.isna(), "expected true or false")
    if kind == "sequence":
        return Parsed(*parse_sequence(texts))
    numbers, bad, expected = parse_numbers(texts, kind, mapping.csv)
    return Parsed(inverted(numbers) if origin.inverse else numbers, bad, expected)


def product(first: pd.Series, second: pd.Series) -> pd.Series:
    """The product of two columns of factors as an amount, rounded half to even; missing where either is."""
    exact = pc.multiply(plain_arrow(first).cast(FACTOR), plain_arrow(second).cast(FACTOR))
    amounts = pc.round(exact, 4, "half_to_even").cast(TYPES["amount"])
    return pd.Series(amounts, index=first.index, dtype=pd.ArrowDtype(amounts.type))


def in_one_form(texts: pd.Series) -> pd.Series:
    """Texts in Unicode's composed form (NFC): one letter is one text, however a system wrote its accent."""
    # pyarrow's utf8_normalize gives the decomposed form for "NFC" too, so Python composes the distinct texts that are not ASCII.
    array = plain_arrow(texts)
    unusual = pc.unique(array.filter(pc.invert(pc.string_is_ascii(array)))).to_pylist()
    composed = {text: form for text in unusual if text is not None and (form := normalize("NFC", text)) != text}
    return texts.replace(composed) if composed else texts


def _moments(texts: pd.Series, kind: str, origin: ColumnOf, zone: str, company_zone: str) -> Parsed:
    values, notes = parse_times(texts, origin.format, zone, company_zone)
    bad = texts.notna() & values.isna()
    if kind == "day":
        values = to_day(values, zone, company_zone)
    if origin.add:
        values = shifted(values, origin.add, company_zone)
    expected = f"expected {_EXPECTED_TIME if origin.format is None else origin.format}"
    if origin.format is None and bad.any() and is_all(texts[bad], _EPOCH_LIKE).any():
        expected += "; format: seconds or milliseconds reads numbers counted from 1970"
    return Parsed(values, bad, expected, notes)
