"""Ids of records: one id for each record however the source writes it, and none that a spreadsheet rewrote."""

from __future__ import annotations

import pandas as pd

from dealml.importing.parsing.text_patterns import holds, is_all

_SHORT = r"(?:001|003|005|006|008|00Q|00T|00U|00k|017|500|701|800|801)[0-9A-Za-z]{12}"
"""An id of Salesforce as its pages and reports show it: the kind of record, and twelve signs of which capitals and small letters differ."""
_REWRITTEN = r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+|[0-9][.,][0-9]+[eE][0-9]+|#+|#(?:N/A|REF!|NAME\?|VALUE!|NUM!|NULL!|DIV/0!)"
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

REWRITTEN = "is no id: a spreadsheet rewrote it; export the file again with this column as text"


def with_suffix(texts: pd.Series) -> pd.Series:
    """Ids of Salesforce of 15 signs in their form of 18, which its interfaces give; others stay as they are."""
    short = is_all(texts, _SHORT) & holds(texts, "[A-Za-z]")
    return texts.where(~short, texts[short].map(_long).reindex(texts.index)) if short.any() else texts


def rewritten(texts: pd.Series) -> pd.Series:
    """Which ids a spreadsheet has rewritten as numbers or errors."""
    return is_all(texts, _REWRITTEN)


def _long(record_id: str) -> str:
    """The id with three signs that say which of its letters are capitals, five letters a sign."""
    parts = (record_id[start : start + 5] for start in (0, 5, 10))
    return record_id + "".join(_SUFFIX[sum(1 << place for place, sign in enumerate(part) if "A" <= sign <= "Z")] for part in parts)
