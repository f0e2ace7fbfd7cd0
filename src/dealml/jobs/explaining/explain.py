"""Explain one score: what it is made of, with the evidence of the past, and similar entities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from dealml.errors import InputError, ModelError
from dealml.jobs.choosing.stored_scenarios import stored_matches
from dealml.jobs.explaining.backing import Backing, SettledPast
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.scoring.served_models import load_served, notes_for_scores, view_for
from dealml.learning.view import View
from dealml.load_definitions import leading_models, load_model
from dealml.page.review.rows import money_of
from dealml.project import Project
from dealml.reasons.similar import Similar, similar
from dealml.reasons.top_reasons import SubjectContribution, groups_of
from dealml.reasons.wording import Wording, wording_of
from dealml.scenarios.wording import scenario_sentences
from dealml.scoring.score import Scored, ServedModel, at_horizons, score


@dataclass(frozen=True)
class Explanation:
    """One entity's scores at every horizon, with contributions, reasons and evidence at the main one."""

    entity_id: str
    as_of: datetime
    model: str
    version: int
    main_horizon: int
    outcome_name: str
    scores: list[dict[str, Any]]
    groups: list[SubjectContribution]
    """Contributions at the main horizon by subject; they sum to the probability less the one to begin with."""
    subjects: dict[str, str]
    """What the groups are called."""
    contributions: pd.DataFrame
    """One row a feature at the main horizon: `feature`, `value`, `log_odds`, `points`."""
    amount: float | None
    """Money at stake, in `currency`; a reason's points times it are its part of the expected value."""
    currency: str
    evidence: list[Backing]
    """Of each reason at the main horizon; empty where it was not asked for."""
    similar: list[Similar]
    scenarios: tuple[str, ...]
    """The scenarios that it is in, or may be in, each as a sentence; empty where none were mined."""
    notes: tuple[str, ...]

    @property
    def main(self) -> dict[str, Any]:
        """The score at the main horizon."""
        return next(row for row in self.scores if row["horizon_days"] == self.main_horizon)


def explain(
    project: Project,
    entity_id: str,
    as_of: datetime | None,
    name: str | None = None,
    version: int | None = None,
    with_past: bool = True,
    progress: Progress = silent,
) -> Explanation:
    """Score one entity as of a moment, with its reasons.

    Parameters
    ----------
    as_of
        The moment; None for a cross-section, which has none.
    name
        The model; without it, the first for which the entity is open, of those that complete no other.
    with_past
        Whether to look for evidence and similar cases among what is over.

    Raises
    ------
    InputError
        When the entity is not open at that moment.
    ModelError
        When none of the models can be used.
    """
    return explained(resolve_entity(project, entity_id, as_of, name, version, progress), with_past, progress)


def explained(context: ExplainContext, with_past: bool = True, progress: Progress = silent) -> Explanation:
    """Explain an entity from its context alone; parameters as for `explain`."""
    model, wording = context.served.fitted, context.wording
    batches = list(score(context.row, context.served, wording, context.ledger_digest))
    rows = pa.concat_tables(batch.scores for batch in batches).to_pylist()
    parts = model.explain(at_horizons(context.row, (model.main_horizon,)))
    facts = context.facts
    worth, currency = money_of(facts, context.view.spec.shown, context.currency)
    amount = None if worth is None else float(worth)
    rows = [_with_money(row, amount) for row in rows]
    groups = groups_of(model.schema.names, parts.log_odds[0], parts.points[0], wording, amount)
    main = next(row for row in rows if row["horizon_days"] == model.main_horizon)
    past = SettledPast.of(context.view, model, wording, progress) if with_past else None
    return Explanation(
        entity_id=main["entity_id"],
        as_of=context.view.end,
        model=model.name,
        version=context.served.version,
        main_horizon=model.main_horizon,
        outcome_name=model.outcome_name,
        scores=rows,
        groups=groups,
        subjects={group.subject: wording.subject(group.subject) for group in groups},
        contributions=_contributions(batches, model.main_horizon),
        amount=amount,
        currency=currency,
        evidence=[past.backing(reason, facts) for reason in main["reasons"]] if past else [],
        similar=similar(model, context.row, past.base.comparable(past.stage_of(facts)), wording) if past else [],
        scenarios=context.scenarios,
        notes=notes_for_scores(context.served, context.view),
    )


def _contributions(batches: list[Scored], horizon: int) -> pd.DataFrame:
    """Every feature's contribution at one horizon."""
    table: pd.DataFrame = pa.concat_tables(batch.contributions for batch in batches).to_pandas()
    return table.loc[table["horizon_days"] == horizon, ["feature", "value", "log_odds", "points"]].reset_index(drop=True)


def _with_money(row: dict[str, Any], amount: float | None) -> dict[str, Any]:
    """A score with what its probabilities and its reasons are of the money at stake."""
    if amount is None:
        return row
    reasons = [reason | {"money": reason["points"] * amount} for reason in row["reasons"]]
    return row | {"base_money": row["base_probability"] * amount, "money": row["probability"] * amount, "reasons": reasons}


@dataclass(frozen=True)
class ExplainContext:
    """An entity at a moment, with everything that its explanation is computed from."""

    served: ServedModel
    view: View
    row: pd.DataFrame
    """Its one row of features."""
    wording: Wording
    currency: str
    """The project's."""
    ledger_digest: str
    scenarios: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """Its features by name."""
        return {str(name): value for name, value in self.row.iloc[0].items()}


def resolve_entity(
    project: Project, entity_id: str, as_of: datetime | None, name: str | None, version: int | None, progress: Progress = silent
) -> ExplainContext:
    """The first model for which an entity is open, and what it sees of it; errors as for `explain`."""
    candidates = [name] if name else leading_models(project.folder)
    unusable: list[ModelError] = []
    for candidate in candidates:
        try:
            spec, served = load_model(project.folder, candidate), load_served(project, candidate, version)
            view = view_for(served, project, spec, as_of)
        except ModelError as error:
            unusable.append(error)
            continue
        table = view.at_stake(within(progress, "features"))
        row = table[table[spec.entity] == entity_id].reset_index(drop=True)
        if len(row):
            return _context(project, served, view, row)
    if len(unusable) == len(candidates) and unusable:
        raise unusable[0]
    raise why_not(project, entity_id, as_of, candidates)


def _context(project: Project, served: ServedModel, view: View, row: pd.DataFrame) -> ExplainContext:
    company, entity = project.settings.company, view.spec.entity
    (matches,) = stored_matches(project.folder, row, entity, view.end).values() or [()]
    wording = wording_of(view.plan.features, company.language)
    return ExplainContext(served, view, row, wording, company.currency, project.ledger.digest, scenario_sentences(matches))


def why_not(project: Project, entity_id: str, as_of: datetime | None, names: list[str]) -> InputError:
    """The error for an entity that was not open at a moment: whether its id, or the date, is wrong."""
    if as_of is None:
        return InputError(f"{entity_id}: no deal, account or lead whose outcome is open in this cross-section; is the id right?")
    for name in names:
        try:
            spells = View.of(project.ledger, load_model(project.folder, name), None, project.query_settings).spells(entity_id)
        except ModelError:
            continue
        if spells:
            return InputError(f"{entity_id}: not at stake at {as_of:%Y-%m-%d %H:%M %Z}; it was {_spells_text(spells)}: give a date within")
    return InputError(f"{entity_id}: no deal, account or lead of this name is on record for {' or '.join(names)}; is the id right?")


def _spells_text(spells: list[tuple[datetime, datetime | None]]) -> str:
    ends = [f"from {since:%Y-%m-%d %H:%M} " + (f"to {until:%Y-%m-%d %H:%M}" if until else "on") for since, until in spells]
    return ", and ".join(ends)
