"""What is at stake at a moment, and how it stood at an earlier one, with features: computed once for all that is told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import pandas as pd

from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.time_to_close import curves_of
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.scoring.served_models import load_served, load_served_loss, view_for
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.scoring.score import ServedModel, require_features


@dataclass(frozen=True, eq=False)
class EarlierPopulation:
    """What was at stake at an earlier moment, with the features of both models."""

    at: datetime
    before: pd.DataFrame
    """As it was known then."""
    aged: pd.DataFrame
    """The same facts as they look from the later moment: only time has passed."""


@dataclass(frozen=True, eq=False)
class ScoringPopulation:
    """Open deals or active accounts as a served model sees them, and as the one that completes it does."""

    chosen: ServedModel
    loss: ServedModel | None
    why_no_loss: str
    """Why nothing is told of losing; empty where it is."""
    view: View
    table: pd.DataFrame
    """A row for each, with the features of both models."""
    earlier: EarlierPopulation | None = None
    """Where an earlier moment was asked for."""

    @cached_property
    def curves(self) -> IncidenceCurves:
        """When each ends, and how; worked out once.

        Raises
        ------
        ModelError
            When the ledger lacks what one of the models learned from.
        """
        return served_curves(self.table, self.chosen, self.loss)


def served_curves(table: pd.DataFrame, win: ServedModel, loss: ServedModel | None) -> IncidenceCurves:
    """When deals end, and how, as served models say.

    Raises
    ------
    ModelError
        When a table lacks what one of the models learned from.
    """
    for one in (win, loss):
        if one:
            require_features(table, one)
    return curves_of(table, win.fitted, loss.fitted if loss else None)


def scoring_population(
    project: Project,
    name: str,
    as_of: datetime | None,
    version: int | None = None,
    progress: Progress = silent,
    since: datetime | None = None,
) -> ScoringPopulation:
    """Compute it.

    Parameters
    ----------
    since
        An earlier moment, to look at too.

    Raises
    ------
    InputError, ModelError
        When the ledger is empty or of another kind than the model learned from, or there is no such version.
    """
    chosen, (loss, why_not) = load_served(project, name, version), load_served_loss(project, name)
    view = view_for(chosen, project, with_features_of(project, load_model(project.folder, name), loss.fitted.name if loss else None), as_of)
    tell = within(progress, "features")
    if since is None:
        return ScoringPopulation(chosen, loss, why_not, view, view.at_stake(tell))
    before, waited, after = view.seen_twice(since, tell)
    return ScoringPopulation(chosen, loss, why_not, view, after, EarlierPopulation(since, before, waited))


def with_features_of(project: Project, spec: Model, other: str | None) -> Model:
    """A specification whose views hold the features of another model too, where one is named."""
    return spec if other is None else replace(spec, features=(*spec.features, *load_model(project.folder, other).features))
