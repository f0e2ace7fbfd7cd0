"""Sources: facts that follow from the ledger's own, for features to sum up.

Each row here depends on nothing recorded later than itself: changes look back in the order of
recording, tallies count whole past days. So cutting the ledger at a moment and then deriving gives
what deriving and then cutting gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from dealml.ledger.tables import TABLES

Tables = Mapping[str, ir.Table]


@dataclass(frozen=True)
class Source:
    """A derived source: how to make it, from which tables, and what a row of it is."""

    name: str
    meaning: str
    needs: tuple[str, ...]
    make: Callable[[Tables], ir.Table]


def _changes_of(field: str, value: str) -> Callable[[Tables], ir.Table]:
    """Real changes of one attribute, with the value on record before."""

    def make(tables: Tables) -> ir.Table:
        rows = tables["deal_changes"].filter(lambda t: (t.field == field) & t[value].notnull())
        by_record = ibis.window(group_by="deal_id", order_by=["recorded_at", "_order"])
        rows = rows.mutate(previous=rows[value].lag().over(by_record), previous_number=rows.number.lag().over(by_record),
                           previous_at=rows.occurred_at.lag().over(by_record))
        return rows.filter(rows.previous.isnull() | (rows.previous != rows[value]))

    return make


def _closings(tables: Tables) -> ir.Table:
    rows = tables["outcomes"].filter(lambda t: t.outcome.isin(["won", "lost"]))
    deals = tables["deals"].select("deal_id", "account_id", created_at="occurred_at")
    rows = rows.left_join(deals, "deal_id").drop("deal_id_right")
    days = (rows.occurred_at.epoch_seconds() - rows.created_at.epoch_seconds()) / 86_400
    return rows.mutate(won=(rows.outcome == "won").cast("int64"), days_to_close=days).drop("created_at")


def _passages(tables: Tables) -> ir.Table:
    """Each stage that a closed deal passed, told when the deal closed."""
    stages = _changes_of("stage", "text")(tables).select("deal_id", "text", "recorded_at")
    by_record = ibis.window(group_by="deal_id", order_by=["recorded_at"])
    stages = stages.mutate(left_at=stages.recorded_at.lead().over(by_record))
    closings = _closings(tables).select("deal_id", "won", closed_at="recorded_at")
    visits = stages.join(closings, "deal_id").filter(lambda t: t.recorded_at < t.closed_at)
    until = ibis.least(visits.closed_at, visits.left_at.fill_null(visits.closed_at))
    visits = visits.mutate(days=(until.epoch_seconds() - visits.recorded_at.epoch_seconds()) / 86_400)
    whole = visits.group_by("deal_id", "text", "closed_at").agg(won=visits.won.max(), days=visits.days.sum())
    return _daily(whole.rename(stage="text", recorded_at="closed_at"), "stage", closed=lambda t: t.count(), won=lambda t: t.won.sum(),
                  won_days=lambda t: (t.days * t.won).sum())


def end_of_day(moment: ir.TimestampValue) -> ir.TimestampValue:
    """The first midnight (UTC) at or after a moment."""
    return (moment - ibis.interval(microseconds=1)).truncate("D") + ibis.interval(days=1)


def _daily(rows: ir.Table, key: str, **sums: Callable[[ir.Table], ir.Value]) -> ir.Table:
    """Tallies of whole days: known from the midnight that ends the day."""
    rows = rows.mutate(recorded_at=end_of_day(rows.recorded_at + ibis.interval(microseconds=1)))
    table = rows.filter(rows[key].notnull()).group_by(key, "recorded_at").agg(**sums)
    return table.mutate(occurred_at=table.recorded_at)


SOURCES = {source.name: source for source in (
    Source("stage_changes", "a deal moved to another stage", ("deal_changes",), _changes_of("stage", "text")),
    Source("amount_changes", "a deal's amount changed", ("deal_changes",), _changes_of("amount", "amount")),
    Source("close_date_changes", "a deal's expected close date changed", ("deal_changes",), _changes_of("close_date", "moment")),
    Source("owner_changes", "a deal changed hands", ("deal_changes",), _changes_of("owner", "text")),
)}
"""Sources that belong to a deal or an account, each made from that entity's own facts."""

PASSAGES = Source("passages", "closed deals that passed a stage, a tally for each day", ("deal_changes", "deals", "outcomes"), _passages)
"""The company's record by stage."""


def closings(tables: Tables) -> ir.Table:
    """Each time a deal was won or lost: `won` (1 or 0), `days_to_close`, and the account."""
    return _closings(tables)


def departures(tables: Tables) -> ir.Table:
    """Each start and cancellation of a subscription: `started` and `left` (1 or 0)."""
    rows = tables["subscriptions"].filter(lambda t: t.event.isin(["start", "cancellation"]))
    return rows.mutate(started=(rows.event == "start").cast("int64"), left=(rows.event == "cancellation").cast("int64"))


def results_by(key: str, closed: ir.Table) -> ir.Table:
    """Closed deals of each value of a key, a tally for each day."""
    return _daily(closed, key, closed=lambda t: t.count(), won=lambda t: t.won.sum(),
                  won_days=lambda t: (t.days_to_close * t.won).sum())


def departures_by(key: str, events: ir.Table) -> ir.Table:
    """Started and cancelled subscriptions of each value of a key, a tally for each day."""
    return _daily(events, key, started=lambda t: t.started.sum(), left=lambda t: t.left.sum())


RECORDS = {"results": ("deals", "outcomes"), "departures": ("subscriptions",), "passages": PASSAGES.needs}
"""Sources that tell the company's record with many entities, and the tables that each needs."""


def tables_needed(facts: str) -> tuple[str, ...]:
    """The ledger's tables that a feature's facts come from.

    Raises
    ------
    KeyError
        When there are no such facts.
    """
    if facts in TABLES:
        return (facts,)
    return SOURCES[facts].needs if facts in SOURCES else RECORDS[facts]
