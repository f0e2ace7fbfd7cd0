"""Which rows of a chunk an extract's conditions take."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from dealml.importing.mapping.column import ColumnOf
from dealml.importing.mapping.extract import Extract
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.mapping.where import Where
from dealml.importing.parse import cells
from dealml.importing.read import BROKEN


def selected_rows(chunk: pd.DataFrame, extract: Extract, mapping: Mapping) -> pd.Series:
    """The rows that `where` takes and `deleted` leaves; a broken row is taken, so that the quarantine tells of it."""
    keep = rows_where(chunk, extract.where.items(), mapping)
    if extract.deleted:
        keep &= ~rows_where(chunk, extract.deleted.items(), mapping)
    return keep | chunk[BROKEN].notna()


def rows_where(chunk: pd.DataFrame, conditions: Iterable[tuple[str, Where]], mapping: Mapping) -> pd.Series:
    """The rows for which every one of some conditions holds."""
    keep = pd.Series(True, index=chunk.index)
    for column, condition in conditions:
        keep &= condition_holds(cells(chunk, ColumnOf(column=column), mapping), condition)
    return keep


def condition_holds(texts: pd.Series, condition: Where) -> pd.Series:
    """Whether a condition holds for each trimmed text; missing where there is none."""
    keep = pd.Series(True, index=texts.index)
    if condition.any_of is not None:
        keep &= texts.isin(condition.any_of)
    if condition.not_ is not None:
        keep &= ~texts.isin(condition.not_)
    if condition.starts_with is not None:
        keep &= texts.str.startswith(condition.starts_with, na=False)
    if condition.empty is not None:
        keep &= texts.isna() == condition.empty
    return keep
