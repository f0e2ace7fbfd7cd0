"""The company's record where the CRM deletes, restores or merges records: what no longer holds is taken back when that is recorded.

A deal that is deleted counts no longer from then on, two that are merged count once, and an account has the results of all that was
merged into it. What the whole company counts is restated in the same way.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from dealml.features.derived_facts import FROM, SIGN, UNTIL, recorded_daily


def within_lives(events: ir.Table, entity: str, lives: ir.Table | None) -> ir.Table:
    """Events with the span in which they count: that of the life of their entity, within the one that they have already."""
    if FROM not in events.columns:
        events = events.mutate(**{FROM: events.recorded_at, UNTIL: ibis.null("timestamp('UTC')")})
    return events if lives is None else _narrowed(events, entity, lives, "life_id")


def of_accounts(events: ir.Table, lives: ir.Table | None) -> ir.Table:
    """Events of deals under the lives of their accounts."""
    return events if lives is None else _narrowed(events, "account_id", lives, "member_id")


def _narrowed(events: ir.Table, column: str, lives: ir.Table, named: str) -> ir.Table:
    spans = lives.select(_named=named, _life="life_id", _since="since", _ended="until").distinct()
    rows = events.left_join(spans, events[column] == spans["_named"])
    begun = ibis.greatest(rows[FROM], rows["_since"].fill_null(rows[FROM]))
    over = ibis.least(rows[UNTIL].fill_null(rows["_ended"]), rows["_ended"].fill_null(rows[UNTIL]))
    rows = rows.mutate(**{FROM: begun, UNTIL: over, column: rows["_life"].fill_null(rows[column])}).select(events.columns)
    return rows.filter(rows[UNTIL].isnull() | (rows[FROM] < rows[UNTIL]))


def signed_daily(events: ir.Table) -> ir.Table:
    """Rows that count an event from the day on which it begins to count, and take it back on the day on which it no longer does.

    Each has the day on which its event was recorded as `occurred_at`.
    """
    days = recorded_daily(events)
    columns = [name for name in events.columns if name not in (FROM, UNTIL, "recorded_at", "occurred_at")]

    def rows(moment: str, sign: int) -> ir.Table:
        there = days.filter(days[moment].notnull())
        return recorded_daily(
            there.select(*columns, occurred_at=there.recorded_at, recorded_at=there[moment], **{SIGN: ibis.literal(sign, "int64")})
        )

    return ibis.union(rows(FROM, 1), rows(UNTIL, -1))
