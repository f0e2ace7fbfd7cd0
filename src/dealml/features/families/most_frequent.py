"""The most frequent values of a family, by count alone, at every step of a calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis.backends.duckdb import Backend

from dealml.features.derived_facts import tables_needed
from dealml.features.families.definition import Family, Values
from dealml.features.families.value_names import Value

Tables = Mapping[str, ir.Table]

STEP_DAYS = 28
"""From one list of values to the next: a hold-out uses the last list before its origin."""
LEAST_FACTS = 20
"""A value that fewer facts have is in no list."""


def lists_by_step(con: Backend, tables: Tables, family: Family, end: datetime) -> dict[datetime, Values]:
    """The most frequent values among what was on record before each of several moments, the last of them `end`.

    Parameters
    ----------
    tables
        Known tables, without anything recorded at or after `end`.
    """
    tallies = con.to_pyarrow(_tallies(tables, family, end)).to_pandas()
    tallies["value"] = [
        tuple(None if pd.isna(part) else str(part) for part in row) for row in tallies[list(family.of)].itertuples(index=False)
    ]
    names = _names_of_people(con, tables, list(tallies["value"].unique()))
    tallies = tallies[[names.isdisjoint(value) for value in tallies["value"]]]
    steps = range(int(tallies["step"].max()) if len(tallies) else 0, -1, -1)
    return {end - timedelta(days=STEP_DAYS * step): _most_frequent(tallies[tallies["step"] >= step], family.most) for step in steps}


def _tallies(tables: Tables, family: Family, end: datetime) -> ir.Table:
    """Facts of each value by how many steps before the end they were recorded; rare values left out."""
    (name,) = tables_needed(family.facts)
    table = tables[name]
    rows = table.filter(table.field == "stage") if family.facts == "stage_changes" else table
    rows = rows.filter(rows[family.entity].notnull() & rows[family.of[0]].notnull())
    before = (ibis.literal(int(end.timestamp())) - rows.recorded_at.epoch_seconds()) / (STEP_DAYS * 86_400)
    tallies = rows.mutate(step=before.floor().cast("int64").clip(lower=0)).group_by(*family.of, "step").agg(facts=lambda t: t.count())
    total = tallies.facts.sum().over(ibis.window(group_by=family.of))
    return tallies.mutate(_total=total).filter(lambda t: t["_total"] >= LEAST_FACTS).drop("_total")


def _most_frequent(tallies: pd.DataFrame, most: int) -> Values:
    counts: Counter[Value] = Counter()
    for value, facts in zip(tallies["value"], tallies["facts"], strict=True):
        counts[value] += int(facts)
    ranked = sorted((-facts, _sortable(value), value) for value, facts in counts.items() if facts >= LEAST_FACTS)
    return tuple(value for _, _, value in ranked[:most])


def _sortable(value: Value) -> tuple[str, ...]:
    return tuple(part or "" for part in value)


def _names_of_people(con: Backend, tables: Tables, values: Sequence[Value]) -> set[str]:
    """Which of the values are the names of people, as other facts have them."""
    texts = sorted({part for value in values for part in value if part})
    names: set[str] = set()
    for table in (tables.get(name) for name in ("activities", "deal_changes", "account_changes")):
        if table is None or not texts:
            continue
        people = table.person if "person" in table.columns else (table.field == "owner").ifelse(table.text, None)
        found = table.select(name=people).filter(lambda t: t.name.isin(texts)).distinct()
        names |= set(con.to_pyarrow(found)["name"].to_pylist())
    return names
