"""Group history: facts about all deals and accounts of one segment, stage or currency, and what the whole company counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from dealml.as_of.corrected_events import SUPERSEDED
from dealml.as_of.lives_form import AS_RECORDED, LIVES
from dealml.features.aggregate import filled, left_joined, own_aggregates
from dealml.features.attribute_pruning import narrowed
from dealml.features.calendar import end_of_day
from dealml.features.definition import Feature
from dealml.features.derived_facts import (
    PASSAGES,
    RECORDS,
    closings,
    departures,
    departures_by,
    lead_results_by,
    passages_by_stage,
    passed_stages,
    recorded_daily,
    results_by,
    totals_of,
    with_usual,
)
from dealml.features.lead_facts import results
from dealml.features.point_in_time import MOMENT
from dealml.features.restated import of_accounts, signed_daily, within_lives
from dealml.ledger.entities import ENTITIES

Tables = Mapping[str, ir.Table]
Record = dict[tuple[str, str], ir.Table]
Keep = Callable[[ir.Table], ir.Table]
_OF_ENTITIES: Mapping[str, tuple[Callable[[Tables], ir.Table], str]] = {
    "departures": (departures, "account_id"),
    "lead_results": (results, "lead_id"),
}
"""Records whose rows are the facts of one entity: how to make them, and the entity."""
_TALLIES = {"results": results_by, "departures": departures_by, "lead_results": lead_results_by}
COMPANY = ""
"""The key of what the whole company counts."""


def record_of(tables: Tables, keyed: Sequence[Feature], features: Sequence[Feature], keep: Keep) -> Record:
    """The facts that features sum up for each value of a key.

    Parameters
    ----------
    tables
        In the form of lives (`dealml.as_of.lives_form`).
    keyed
        The features that are per key.
    features
        All features, the keys among them.
    keep
        What to do with tables that others are made from, and that are looked at again and again.
    """
    record: Record = {}
    # A whole company is told by facts as they were recorded: copies for later lives would count a deal twice.
    recorded = {name: tables.get(name + AS_RECORDED, table) for name, table in tables.items()}
    has_lives = any(f"{LIVES}{entity}" in tables for entity in ENTITIES)
    for facts in dict.fromkeys(str(feature.facts) for feature in keyed):
        keys = list(dict.fromkeys(str(feature.entity) for feature in keyed if feature.facts == facts))
        if facts not in RECORDS:
            record |= {(key, facts): recorded[facts] for key in keys}
            continue
        wanted = [feature for feature in features if feature.name in keys]
        taken_back = has_lives or any(SUPERSEDED in recorded[name].columns for name in RECORDS[facts])
        events = _restated(tables, recorded, facts, wanted, keep) if taken_back else keep(_events(recorded, facts, wanted, keep))
        for key in keys:
            rows = _signed(events, facts, key, tables, recorded) if taken_back else events
            record[key, facts] = keep(_tally(facts, key, rows, taken_back).mutate(_order=ibis.row_number()))
        record[COMPANY, facts] = keep(totals_of(facts, _of_company(tables, recorded, facts, taken_back)))
    return record


def with_company(moments: ir.Table, record: Record, facts: str) -> ir.Table:
    """Moments with what the whole company had counted by then; nothing is missing before the first."""
    totals = record[COMPANY, facts]
    names = [name for name in totals.columns if not name.startswith("_")]
    days = moments.select("known_by").distinct()
    known = days.inner_join(totals, [totals["_since"] < days.known_by, days.known_by <= totals["_until"].fill_null(days.known_by)])
    return left_joined(moments, [known.select("known_by", *names)])


def _of_company(tables: Tables, recorded: Tables, facts: str, taken_back: bool) -> ir.Table:
    """Every closing or departure, whatever its kind."""
    make, entity = _OF_ENTITIES.get(facts, (closings, "deal_id"))
    if not taken_back:
        return recorded_daily(make(recorded))
    return signed_daily(within_lives(make(tables), entity, tables.get(f"{LIVES}{entity}")))


def _tally(facts: str, key: str, events: ir.Table, taken_back: bool) -> ir.Table:
    if facts == "passages":
        return (passages_by_stage(events) if taken_back else events).rename({key: "stage"})
    return _TALLIES[facts](key, events)


def _events(tables: Tables, facts: str, wanted: Sequence[Feature], keep: Keep) -> ir.Table:
    """Closings or departures with the value that each key had just before."""
    if facts == "passages":
        return PASSAGES.make(tables)
    if facts == "results":
        daily = recorded_daily(_with_keys(tables, facts, closings(tables), wanted, keep))
        return with_usual(daily, daily)
    return recorded_daily(_with_keys(tables, facts, _OF_ENTITIES[facts][0](tables), wanted, keep))


def _restated(tables: Tables, recorded: Tables, facts: str, wanted: Sequence[Feature], keep: Keep) -> ir.Table:
    """The same in every life of a record, with the span in which each counts."""
    if facts in _OF_ENTITIES:
        make, entity = _OF_ENTITIES[facts]
        return keep(within_lives(_with_keys(tables, facts, make(tables), wanted, keep), entity, tables.get(f"{LIVES}{entity}")))
    closed = keep(closings(tables))
    events = passed_stages(tables, closed) if facts == "passages" else _with_keys(tables, facts, closed, wanted, keep)
    return keep(within_lives(events, "deal_id", tables.get(f"{LIVES}deal_id")))


def _signed(events: ir.Table, facts: str, key: str, tables: Tables, recorded: Tables) -> ir.Table:
    """What counts of each day, and what is taken back, for a key."""
    if facts in _OF_ENTITIES:
        return signed_daily(events)
    events = of_accounts(events, tables.get(f"{LIVES}account_id")) if key == "account_id" else events
    return with_usual(signed_daily(events), recorded_daily(closings(recorded)), "occurred_at")


def _with_keys(tables: Tables, facts: str, events: ir.Table, wanted: Sequence[Feature], keep: Keep) -> ir.Table:
    if not wanted:
        return events
    entity = _OF_ENTITIES[facts][1] if facts in _OF_ENTITIES else "deal_id"
    # An account's first attributes are recorded with its start, so accounts are read when the day is over.
    at = events.recorded_at if facts == "results" else end_of_day(events.recorded_at + ibis.interval(microseconds=1))
    entities = [name for name in ENTITIES if name in events.columns]
    moments = keep(events.select(*entities, as_of=at, known_by=at).distinct())
    values = left_joined(moments, own_aggregates(moments, narrowed(tables, wanted), wanted))
    values = filled(values, wanted).select(*(feature.name for feature in wanted), _entity=entity, _at=MOMENT[0])
    return events.left_join(values, [events[entity] == values["_entity"], at == values["_at"]]).drop("_entity", "_at")
