"""Strict parsing of numbers and amounts, with what people write around and between the digits where the mapping declares it."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dealml.importing.mapping.csv_form import Csv
from dealml.importing.parsing.text_patterns import is_all, plain_arrow
from dealml.ledger.fact_table import TYPES

_PATTERNS = {
    "number": r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?",
    "integer": r"[+-]?[0-9]{1,18}",
    "amount": r"[+-]?[0-9]{1,14}(?:\.[0-9]{1,4}0*)?",
    "factor": r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,6}0*)?",
}
_EXPECTED = {
    "number": "a number",
    "integer": "a whole number",
    "amount": "an amount with at most 4 decimals",
    "factor": "a number with at most 6 decimals",
}
_SPACES = "\u0020\u00a0\u2009\u202f"
"""A blank in `grouping` stands for each of them: plain, no-break, thin, narrow no-break."""
_WORDS = ("zł", "zl", "kr", "Kč", "Ft", "lei", "лв", "руб", "грн", "Fr", "Rs", "R", "₪", 'ש"ח')
_MARK = rf"(?:[A-Z]{{3}}|[A-Z]{{0,3}}[$€£¥₪₽₴₹₩₺¢]|(?:{'|'.join(_WORDS)})\.?)"
"""A currency: three capitals, a sign, or a usual word. Other words may multiply the number, as in 12k."""
_GROUP = re.compile(rf"\d([.,'{_SPACES}])\d{{3}}(?!\d)")
_MARKED = re.compile(rf"\d\s*{_MARK}\)?$|^[(+-]?\s*{_MARK}\s*\d")
_BRACKETS = re.compile(r"^\(.*\)$|\d-$")
_LOOKED_AT = 100
"""How many cells that cannot be read are asked for what is written around and between their digits."""
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
    plain = _ungrouped(_unmarked(texts, form), form)
    bad = texts.notna() & ~is_all(plain, _PATTERNS[kind])
    digits = pc.utf8_ltrim(plain_arrow(plain.mask(bad)), "+")
    # Adding 0 makes of -0.0 the one zero there is.
    exact = digits.cast(_WIDE).cast(_EXACT[kind]) if kind in _EXACT else pc.add(digits.cast(TYPES[kind]), 0)
    values = pd.Series(exact, index=texts.index, dtype=pd.ArrowDtype(exact.type))
    return values, bad, f"expected {_EXPECTED[kind]}{_hint(texts[bad], form)}"


def _unmarked(texts: pd.Series, form: Csv) -> pd.Series:
    """Numbers without currencies around them, and with a minus for brackets or for a minus behind, where that is declared."""
    if form.currency_marks:
        texts = texts.str.replace(rf"^([(+-]?)\s*{_MARK}\s*(?=[-+(.,\d])", r"\1", regex=True)
        texts = texts.str.replace(rf"(?<=[\d).,-])\s*{_MARK}(\)?)$", r"\1", regex=True)
    if form.accounting:
        texts = texts.str.replace(r"^\(([^()+-]+)\)$", r"-\1", regex=True).str.replace(r"^([^()+-]+)-$", r"-\1", regex=True)
    return texts


def _ungrouped(texts: pd.Series, form: Csv) -> pd.Series:
    """Numbers with a point before their decimals and nothing between groups of three digits; others become no number."""
    decimal = re.escape(form.decimal)
    if form.grouping:
        signs = "".join(_SPACES if sign == " " else sign for sign in form.grouping)
        grouped = rf"^[+-]?[0-9]{{1,3}}(?:[{re.escape(signs)}][0-9]{{3}})+(?:{decimal}[0-9]*)?$"
        is_grouped = texts.str.match(grouped, na=False)
        texts = texts.where(~is_grouped, texts.str.replace(f"[{re.escape(signs)}]", "", regex=True)) if is_grouped.any() else texts
    if form.decimal == ".":
        return texts
    # A point would be taken for the decimal sign.
    return texts.str.replace(".", "?", regex=False).str.replace(form.decimal, ".", regex=False)


def _hint(bad: pd.Series, form: Csv) -> str:
    """The line of the mapping that would make sense of the first cells."""
    first = [str(text) for text in bad.head(_LOOKED_AT)]
    signs = dict.fromkeys(sign[1] for text in first if not form.grouping and (sign := _GROUP.search(text)) and sign[1] != form.decimal)
    groups = "".join(dict.fromkeys(" " if sign in _SPACES else sign for sign in signs))
    lines = [f'grouping: "{groups}"'] if groups else []
    if not form.currency_marks and any(map(_MARKED.search, first)):
        lines.append("currency_marks: true")
    if not form.accounting and any(map(_BRACKETS.search, first)):
        lines.append("accounting: true")
    return f"; csv: {{{', '.join(lines)}}} reads such numbers" if lines else ""
