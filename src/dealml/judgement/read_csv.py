"""Overrides from a CSV file: every row a sound one, or the first that is not with its line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dealml.company_calendar import UTC_CALENDAR, CompanyCalendar
from dealml.errors import InputError
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.read import BROKEN, LINE, columns_of, read_chunks
from dealml.judgement.override import FIELDS, Override, Refused, override_of

REQUIRED = ("deal", "why", "by")


@dataclass(frozen=True)
class Read:
    """The rows of a file up to the first that is refused."""

    rows: list[tuple[str, Override]]
    """With where each stands, as file:line."""
    mistake: InputError | None
    """What is wrong with the row after them; None at the end of the file."""


def read_overrides(path: Path, now: datetime, currency: str, calendar: CompanyCalendar = UTC_CALENDAR) -> Read:
    """Read a file of overrides: UTF-8, commas, a header with `FIELDS`, dates as 2026-01-31, decimal points.

    Parameters
    ----------
    now, currency
        As for `override_of`.

    Raises
    ------
    InputError
        When there is no such file, it is no table, or its columns are not those of overrides.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    _check_columns(path, columns_of(path, Csv()))
    rows: list[tuple[str, Override]] = []
    for chunk in read_chunks(path, Csv()):
        for cells in chunk.astype(object).where(chunk.notna(), None).to_dict("records"):
            where = f"{path}:{cells[LINE]}"
            try:
                if cells[BROKEN]:
                    raise Refused("row", cells[BROKEN])
                rows.append((where, override_of({name: cells.get(name) for name in FIELDS}, now, currency, calendar)))
            except Refused as refused:
                return Read(rows, InputError(f"{where}: {refused}"))
    return Read(rows, None)


def _check_columns(path: Path, columns: list[str]) -> None:
    if lacking := [name for name in REQUIRED if name not in columns]:
        raise InputError(f"{path}:1: the column {lacking[0]!r} is missing; needed are {', '.join(REQUIRED)} and what is said of the deal")
    if unknown := [name for name in columns if name not in FIELDS]:
        raise InputError(f"{path}:1: no column of an override is called {unknown[0]!r}; there are {', '.join(FIELDS)}")
    if not {"probability", "amount", "close"} & set(columns):
        raise InputError(f"{path}:1: a column is missing with what is said of the deal: probability, amount or close")
