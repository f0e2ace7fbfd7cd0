"""Explain one score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from dealml.errors import InputError, ModelError
from dealml.jobs.score import notes_on, seen_by, served
from dealml.loading import load_model, model_names
from dealml.project import Project
from dealml.scoring.reasons import meanings
from dealml.scoring.score import score


@dataclass(frozen=True)
class Explanation:
    """One entity's scores at every horizon."""

    entity_id: str
    as_of: datetime
    model: str
    version: int
    main_horizon: int
    word: str
    scores: list[dict[str, object]]
    notes: tuple[str, ...]


def explain(project: Project, entity_id: str, as_of: datetime | None, name: str | None = None, version: int | None = None) -> Explanation:
    """Score one entity as of a moment, with its reasons.

    Parameters
    ----------
    as_of
        The moment; None for a cross-section, which has none.
    name
        The model; without it, the first one for which the entity is at stake.

    Raises
    ------
    InputError
        When the entity is not at stake at that moment.
    ModelError
        When none of the models can be used.
    """
    candidates = [name] if name else model_names(project.folder)
    unusable: list[ModelError] = []
    for candidate in candidates:
        try:
            found = _explained(project, entity_id, as_of, candidate, version)
        except ModelError as error:
            unusable.append(error)
            continue
        if found:
            return found
    if len(unusable) == len(candidates) and unusable:
        raise unusable[0]
    if as_of is None:
        raise InputError(f"{entity_id}: no deal or account whose outcome is open in this cross-section; is the id right?")
    raise InputError(
        f"{entity_id}: neither an open deal nor an active account at {as_of:%Y-%m-%d %H:%M}; "
        "is the id right, and the date between its start and its end?"
    )


def _explained(project: Project, entity_id: str, as_of: datetime | None, name: str, version: int | None) -> Explanation | None:
    spec = load_model(project.folder, name)
    chosen = served(project, name, version)
    view = seen_by(chosen, project, spec, as_of)
    table = view.at_stake()
    table = table[table[spec.entity] == entity_id].reset_index(drop=True)
    rows = pa.concat_tables(batch.scores for batch in score(table, chosen, meanings(view.plan.features), project.ledger.digest)).to_pylist()
    if not rows:
        return None
    return Explanation(
        entity_id, view.end, name, chosen.version, chosen.fitted.main_horizon, chosen.fitted.word, rows, notes_on(chosen, view)
    )
