"""The section of commitments: promises beyond what is free, and how won deals that broke the policy fared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from dealml.commitments.aftermath import Aftermath, ObservedShare
from dealml.commitments.check import FREE
from dealml.commitments.words import promised_value
from dealml.formatting import counted_percent, day
from dealml.page.choosing.content import ChoosingSection
from dealml.page.shared.report_table import NONE, ReportCell, ReportTable, cells

KEY, TITLE = "commitments", "What was promised"
MOST_ROWS = 15


def commitments_section(
    promises: pd.DataFrame, aftermath: Sequence[Aftermath], as_of: datetime, notes: tuple[str, ...] = ()
) -> ChoosingSection:
    """Promises of open deals that somebody has to decide on or that are not on offer, what is due first at the top.

    Parameters
    ----------
    promises
        Those of open deals (`dealml.commitments.check.checked`), in the order in which they are to be decided.
    """
    beyond = promises[promises["state"] != FREE]
    states = ", ".join(f"{state} {count:,}" for state, count in beyond["state"].value_counts().items()) or "none"
    heads = ("deal", "promise", "free", "at most", "state", "approver", "decide by")
    rows = tuple(_row(row, as_of) for _, row in beyond.head(MOST_ROWS).iterrows())
    won = tuple(_won(part) for part in aftermath if part.deals)
    tables = (
        ReportTable("Promises beyond what is free", heads, rows),
        ReportTable("Won deals that broke the policy, and those that kept it", ("won deals", "deals", "late", "left within a year"), won),
    )
    lead = f"Promises of open deals beyond what may be promised freely: {states}."
    shown = tuple(table for table in tables if table.rows)
    return ChoosingSection(KEY, TITLE, lead, shown, "" if shown else "no promise is on record", notes)


def _row(row: pd.Series, as_of: datetime) -> tuple[ReportCell, ...]:
    values = [promised_value(str(row["measure"]), row[name]) for name in ("value", "free", "most")]
    due = row["decide_by"]
    by = ReportCell(day(due), "overdue" if due < as_of else "") if isinstance(due, datetime) and not pd.isna(due) else ReportCell(NONE)
    name = row["name"] if isinstance(row["name"], str) else ""
    return (ReportCell(str(row["deal_id"]), name), *cells(f"{row['subject']}: {values[0]}", *values[1:], row["state"], row["approver"]), by)


def _won(part: Aftermath) -> tuple[ReportCell, ...]:
    name = "all subjects" if part.subject == "any" else part.subject
    return (
        ReportCell(f"{name}, {'broken' if part.broken else 'kept'}"),
        *cells(f"{part.deals:,}"),
        _share(part.late),
        _share(part.churned),
    )


def _share(share: ObservedShare) -> ReportCell:
    if not share.deals:
        return ReportCell(NONE)
    interval = f"{counted_percent(share.low)} to {counted_percent(share.high)}"
    return ReportCell(f"{counted_percent(share.share)} of {share.deals:,}", interval)
