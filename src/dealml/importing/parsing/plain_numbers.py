"""Plain numbers: without what people write around and between the digits, where the mapping declares that."""

from __future__ import annotations

import re

import pandas as pd

from dealml.importing.mapping.csv_form import Csv

PATTERNS = {
    "number": r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?",
    "integer": r"[+-]?[0-9]{1,18}",
    "amount": r"[+-]?[0-9]{1,14}(?:\.[0-9]{1,4}0*)?",
    "factor": r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,6}0*)?",
}
"""What a plain number of each kind looks like."""
SPACES = "\u0020\u00a0\u2009\u202f"
"""A blank in `grouping` stands for each of them: plain, no-break, thin, narrow no-break."""
_WORDS = ("zł", "zl", "kr", "Kč", "Ft", "lei", "лв", "руб", "грн", "Fr", "Rs", "R", "₪", 'ש"ח')
MARK = rf"(?:[A-Z]{{3}}|[A-Z]{{0,3}}[$€£¥₪₽₴₹₩₺¢]|(?:{'|'.join(_WORDS)})\.?)"
"""A currency: three capitals, a sign, or a usual word. Other words may multiply the number, as in 12k."""


def plain_numbers(texts: pd.Series, form: Csv) -> pd.Series:
    """Numbers with a point before their decimals and nothing else around or between the digits; others stay no numbers."""
    return _ungrouped(_unmarked(texts, form), form)


def _unmarked(texts: pd.Series, form: Csv) -> pd.Series:
    """Numbers without currencies around them, and with a minus for brackets or for a minus behind, where that is declared."""
    if form.currency_marks:
        texts = texts.str.replace(rf"^([(+-]?)\s*{MARK}\s*(?=[-+(.,\d])", r"\1", regex=True)
        texts = texts.str.replace(rf"(?<=[\d).,-])\s*{MARK}(\)?)$", r"\1", regex=True)
    if form.accounting:
        texts = texts.str.replace(r"^\(([^()+-]+)\)$", r"-\1", regex=True).str.replace(r"^([^()+-]+)-$", r"-\1", regex=True)
    return texts


def _ungrouped(texts: pd.Series, form: Csv) -> pd.Series:
    """Numbers with a point before their decimals and nothing between groups of three digits; others become no number."""
    decimal = re.escape(form.decimal)
    if form.grouping:
        signs = "".join(SPACES if sign == " " else sign for sign in form.grouping)
        # A group after a lone 0 is no group of thousands: 0.123 has decimals.
        grouped = rf"^[+-]?[1-9][0-9]{{0,2}}(?:[{re.escape(signs)}][0-9]{{3}})+(?:{decimal}[0-9]*)?$"
        is_grouped = texts.str.match(grouped, na=False)
        texts = texts.where(~is_grouped, texts.str.replace(f"[{re.escape(signs)}]", "", regex=True)) if is_grouped.any() else texts
    if form.decimal == ".":
        return texts
    # A point would be taken for the decimal sign.
    return texts.str.replace(".", "?", regex=False).str.replace(form.decimal, ".", regex=False)
