"""Currencies: the codes of ISO 4217."""

from __future__ import annotations

import pandas as pd
from babel.numbers import list_currencies

CODES = frozenset(list_currencies())
"""The codes of today and of the past."""


def not_currencies(texts: pd.Series) -> pd.Series:
    """Which texts are no code of a currency; false where there is none."""
    return texts.notna() & ~texts.isin(CODES)
