"""What if a feature had another value: checked against the past, refused beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from dealml.errors import UsageError
from dealml.evaluation.holdout.predictions import clusters_of
from dealml.features.recompute import recomputed
from dealml.jobs.explaining.backing import SettledPast
from dealml.jobs.explaining.explain import resolve_entity
from dealml.jobs.progress import Progress, silent, within
from dealml.project import Project
from dealml.reasons.value_text import shown_values
from dealml.reasons.what_if import MOST_ROWS, WhatIf, checked, what_if


def try_values(
    project: Project,
    entity_id: str,
    as_of: datetime | None,
    wanted: Mapping[str, str],
    name: str | None = None,
    version: int | None = None,
    progress: Progress = silent,
) -> WhatIf:
    """The probability of one entity with other values of features that people can act on.

    Formulas made of them follow. Nothing is written.

    Raises
    ------
    UsageError
        When no value is given.
    InputError
        When the entity is not at stake, a feature is unknown or nobody can act on it, or its value lies outside what comparable
        cases of the past had.
    """
    if not wanted:
        raise UsageError("no value to try: write it as FEATURE=VALUE")
    context = resolve_entity(project, entity_id, as_of, name, version, progress)
    model, view = context.served.fitted, context.view
    wording = context.wording
    past = SettledPast.of(view, model, wording, progress)
    comparable = past.base.comparable(past.stage_of(context.facts))
    values = {feature: checked(feature, text, comparable, wording) for feature, text in wanted.items()}
    changed = recomputed(view.con, view.plan.features, context.row.assign(**values), values)
    moved = {
        feature: (before, after)
        for feature in model.schema.names[:-1]
        if (before := _shown(context.row, feature)) != (after := _shown(changed, feature))
    }
    rows = view.labelled(view.history(within(progress, "history"))).thinned(MOST_ROWS)
    progress("refits", 0, 1)
    result = what_if(model, view.spec, rows, clusters_of(rows), (context.row, changed), moved)
    progress("refits", 1, 1)
    return result


def _shown(row: pd.DataFrame, feature: str) -> str | None:
    return shown_values(row[feature])[0]
