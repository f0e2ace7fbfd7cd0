"""Strict parsing of numbers and amounts, with what people write around and between the digits where the mapping declares it."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dealml.importing.mapping.csv_form import Csv
from dealml.importing.parsing.number_hints import hint
from dealml.importing.parsing.plain_numbers import PATTERNS, plain_numbers
from dealml.importing.parsing.text_patterns import is_all, plain_arrow
from dealml.ledger.fact_table import TYPES

_EXPECTED = {
    "number": "a number",
    "integer": "a whole number",
    "amount": "an amount with at most 4 decimals",
    "factor": "a number with at most 6 decimals",
}
_WIDE = pa.decimal128(38, 12)
FACTOR = pa.decimal128(18, 6)
_EXACT = {"amount": TYPES["amount"], "factor": FACTOR}


def parse_numbers(texts: pd.Series, kind: str, form: Csv) -> tuple[pd.Series, pd.Series, str]:
    """The values of a column of numbers, which cells could not be understood, and what was expected.

    Parameters
    ----------
    kind
        number, integer, amount, or factor: an exact number that another one is multiplied by.
    form
        How numbers are written in the file.
    """
    plain = plain_numbers(texts, form)
    bad = texts.notna() & ~is_all(plain, PATTERNS[kind])
    digits = pc.utf8_ltrim(plain_arrow(plain.mask(bad)), "+")
    # Adding 0 makes of -0.0 the one zero there is.
    exact = digits.cast(_WIDE).cast(_EXACT[kind]) if kind in _EXACT else pc.add(digits.cast(TYPES[kind]), 0)
    values = pd.Series(exact, index=texts.index, dtype=pd.ArrowDtype(exact.type))
    return values, bad, f"expected {_EXPECTED[kind]}{hint(texts, bad, kind, form) if bad.any() else ''}"


def inverted(numbers: pd.Series) -> pd.Series:
    """One divided by each number as it is written in decimals, exact to the last bit; 0 stays, which is no rate either way."""
    inverse = {number: float(1 / Fraction(repr(number))) for number in numbers.dropna().unique() if number != 0}
    return numbers.map(lambda number: inverse.get(number, number), na_action="ignore").astype(numbers.dtype)
