"""Replay scores: make them again from the ledger as it was, and compare every bit.

An earlier engine averaged fractions in the order of its rows, so that their last digits may differ from those of an exact sum.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from dealml.errors import InputError, ModelError
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.registry import registry_to_read
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.reasons.wording import wording_from
from dealml.scoring.score import ServedModel, score
from dealml.scoring.store import stored_scores

COMPARED = ("probability", "base_probability", "margin", "base_margin", "rung")
ENGINES_DIFFER = 1e-12
"""By how much, of their size, numbers of two engines may differ: that is what rounding comes to, and no decision."""
MAX_DIFFERENCES = 3
"""Differences that an error names."""


@dataclass(frozen=True)
class ReplayedScore:
    """A score that came out the same again; `is_exact` is false where numbers are those of another engine, equal to 1e-12."""

    score_id: str
    entity_id: str
    as_of: datetime
    horizon_days: int
    model: str
    model_version: int
    probability: float
    features: int
    reasons: int
    is_exact: bool


def replay(
    project: Project,
    score_id: str | None = None,
    entity_id: str | None = None,
    as_of: datetime | None = None,
    model: str | None = None,
    progress: Progress = silent,
) -> list[ReplayedScore]:
    """Make stored scores again: features, probability and reasons.

    The ledger is read as it was: only the batches that it held then. The reasons are made with the texts that were used then.

    Parameters
    ----------
    score_id, entity_id, as_of, model
        Which scores; all that match what is given.

    Raises
    ------
    InputError
        When no such score stands in the store, or a batch that it was made from is gone.
    ModelError
        When the version is gone, or anything comes out differently; the error says what.
    """
    scores = stored_scores(project.scores_url, score_id, entity_id, as_of, model)
    if not scores:
        raise InputError(f"{score_id or entity_id}: no such score in the store; scores are published by: dealml score MODEL --as-of DATE")
    replayed: list[ReplayedScore] = []
    for _, group in groupby(
        scores, key=lambda row: (row["model"], row["as_of"], row["model_digest"], row["ledger_digest"], row["wording"])
    ):
        replayed += _replayed(project, list(group), progress)
    return replayed


def _replayed(project: Project, stored: list[dict[str, Any]], progress: Progress) -> Iterator[ReplayedScore]:
    first = stored[0]
    ledger = _ledger(project, first)
    served, spec = _served(project, first), load_model(project.folder, first["model"])
    as_of = None if ledger.is_cross_section else first["as_of"]
    view = View.of(ledger, spec, as_of, project.query_settings, served=[served.fitted], learns=False)
    table = view.at_stake(within(progress, "features"))
    wanted = {row["entity_id"] for row in stored}
    batches = list(score(table[table[view.spec.entity].isin(wanted)], served, wording_from(first["content"]), first["ledger_digest"]))
    again = {row["score_id"]: row for batch in batches for row in batch.scores.to_pylist()}
    snapshots = [batch.snapshots for batch in batches]
    features = {entity: values for seen in snapshots for entity, values in zip(seen["entity_id"], seen["features"], strict=True)}
    for row in stored:
        if row["score_id"] not in again:
            raise ModelError(f"{row['score_id']}: {row['entity_id']} was at stake at {row['as_of']:%Y-%m-%d}, and is not in its ledger now")
        now = again[row["score_id"]] | {"features": features[row["entity_id"]]}
        if differences := list(_differences(row, now, _agree)):
            more = f", and {len(differences) - MAX_DIFFERENCES} parts more" if len(differences) > MAX_DIFFERENCES else ""
            raise ModelError(f"{row['score_id']}: cannot be replayed: {'; '.join(differences[:MAX_DIFFERENCES])}{more}")
        names = ("score_id", "entity_id", "horizon_days", "model", "model_version", "probability")
        columns = {name: row[name] for name in names}
        yield ReplayedScore(
            as_of=project.calendar.local(row["as_of"]),
            **columns,
            features=len(row["features"]),
            reasons=len(row["reasons"]),
            is_exact=not any(_differences(row, now, operator.eq)),
        )


def _ledger(project: Project, row: Mapping[str, Any]) -> Ledger:
    ledger = Ledger(project.ledger.folder, row["batches"])
    if ledger.digest != row["ledger_digest"]:
        digests = f"digest {ledger.digest[:16]}, not {row['ledger_digest'][:16]}"
        raise ModelError(f"{row['score_id']}: the ledger's batches were changed since: {digests}")
    return ledger


def _served(project: Project, row: Mapping[str, Any]) -> ServedModel:
    registry = registry_to_read(project, row["model"])
    registered = registry.version(row["model"], row["model_version"])
    if registered.digest != row["model_digest"]:
        raise ModelError(f"{row['score_id']}: version {row['model_version']} of {row['model']} is not the one that made this score")
    return ServedModel(registry.load(registered), registered.version, registered.digest)


def _differences(then: Mapping[str, Any], now: Mapping[str, Any], agree: Callable[[object, object], bool]) -> Iterator[str]:
    """What differs, from the cause to the consequence: features, numbers, reasons."""
    for name in sorted(then["features"].keys() | now["features"].keys()):
        before, after = then["features"].get(name), now["features"].get(name)
        if not agree(before, after):
            yield f"the feature {name} was {before or 'not known'} and is {after or 'not known'}"
    for name in COMPARED:
        if not agree(then[name], now[name]):
            yield f"the {name.replace('_', ' ')} was {then[name]!r} and is {now[name]!r}"
    for number, (before, after) in enumerate(zip(then["reasons"], now["reasons"], strict=False), 1):
        for part in before:
            if not agree(before[part], after[part]):
                yield f"reason {number}, {before['feature']}: its {part.replace('_', ' ')} was {before[part]!r} and is {after[part]!r}"
    if len(then["reasons"]) != len(now["reasons"]):
        yield f"there were {len(then['reasons'])} reasons and are {len(now['reasons'])}"


def _agree(before: object, after: object) -> bool:
    """Equal, or numbers that two engines may give for the same."""
    if before == after or before is None or after is None:
        return before == after
    try:
        return math.isclose(float(str(before)), float(str(after)), rel_tol=ENGINES_DIFFER)
    except ValueError:
        return False
