"""Group history: facts about all deals and accounts of one segment, stage or currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from dealml.features.aggregate import filled, left_joined, own_aggregates
from dealml.features.attribute_pruning import narrowed
from dealml.features.calendar import end_of_day
from dealml.features.definition import Feature
from dealml.features.derived_facts import PASSAGES, RECORDS, closings, departures, departures_by, recorded_daily, results_by, with_usual
from dealml.features.point_in_time import MOMENT

Tables = Mapping[str, ir.Table]
Record = dict[tuple[str, str], ir.Table]
Keep = Callable[[ir.Table], ir.Table]


def record_of(tables: Tables, keyed: Sequence[Feature], features: Sequence[Feature], keep: Keep) -> Record:
    """The facts that features sum up for each value of a key.

    Parameters
    ----------
    asked
        The features that are per key.
    features
        All features, the keys among them.
    keep
        What to do with tables that others are made from, and that are looked at again and again.
    """
    record: Record = {}
    for facts in dict.fromkeys(str(feature.facts) for feature in keyed):
        keys = list(dict.fromkeys(str(feature.entity) for feature in keyed if feature.facts == facts))
        if facts not in RECORDS:
            record |= {(key, facts): tables[facts] for key in keys}
            continue
        events = keep(_events(tables, facts, keys, features, keep))
        for key in keys:
            record[key, facts] = keep(_tally(facts, key, events).mutate(_order=ibis.row_number()))
    return record


def _tally(facts: str, key: str, events: ir.Table) -> ir.Table:
    if facts == "passages":
        return events.rename({key: "stage"})
    return (results_by if facts == "results" else departures_by)(key, events)


def _events(tables: Tables, facts: str, keys: Sequence[str], features: Sequence[Feature], keep: Keep) -> ir.Table:
    """Closings or departures with the value that each key had just before."""
    if facts == "passages":
        return PASSAGES.make(tables)
    events, entity = (closings(tables), "deal_id") if facts == "results" else (departures(tables), "account_id")
    wanted = [feature for feature in features if feature.name in keys]
    daily = _daily_results if facts == "results" else recorded_daily
    if not wanted:
        return daily(events)
    # An account's first attributes are recorded with its start, so accounts are read when the day is over.
    at = events.recorded_at if facts == "results" else end_of_day(events.recorded_at + ibis.interval(microseconds=1))
    entities = [name for name in ("deal_id", "account_id") if name in events.columns]
    moments = keep(events.select(*entities, as_of=at, known_by=at).distinct())
    values = left_joined(moments, own_aggregates(moments, narrowed(tables, wanted), wanted))
    values = filled(values, wanted).select(*(feature.name for feature in wanted), _entity=entity, _at=MOMENT[0])
    return daily(events.left_join(values, [events[entity] == values["_entity"], at == values["_at"]]).drop("_entity", "_at"))


def _daily_results(closed: ir.Table) -> ir.Table:
    daily = recorded_daily(closed)
    return with_usual(daily, daily)
