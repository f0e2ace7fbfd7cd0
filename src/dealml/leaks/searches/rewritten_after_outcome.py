"""Values that change when the outcome is recorded, although the mapping says that they were known from the start."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pandas as pd
from scipy.special import betainc

from dealml.features.definition import Feature
from dealml.leaks.findings import Finding
from dealml.learning.record_lives import lives_query
from dealml.learning.view import View
from dealml.ledger.batches import manifests
from dealml.ledger.entities import ENTITIES
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import CHANGES_OF
from dealml.ledger.sql import literal

LEAST_CHANGED = 10
LEAST_SHARE = 0.02
"""At least this share of the entities settled between two extracts has another value in the later extract."""
TIMES = 5.0
"""And that share is at least this many times the share among entities that stayed open."""
MAX_CHANCE = 1e-4

# A value that was recorded with its entity and reads otherwise in a later extract was not known from the start. A history's own
# changes are recorded at moments of their own, far more of them than there were imports.
_CHANGES = """
    WITH changes AS (SELECT {entity} AS entity, field, occurred_at, recorded_at FROM raw_{changes} WHERE {known}),
    began AS (SELECT {entity} AS entity, min(recorded_at) AS began FROM raw_{entity_table} GROUP BY ALL),
    started AS (
        SELECT entity, field, began FROM changes JOIN began USING (entity)
        GROUP BY entity, field, began HAVING min(recorded_at) = began),
    later AS (
        SELECT entity, field, recorded_at AS moment, recorded_at = occurred_at AS is_current
        FROM changes JOIN started USING (entity, field) WHERE recorded_at > began),
    fields AS (
        SELECT field FROM later GROUP BY field HAVING bool_and(is_current) AND count(DISTINCT moment) <= {extracts}),
    moments AS (
        SELECT moment, lag(moment) OVER (ORDER BY moment) AS previous
        FROM (SELECT DISTINCT moment FROM later JOIN fields USING (field))),
    settled AS ({settled})
    SELECT started.field AS field, settled.until < moments.moment AS settled,
           count(*) AS entities, count(later.entity) AS changed
    FROM fields JOIN started USING (field) CROSS JOIN moments JOIN settled USING (entity)
    LEFT JOIN later ON later.entity = started.entity AND later.field = started.field AND later.moment = moments.moment
    WHERE started.began < moments.moment AND (settled.gone_at IS NULL OR moments.moment <= settled.gone_at)
      AND (settled.until >= moments.moment OR moments.previous IS NULL OR settled.until >= moments.previous)
    GROUP BY ALL"""

_SETTLED = """
    SELECT {entity} AS entity, max(coalesce(until, 'infinity'::TIMESTAMPTZ)) AS until, NULL::TIMESTAMPTZ AS gone_at
    FROM ({spells}) GROUP BY ALL"""

# A record is judged by its own last life: what was deleted, or merged into another record, is not looked at afterwards.
_SETTLED_LIVES = """
    WITH lives AS ({lives}),
    own AS (
        SELECT record_id, arg_max(life_id, coalesce("until", 'infinity'::TIMESTAMPTZ)) AS life_id,
               arg_max_null("until", coalesce("until", 'infinity'::TIMESTAMPTZ)) AS gone_at
        FROM lives GROUP BY record_id)
    SELECT coalesce(record_id, {entity}) AS entity, max(coalesce(until, 'infinity'::TIMESTAMPTZ)) AS until, any_value(gone_at) AS gone_at
    FROM ({spells}) s LEFT JOIN own ON s.{entity} = own.life_id
    WHERE record_id IS NOT NULL OR s.{entity} NOT IN (SELECT life_id FROM lives) GROUP BY ALL"""


def changed_after_outcome(ledger: Ledger, view: View, before: datetime | None = None) -> list[Finding]:
    """Search a ledger of several extracts for attributes that are rewritten when an entity is settled.

    Parameters
    ----------
    before
        Extracts of this moment or later are not looked at; without it all are, also those taken after the last event.
    """
    entity_table = ENTITIES[view.spec.entity].table
    extracts = len(manifests(ledger.folder))
    if view.cross_section or extracts < 2 or not {entity_table, CHANGES_OF[entity_table]} <= set(ledger.tables):
        return []
    for name in view.outcome.needs:
        view.con.create_view(name, view.tables[name], overwrite=True)
    query = _CHANGES.format(
        entity=view.spec.entity,
        entity_table=entity_table,
        changes=CHANGES_OF[entity_table],
        known=f"recorded_at < {literal(before)}" if before else "true",
        extracts=extracts,
        settled=_settled(view),
    )
    counts: pd.DataFrame = view.con.raw_sql(query).df()
    reasons = {str(field): why for field, part in counts.groupby("field", sort=True) if (why := _rewritten(part.set_index("settled")))}
    served = [feature for feature in view.plan.features if feature.served]
    return [
        Finding(feature.name, "changed", f"it reads {field}, which {why}")
        for field, why in reasons.items()
        for feature in _readers(served, view.plan.features, field)
    ]


def _settled(view: View) -> str:
    """The query of when each record was settled, and when it was deleted or became part of another."""
    entity, spells = view.spec.entity, view.outcome.spells
    lives = lives_query(view.con, view.tables, entity)
    return _SETTLED_LIVES.format(entity=entity, spells=spells, lives=lives) if lives else _SETTLED.format(entity=entity, spells=spells)


def _rewritten(counts: pd.DataFrame) -> str:
    """Why an attribute looks rewritten; nothing where it does not."""
    (settled, changed), (open_, moved) = (
        (int(counts["entities"].get(side, 0)), int(counts["changed"].get(side, 0))) for side in (True, False)
    )
    usual = (moved + 0.5) / (open_ + 1)
    if changed < LEAST_CHANGED or changed < LEAST_SHARE * settled or changed < TIMES * usual * settled:
        return ""
    if betainc(changed, settled - changed + 1, min(TIMES * usual, 1.0)) >= MAX_CHANCE:
        return ""
    return (
        f"changed for {changed:,} of {settled:,} entities settled between two extracts and for {moved:,} of {open_:,} that stayed open, "
        "so it was not known from the start"
    )


def _readers(served: Iterable[Feature], features: Iterable[Feature], field: str) -> list[Feature]:
    """The served features that read an attribute, by themselves or through another feature."""
    reading = {feature.name for feature in features if _reads(feature, field)}
    while more := {f.name for f in features if f.name not in reading and reading & {*f.needs, str(f.entity)}}:
        reading |= more
    return [feature for feature in served if feature.name in reading]


def _reads(feature: Feature, field: str) -> bool:
    """Whether a feature's definition names an attribute."""
    return feature.facts == f"{field}_changes" or field in feature.expression.__code__.co_consts
