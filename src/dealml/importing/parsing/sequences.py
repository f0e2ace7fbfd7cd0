"""Sequences: what orders facts of one instant, as numbers that keep the order of the source's own."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from dealml.importing.parsing.text_patterns import is_all, plain_arrow

_WHOLE = r"[+-]?[0-9]{1,18}"
_RECORD_ID = r"[0-9A-Za-z]{15}(?:[0-9A-Z]{3})?"
_DIGITS = {sign: place for place, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}
_COUNTER = slice(6, 15)
"""The part of a Salesforce id that counts: after the kind of record, the instance and a reserved sign."""


def parse_sequence(texts: pd.Series) -> tuple[pd.Series, pd.Series, str]:
    """The numbers of a column of sequences, which cells could not be understood, and what was expected.

    A whole number is itself. A Salesforce id, of 15 or 18 signs, counts by its last nine of 15, in base 62: capitals before small
    letters. These two orders have nothing to do with each other, so a column holds one of them.
    """
    whole, ids = is_all(texts, _WHOLE), is_all(texts, _RECORD_ID) & ~is_all(texts, _WHOLE)
    numbers = plain_arrow(texts.where(whole).str.removeprefix("+")).cast(pa.int64())
    values = pd.Series(pd.array(numbers, dtype=pd.ArrowDtype(pa.int64())), index=texts.index)
    if ids.any():
        values[ids] = [_counter(text) for text in texts[ids]]
    bad = texts.notna() & ~whole & ~ids
    return values, bad, "expected a whole number or a Salesforce id; other texts have no order"


def _counter(record_id: str) -> int:
    number = 0
    for sign in record_id[_COUNTER]:
        number = number * 62 + _DIGITS[sign]
    return number
