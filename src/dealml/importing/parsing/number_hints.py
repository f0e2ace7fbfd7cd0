"""Hints: the line of a mapping that would make sense of a column's numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pandas as pd

from dealml.importing.mapping.csv_form import Csv
from dealml.importing.parsing.plain_numbers import PATTERNS, SPACES, plain_numbers
from dealml.importing.parsing.text_patterns import is_all

_LOOKED_AT = 200
"""Cells of a column, of those that are refused and of those that are read, that a hint goes by."""
_GROUPED = re.compile(r"[0-9]([ .,'\u00a0\u2009\u202f])[0-9]{3}(?![0-9])")


def hint(texts: pd.Series, bad: pd.Series, kind: str, form: Csv) -> str:
    """The line that would read most of a column's cells; empty where no line would read half of the refused ones.

    The cells decide together: `900,125` alone may be grouped, but not in a column with `1.250,00`.

    Parameters
    ----------
    texts
        The cells of a column.
    bad
        Which of them are refused.
    kind
        The kind of number, as for `parse_numbers`.
    form
        How numbers are written as the mapping declares it.
    """
    if not texts[bad].str.contains(r"[0-9]").any():
        return ""
    refused, others = texts[bad].iloc[:_LOOKED_AT], texts[texts.notna() & ~bad].iloc[:_LOOKED_AT]
    cells = pd.concat([refused, others])
    best = max(_other_forms(refused, form), key=lambda other: (_number_read(cells, kind, other), -len(_lines(other, form))), default=form)
    read = _number_read(refused, kind, best)
    if read * 2 < len(refused) or _number_read(others, kind, best) < len(others):
        return ""
    return f"; csv: {{{', '.join(_lines(best, form))}}} reads such numbers"


def _other_forms(cells: pd.Series, form: Csv) -> Iterator[Csv]:
    """Other forms of numbers: of those with an equal claim, the ones that leave the decimal sign come first."""
    signs = {" " if sign in SPACES else sign for cell in cells for sign in _GROUPED.findall(cell)}
    groupings = dict.fromkeys([form.grouping, *sorted(signs), "".join(sorted(signs | set(form.grouping)))])
    marks, brackets = {form.currency_marks, True}, {form.accounting, True}
    other = "," if form.decimal == "." else "."
    for decimal, grouping, mark, bracket in product((form.decimal, other), groupings, sorted(marks), sorted(brackets)):
        if (decimal, grouping, mark, bracket) != (form.decimal, form.grouping, form.currency_marks, form.accounting):
            update = {"decimal": decimal, "grouping": grouping.replace(decimal, ""), "currency_marks": mark, "accounting": bracket}
            yield form.model_copy(update=update)


def _number_read(cells: pd.Series, kind: str, form: Csv) -> int:
    return int(is_all(plain_numbers(cells, form), PATTERNS[kind]).sum())


def _lines(other: Csv, form: Csv) -> list[str]:
    """The keys of a form that differ from another one, as a mapping has them."""
    lines = [f'{key}: "{getattr(other, key)}"' for key in ("decimal", "grouping") if getattr(other, key) != getattr(form, key)]
    return lines + [f"{key}: true" for key in ("currency_marks", "accounting") if getattr(other, key) != getattr(form, key)]
