"""History with corrections: what a change was depends on the statement before it, which may be corrected later.

The time of an entity is cut into eras at each correction. In one era the same statements hold, so that changes can be computed in
each era alone; a change is known within its era.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from dealml.as_of.corrected_events import FIRST_TOLD, SUPERSEDED

ERA_SINCE, ERA_UNTIL = "_era_since", "_era_until"
"""The columns of an era: moments since < moment <= until are in it; null where it has no bound."""


def in_eras(facts: ir.Table, entity: str) -> ir.Table:
    """A row for each fact and era of its entity in which the fact holds; as it is where nothing was corrected."""
    if SUPERSEDED not in facts.columns:
        return facts
    eras = _eras(facts, entity)
    rows = facts.left_join(eras, facts[entity] == eras["_entity"])
    is_recorded = rows[ERA_UNTIL].isnull() | (rows.recorded_at < rows[ERA_UNTIL])
    holds = rows[SUPERSEDED].isnull() | rows[ERA_SINCE].isnull() | (rows[SUPERSEDED] > rows[ERA_SINCE])
    return rows.filter(is_recorded & holds).drop("_entity")


def known_in_eras(rows: ir.Table) -> ir.Table:
    """Rows of eras as facts that are known in their era only."""
    if ERA_SINCE not in rows.columns:
        return rows
    since = ibis.greatest(rows.recorded_at, rows[ERA_SINCE].fill_null(rows.recorded_at))
    return rows.mutate(**{"recorded_at": since, SUPERSEDED: rows[ERA_UNTIL]}).drop(ERA_SINCE, ERA_UNTIL)


def _eras(facts: ir.Table, entity: str) -> ir.Table:
    """The eras of each entity with corrections: `_entity` and the columns of an era."""
    gone = facts.filter(facts[SUPERSEDED].notnull()).select(_entity=entity, moment=SUPERSEDED)
    come = facts.filter(facts[FIRST_TOLD] < facts.recorded_at).select(_entity=entity, moment="recorded_at")
    cuts = ibis.union(gone, come, distinct=True)
    by_time = ibis.window(group_by="_entity", order_by="moment")
    before = cuts.select("_entity", **{ERA_SINCE: cuts.moment.lag().over(by_time), ERA_UNTIL: cuts.moment})
    last = cuts.group_by("_entity").agg(**{ERA_SINCE: cuts.moment.max()})
    return ibis.union(before, last.mutate(**{ERA_UNTIL: ibis.null(cuts.moment.type())}).select(before.columns))
