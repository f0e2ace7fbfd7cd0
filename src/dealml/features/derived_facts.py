"""Derived facts: tables computed from the ledger's own, for features to aggregate.

Each row here depends on nothing recorded later than itself: changes look back in the order of
recording, tallies count whole past days. So cutting the ledger at a moment and then deriving gives
what deriving and then cutting gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from dealml.as_of.corrected_events import FIRST_TOLD, SUPERSEDED
from dealml.as_of.known_tables import in_order
from dealml.as_of.latest_values import CHANGED_COLUMNS
from dealml.features import lead_facts, stakeholder_facts
from dealml.features.calendar import days_between, end_of_day
from dealml.features.corrected_history import ERA_SINCE, in_eras, known_in_eras
from dealml.ledger.schema import TABLES

Tables = Mapping[str, ir.Table]
USUAL_WIN_RATE = 0.25
USUAL_STRENGTH = 20.0
"""The win rate that is taken for usual before any deal has closed, and how many deals it counts for."""
FROM, UNTIL = "_from", "_until"
"""The columns of the span in which an event counts: from its record on, until what it is a fact of is there no more."""
SIGN = "sign"
"""The column of rows that may be taken back: 1 where a row counts from then on, −1 where it no longer does."""
EXACT = "decimal(38, 12)"
"""What fractions are summed as: sums of doubles depend on the order of rows in their last digits."""


@dataclass(frozen=True)
class DerivedFacts:
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
        rows = rows.mutate(
            previous=rows[value].lag().over(by_record),
            previous_number=rows.number.lag().over(by_record),
            previous_at=rows.occurred_at.lag().over(by_record),
        )
        return rows.filter(rows.previous.isnull() | (rows.previous != rows[value]))

    return make


def _amount_changes(tables: Tables) -> ir.Table:
    """Real changes of the amount, with the last amount on record before. A clearing is a change, and so is the amount after it."""
    amounts = tables["deal_changes"].filter(lambda t: t.field == "amount")
    cleared = reduce(and_, (amounts[name].isnull() for name in CHANGED_COLUMNS[1:]))
    rows = amounts.filter(amounts.amount.notnull() | cleared)
    turns = {"order_by": ["recorded_at", "_order"]}
    rows = rows.mutate(_empty=rows.amount.isnull(), _given=rows.amount.count().over(ibis.cumulative_window(group_by="deal_id", **turns)))
    given, like = ibis.window(group_by=["deal_id", "_given"]), ibis.window(group_by=["deal_id", "_empty"], **turns)

    def last(column: str) -> ir.Value:
        """A column of the last amount before: of a clearing, that which it clears."""
        return rows["_empty"].ifelse(rows[column].max(where=~rows["_empty"]).over(given), rows[column].lag().over(like))

    row_before = rows.amount.lag().over(ibis.window(group_by="deal_id", **turns))
    rows = rows.mutate(previous=last("amount"), previous_at=last("occurred_at"), _before=row_before)
    return rows.filter(~rows.amount.identical_to(rows["_before"])).drop("_empty", "_given", "_before")


def _levels_of(value: str) -> Callable[[Tables], ir.Table]:
    """What each subscription is worth after an event (`level`: nothing after a cancellation), and its `change`."""

    def make(tables: Tables) -> ir.Table:
        rows = tables["subscriptions"].mutate(level=lambda t: (t.event == "cancellation").ifelse(0, t[value]))
        rows = in_eras(rows.filter(rows.level.notnull()), "account_id")
        corrected = ERA_SINCE in rows.columns
        ids, recorded = ["account_id", "subscription_id"], FIRST_TOLD if corrected else "recorded_at"
        by_record = ibis.window(group_by=[*ids, ERA_SINCE] if corrected else ids, order_by=[recorded, "_order"])
        return known_in_eras(rows.mutate(change=rows.level - rows.level.lag().over(by_record).fill_null(0)))

    return make


def _usage_by_part(tables: Tables) -> ir.Table:
    """Uses of one part of the product, with how much of it the account had used `so_far`."""
    rows = tables["usage"].filter(lambda t: t.metric.notnull() & t.quantity.notnull())
    by_record = ibis.cumulative_window(group_by=["account_id", "metric"], order_by=["recorded_at", "_order"])
    return rows.mutate(so_far=rows.quantity.cast(EXACT).sum().over(by_record))


def closings(tables: Tables) -> ir.Table:
    """Each time a deal was won or lost: `won` (1 or 0), `days_to_close`, and the account.

    A record that repeats the one before is no other closing: so merged deals that were both won are one win.
    """
    by_record = ibis.window(group_by="deal_id", order_by=["recorded_at", "_order"])
    rows = tables["outcomes"].mutate(_before=lambda t: t.outcome.lag().over(by_record))
    rows = rows.filter(rows.outcome.isin(["won", "lost"]) & (rows["_before"].isnull() | (rows["_before"] != rows.outcome)))
    ends = rows.select("deal_id", "recorded_at").distinct()
    deals = tables["deals"].rename(_deal="deal_id", _recorded="recorded_at", created_at="occurred_at")
    past_deals = ends.inner_join(deals, [ends.deal_id == deals["_deal"], deals["_recorded"] <= ends.recorded_at])
    deal_facts = past_deals.group_by("deal_id", "recorded_at").agg(
        account_id=past_deals.account_id.argmax(past_deals["_order"], where=past_deals.account_id.notnull()),
        created_at=past_deals.created_at.min(),
    )
    rows = rows.left_join(deal_facts, ["deal_id", "recorded_at"])
    days = days_between(rows.created_at, rows.occurred_at, fact=rows.occurred_at)
    # Nothing else of the outcome: its competitor is the one that won, not the one on record before.
    return rows.select("deal_id", "account_id", "recorded_at", won=(rows.outcome == "won").cast("int64"), days_to_close=days)


def passed_stages(tables: Tables, closed: ir.Table) -> ir.Table:
    """Each stage that a closed deal passed and its `days` there, recorded when the deal closed.

    Parameters
    ----------
    closed
        What `closings` gives.
    """
    changes = tables["deal_changes"]
    # Only stages are put in order: of all deals there may be very many changes of other attributes.
    stage_changes = in_order(changes.drop("_order").filter(changes.field == "stage"), "deal_changes", "deal_id")
    stages = _changes_of("stage", "text")({"deal_changes": stage_changes}).select("deal_id", "text", "recorded_at", "_order")
    by_record = ibis.window(group_by="deal_id", order_by=["recorded_at", "_order"])
    stages = stages.mutate(left_at=stages.recorded_at.lead().over(by_record)).drop("_order")
    ends = closed.group_by("deal_id", closed_at="recorded_at").agg(won=lambda t: t.won.max())
    visits = stages.join(ends, "deal_id").filter(lambda t: t.recorded_at < t.closed_at)
    until = ibis.least(visits.closed_at, visits.left_at.fill_null(visits.closed_at))
    visits = visits.mutate(days=days_between(visits.recorded_at, until, fact=until))
    whole = visits.group_by("deal_id", "text", "closed_at").agg(won=visits.won.max(), days=visits.days.cast(EXACT).sum())
    return whole.rename(stage="text", recorded_at="closed_at")


def passages_by_stage(rows: ir.Table) -> ir.Table:
    """Stages that closed deals passed, a tally of each for each day."""
    return _daily(
        rows,
        "stage",
        closed=_count,
        won=lambda t: _total(t, t.won),
        usual=lambda t: _exact_total(t, t.usual),
        won_days=lambda t: _exact_total(t, t.days * t.won),
    )


def _passages(tables: Tables) -> ir.Table:
    closed = closings(tables)
    return passages_by_stage(with_usual(recorded_daily(passed_stages(tables, closed)), recorded_daily(closed)))


def _daily(rows: ir.Table, key: str, **sums: Callable[[ir.Table], ir.Value]) -> ir.Table:
    """Tallies of each value of a key, one for each day; where rows are taken back, one for each day and day of occurrence."""
    if SIGN in rows.columns:
        return rows.filter(rows[key].notnull()).group_by(key, "recorded_at", "occurred_at").agg(**sums)
    table = rows.filter(rows[key].notnull()).group_by(key, "recorded_at").agg(**sums)
    return table.mutate(occurred_at=table.recorded_at)


def _count(rows: ir.Table, where: ir.BooleanValue | None = None) -> ir.Value:
    return rows[SIGN].sum(where=where) if SIGN in rows.columns else rows.count(where=where)


def _total(rows: ir.Table, value: ir.Value, where: ir.BooleanValue | None = None) -> ir.Value:
    return (value * rows[SIGN] if SIGN in rows.columns else value).sum(where=where)


def _exact_total(rows: ir.Table, value: ir.Value, where: ir.BooleanValue | None = None) -> ir.Value:
    return (value * rows[SIGN] if SIGN in rows.columns else value).cast(EXACT).sum(where=where)


def with_usual(rows: ir.Table, closed: ir.Table, day: str = "recorded_at") -> ir.Table:
    """Rows with `usual`: the company's win rate over all deals closed before a day, a column of the rows.

    For definitions of older projects, whose models then keep their scores. It takes a rate for usual before any deal
    has closed, which then stays in the sums of later ones: `totals_of` is what a kind is measured against (docs/decisions/0015).
    """
    days = closed.group_by(_day="recorded_at").agg(closed=lambda t: t.count(), won=lambda t: t.won.sum())
    so_far = ibis.cumulative_window(order_by="_day")
    closed_before, won_before = (days[name].sum().over(so_far) - days[name] for name in ("closed", "won"))
    usual = (won_before + USUAL_STRENGTH * USUAL_WIN_RATE) / (closed_before + USUAL_STRENGTH)
    days = days.select("_day", usual=usual)
    return rows.left_join(days, [rows[day] == days["_day"]]).drop("_day")


def recorded_daily(rows: ir.Table) -> ir.Table:
    """Rows with `recorded_at` moved to the end of the day on which they were recorded."""
    return rows.mutate(recorded_at=end_of_day(rows.recorded_at + ibis.interval(microseconds=1)))


SOURCES = {
    source.name: source
    for source in (
        DerivedFacts("stage_changes", "a deal moved to another stage", ("deal_changes",), _changes_of("stage", "text")),
        DerivedFacts("amount_changes", "a deal's amount changed", ("deal_changes",), _amount_changes),
        DerivedFacts("close_date_changes", "a deal's expected close date changed", ("deal_changes",), _changes_of("close_date", "moment")),
        DerivedFacts("owner_changes", "a deal changed hands", ("deal_changes",), _changes_of("owner", "text")),
        DerivedFacts("arr_changes", "a subscription's annual recurring revenue changed", ("subscriptions",), _levels_of("arr")),
        DerivedFacts("seat_changes", "a subscription's seats changed", ("subscriptions",), _levels_of("seats")),
        DerivedFacts("usage_by_part", "a part of the product was used", ("usage",), _usage_by_part),
        DerivedFacts("lead_touches", "something happened with a lead", ("leads", "activities"), lead_facts.touches),
        DerivedFacts("lead_answers", "we came to a lead", ("leads", "activities"), lead_facts.answers),
        DerivedFacts("people", "a person's part in a deal became known", ("stakeholders", "contacts"), stakeholder_facts.people),
        DerivedFacts("account_deals", "a deal with an account was created", ("deals",), lead_facts.deals_of_accounts),
    )
}
"""Sources that belong to a deal or an account, each made from that entity's own facts."""

PASSAGES = DerivedFacts(
    "passages", "closed deals that passed a stage, a tally for each day", ("deal_changes", "deals", "outcomes"), _passages
)
"""The company's record by stage."""


def departures(tables: Tables) -> ir.Table:
    """Each start and cancellation of a subscription: `started` and `left` (1 or 0); where one was corrected, with the span of each row."""
    rows = tables["subscriptions"].filter(lambda t: t.event.isin(["start", "cancellation"]))
    counts = {"started": (rows.event == "start").cast("int64"), "left": (rows.event == "cancellation").cast("int64")}
    if SUPERSEDED not in rows.columns:
        return rows.select("account_id", "recorded_at", **counts)
    return rows.select("account_id", recorded_at=rows[FIRST_TOLD], **counts, **{FROM: rows.recorded_at, UNTIL: rows[SUPERSEDED]})


def results_by(key: str, closed: ir.Table) -> ir.Table:
    """Closed deals of each value of a key, a tally for each day; `won_timed` are those whose length is known."""
    return _daily(
        closed,
        key,
        closed=_count,
        won=lambda t: _total(t, t.won),
        usual=lambda t: _exact_total(t, t.usual),
        won_timed=lambda t: _count(t, t.days_to_close.notnull() & (t.won == 1)),
        won_days=lambda t: _exact_total(t, t.days_to_close, t.won == 1),
    )


def departures_by(key: str, events: ir.Table) -> ir.Table:
    """Started and cancelled subscriptions of each value of a key, a tally for each day."""
    return _daily(events, key, started=lambda t: _total(t, t.started), left=lambda t: _total(t, t.left))


def lead_results_by(key: str, events: ir.Table) -> ir.Table:
    """Leads of each value of a key and those that were converted, a tally for each day."""
    return _daily(events, key, leads=lambda t: _total(t, t.leads), converted=lambda t: _total(t, t.converted))


TOTALLED = {
    "lead_results": ("leads", "converted"),
    "results": ("closed", "won"),
    "passages": ("closed", "won"),
    "departures": ("started", "left"),
}
"""What a record counts of the whole company too; a row knows each as `company_` and its name, as of the moment that it is seen from."""


def totals_of(facts: str, events: ir.Table) -> ir.Table:
    """What the company had counted by the end of each day that counted any: the totals, `_since` and `_until` (missing: for good).

    A kind is measured against the company of the same moment: both have then seen the same deals go, and a kind that holds
    every one of them differs by nothing.

    Parameters
    ----------
    events
        Closings or departures, by days; with `SIGN` where some are taken back.
    """
    counted = events.mutate(closed=ibis.literal(1, "int64")) if "won" in events.columns else events
    names = TOTALLED[facts]
    days = counted.group_by(_since="recorded_at").agg(**{name: lambda t, name=name: _total(t, t[name]) for name in names})
    in_turn, so_far = ibis.window(order_by="_since"), ibis.cumulative_window(order_by="_since")
    totals = {f"company_{name}": days[name].sum().over(so_far) for name in names}
    return days.select("_since", _until=days["_since"].lead().over(in_turn), **totals)


RECORDS = {"lead_results": ("leads",), "results": ("deals", "outcomes"), "departures": ("subscriptions",), "passages": PASSAGES.needs}
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
