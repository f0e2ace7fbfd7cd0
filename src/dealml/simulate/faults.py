"""What is wrong in every real export: cells that make no sense, and rows that come twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

BROKEN = (
    ("Activity", "HappenedOn", "2024-02-31T10:00:00Z"),
    ("Activity", "HappenedOn", "soon"),
    ("Activity", "Minutes", "half an hour"),
    ("Activity", "LoggedOn", "31/31/2025"),
    ("OpportunityHistory", "Amount", "12k"),
    ("OpportunityHistory", "Amount", "1.000,00 EUR ?"),
    ("Offer", "Price", "12k"),
    ("Offer", "Discount", "ten per cent"),
    ("usage_weekly", "quantity", "n/a"),
    ("usage_weekly", "week_ending", "2025-13-05T18:00:00Z"),
    ("survey_response", "score", "nine"),
    ("ticket_event", "severity", "!!"),
    ("ticket_event", "happened_at", "2024-02-30"),
    ("SubscriptionEvent", "TermEnd", "next year"),
)
"""Cells that the import must quarantine: file, column, text."""

_TWICE = {"Activity": 40, "OpportunityHistory": 15, "usage_weekly": 60, "survey_response": 5}
"""Rows repeated word for word, by file."""


def spoil(rng: np.random.Generator, tables: dict[str, pd.DataFrame]) -> None:
    """Break the cells of `BROKEN` and repeat rows, in place; never one that creates or closes a deal."""
    taken: dict[str, set[int]] = {}
    for name, column, text in BROKEN:
        table = tables[name]
        row = _breakable(rng, name, table, column, taken.setdefault(name, set()))
        if row is not None:
            taken[name].add(row)
            table.loc[row, column] = text
    for name, count in _TWICE.items():
        table = tables[name]
        sound = np.setdiff1d(np.arange(len(table)), sorted(taken.get(name, ())))
        rows = rng.choice(sound, min(count, len(sound)), replace=False)
        again = np.sort(np.concatenate([np.arange(len(table)), rows]))
        tables[name] = table.iloc[again].reset_index(drop=True)


def _breakable(rng: np.random.Generator, name: str, table: pd.DataFrame, column: str, taken: set[int]) -> int | None:
    fit = table[column] != ""
    if name == "OpportunityHistory":
        # A change of the amount alone: the row that enters a deal holds its stage and owner too.
        fit &= table["StageName"] == ""
    if name == "SubscriptionEvent":
        fit &= table["Event"] == "Renewal"
    rows = [row for row in np.flatnonzero(fit) if row not in taken]
    return int(rng.choice(rows)) if rows else None
