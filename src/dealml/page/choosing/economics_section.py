"""The section of deal economics: the most and the least valuable of what is open."""

from __future__ import annotations

import math

import pandas as pd

from dealml.formatting import cents, money, percent
from dealml.page.choosing.content import ChoosingSection
from dealml.page.shared.report_table import ReportCell, ReportTable

KEY, TITLE = "economics", "What winning would bring"
MOST_ROWS = 10
UNKNOWN = "unknown"
_HEADS = ("deal or lead", "chance", "price", "gross margin", "pays back in", "stays", "cost to pursue", "expected value")


def economics_section(table: pd.DataFrame, months: float, currency: str, notes: tuple[str, ...] = ()) -> ChoosingSection:
    """What is open, by expected value.

    Parameters
    ----------
    table
        A row for each open deal and lead, the best first (`dealml.economics.assess.economics_table`, with `kind` and `id`).
    months
        How many months after the win are counted.
    """
    valued = table[table["expected_value"].notna()]
    costly = valued[valued["expected_value"] < 0]
    worst = valued.tail(MOST_ROWS).iloc[::-1] if len(valued) > MOST_ROWS else valued.head(0)
    parts = (("The most valuable", valued.head(MOST_ROWS)), ("The least valuable", worst))
    tables = tuple(
        ReportTable(caption, _HEADS, tuple(_row(row, currency) for _, row in rows.iterrows())) for caption, rows in parts if len(rows)
    )
    lead = (
        f"Expected value is the chance to win times the margin over {months:g} months, less what it costs to pursue. "
        f"{len(valued):,} of {len(table):,} have one; {len(costly):,} cost more than they are expected to bring."
    )
    missing = "" if len(valued) else "no open deal or lead has an expected value; the notes say what is unknown"
    return ChoosingSection(KEY, TITLE, lead, tables, missing, (*notes, *_unknown(table)))


def _unknown(table: pd.DataFrame) -> tuple[str, ...]:
    counts = table.loc[table["unknown"] != "", "unknown"].value_counts().head(3)
    return tuple(f"{count:,} of unknown value; missing: {str(terms).replace('_', ' ')}" for terms, count in counts.items())


def _row(row: pd.Series, currency: str) -> tuple[ReportCell, ...]:
    def amount(name: str) -> str:
        return UNKNOWN if math.isnan(row[name]) else money(cents(row[name]), currency)

    months = row["payback_months"]
    payback = UNKNOWN if math.isnan(months) else "never" if math.isinf(months) else f"{months:.0f} months"
    texts = (text for text in (row["name"], row["segment"]) if isinstance(text, str) and text)
    return (
        ReportCell(str(row["id"]), " · ".join(texts)),
        ReportCell(percent(row["becomes_a_deal"] * row["win"])),
        ReportCell(amount("price")),
        ReportCell(amount("gross_margin")),
        ReportCell(payback),
        ReportCell(UNKNOWN if math.isnan(row["stays"]) else percent(row["stays"])),
        ReportCell(amount("cost_to_pursue")),
        ReportCell(amount("expected_value"), f"{amount('expected_value_low')} to {amount('expected_value_high')}"),
    )
