"""Facts of leads that are derived from other facts: touches, our answers, results.

Each row depends on nothing recorded later than itself, as `dealml.features.derived_facts` demands.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from dealml.as_of.corrected_events import SUPERSEDED, with_hidden_columns
from dealml.as_of.lives import MARK

Tables = Mapping[str, ir.Table]

OPENS, CLOSES = 9, 17
"""The hours of the company's zone between which we work, from Monday to Friday."""
WORKDAYS = 5
RESULT_DAYS = 30
"""The days within which a conversion counts in the record of a source or campaign."""
_WEEK_SECONDS = 7 * 86_400
_PLACE = ("occurred_at", "recorded_at", "sequence", "activity", "direction", "channel", "asset", "contact_id", "person", "minutes")


def touches(tables: Tables) -> ir.Table:
    """Each touch of a lead: activities with it, and events of the kind `touched`, whose `activity` is that word."""
    leads, activities = tables["leads"], tables["activities"]
    if SUPERSEDED in leads.columns or SUPERSEDED in activities.columns:
        leads, activities = with_hidden_columns(leads), with_hidden_columns(activities)
    activities = activities.filter(activities.lead_id.notnull()).drop("deal_id", "account_id")
    events = leads.filter(leads.event == "touched").rename(activity="event")
    missing = {name: ibis.null(kind) for name, kind in activities.schema().items() if name not in events.columns}
    return _in_order(ibis.union(activities, events.mutate(**missing).select(activities.columns)))


def _in_order(rows: ir.Table) -> ir.Table:
    return rows.mutate(_order=ibis.row_number().over(group_by="lead_id", order_by=[rows[name] for name in _PLACE]))


def answers(tables: Tables) -> ir.Table:
    """Each time that we came to a lead, with the `working_hours` since it came in; on record once both are."""
    leads, activities = tables["leads"], tables["activities"]
    # The first that was recorded: one that is recorded later would change what was known before.
    created = leads.filter(leads.event == "created")
    turn = ibis.row_number().over(group_by="lead_id", order_by=["recorded_at", "_order"])
    first = created.mutate(_turn=turn).filter(lambda t: t["_turn"] == 0)
    first = first.select(_lead="lead_id", created_at="occurred_at", created_on="recorded_at")
    ours = activities.filter(activities.lead_id.notnull() & (activities.direction == "out"))
    rows = ours.inner_join(first, [ours.lead_id == first["_lead"], ours.occurred_at >= first.created_at]).drop("_lead")
    hours = _worked_by(rows.occurred_at) - _worked_by(rows.created_at)
    return rows.mutate(working_hours=hours, recorded_at=ibis.greatest(rows.recorded_at, rows.created_on)).drop("created_at", "created_on")


def _worked_by(moment: ir.Value) -> ir.Value:
    """Working hours from a Monday long ago to a moment, in the company's zone."""
    weeks = (moment.truncate("W").epoch_seconds() / _WEEK_SECONDS).round()
    day = moment.day_of_week.index()
    hours = (moment.hour() + moment.minute() / 60 - OPENS).clip(lower=0, upper=CLOSES - OPENS)
    today = (day < WORKDAYS).ifelse(hours, 0)
    return (weeks * WORKDAYS + ibis.least(day, WORKDAYS)) * (CLOSES - OPENS) + today


def results(tables: Tables) -> ir.Table:
    """How each lead went within `RESULT_DAYS` days of its first record: `leads` (1) and `converted` (1 or 0), on record then.

    A lead counts once those days are over, however it went, so that leads that are slow to convert do not look bad while they are young.
    """
    leads = tables["leads"]
    first = leads.group_by("lead_id").agg(first=leads.recorded_at.min(), won=leads.recorded_at.min(where=leads.event == "converted"))
    over = first["first"] + ibis.interval(days=RESULT_DAYS)
    converted = (first.won < over).fill_null(False).cast("int64")
    return first.select("lead_id", recorded_at=over, leads=ibis.literal(1, "int64"), converted=converted)


def deals_of_accounts(tables: Tables) -> ir.Table:
    """Each deal of an account once: a deal's later lives are the same deal."""
    deals = tables["deals"]
    return deals.filter(~deals.deal_id.contains(MARK))
