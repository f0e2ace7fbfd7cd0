"""Formulas computed again where a feature that they need has another value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ibis
import pandas as pd
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.features.aggregate import filled, value_of
from dealml.features.calendar import Clock
from dealml.features.definition import Feature
from dealml.features.plan import CLOCK


def recomputed(con: Backend, features: Sequence[Feature], rows: pd.DataFrame, changed: Iterable[str]) -> pd.DataFrame:
    """Rows of features whose formulas follow from others that were changed by hand.

    Parameters
    ----------
    features
        From a plan: each after what it needs.
    changed
        The features with other values; they themselves stay as given.
    """
    given, follow = set(changed), dict[str, Feature]()
    for feature in features:
        if feature.entity is None and feature.name not in given and {*given, *follow} & set(feature.needs):
            follow[feature.name] = feature
    if not follow:
        return rows
    table = ibis.memtable(pa.Table.from_pandas(rows.drop(columns=[*follow]), preserve_index=False))
    for feature in follow.values():
        parts = [Clock(table.as_of) if need == CLOCK else table[need] for need in feature.needs]
        table = filled(table.mutate(**{feature.name: value_of(feature, *parts)}), [feature])
    computed: pd.DataFrame = con.to_pyarrow(table).to_pandas()
    return computed[list(rows.columns)]
