"""The scoring population at a moment, optionally also at an earlier one, with its feature table; built once for all that uses it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pandas as pd

from dealml.features.definition import Feature
from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.time_to_close import curves_of
from dealml.jobs.absent import MissingPiece
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.scoring.lead_notes import lead_notes
from dealml.jobs.scoring.served_models import ServedModels, load_served_models, notes_for_rate, notes_for_scores, require_same_source
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.scoring.score import ServedModel, require_features


@dataclass(frozen=True, eq=False)
class EarlierPopulation:
    """The scoring population at an earlier moment, with the features of both models."""

    at: datetime
    served: ServedModel | MissingPiece
    """The version that scores it; absent where the requested one cannot be used."""
    before: pd.DataFrame
    """As it was known then."""
    aged: pd.DataFrame
    """The same facts seen from the later moment: only time has passed."""


@dataclass(frozen=True, eq=False)
class ScoringPopulation:
    """Open deals or active accounts at a moment, with the features of a served model and of the loss model that completes it."""

    spec: Model
    served: ServedModel
    loss: ServedModel | None
    why_no_loss: str
    """Why there is no loss model; empty where there is one."""
    features: tuple[Feature, ...]
    """Of the table, those of both models."""
    as_of: datetime
    """The moment; nominal in a cross-section."""
    notes: tuple[str, ...]
    """For a reader of the scores."""
    table: pd.DataFrame
    """A row for each entity."""
    earlier: EarlierPopulation | None = None
    """Where an earlier moment was requested."""

    @cached_property
    def curves(self) -> IncidenceCurves:
        """When each ends, and how; computed once.

        Raises
        ------
        ModelError
            When the ledger lacks what one of the models learned from.
        """
        return served_curves(self.table, self.served, self.loss)


def served_curves(table: pd.DataFrame, win: ServedModel, loss: ServedModel | None) -> IncidenceCurves:
    """When deals end, and how, by the served models.

    Raises
    ------
    ModelError
        When the table lacks what one of the models learned from.
    """
    for model in (win, loss):
        if model:
            require_features(table, model)
    return curves_of(table, win.fitted, loss.fitted if loss else None)


def scoring_population(
    project: Project,
    name: str,
    as_of: datetime | None,
    version: int | None = None,
    progress: Progress = silent,
    since: datetime | None = None,
    version_before: int | None = None,
) -> tuple[View, ScoringPopulation]:
    """Load the served models, open the ledger as of a moment, and compute the features of every open entity.

    Parameters
    ----------
    since
        An earlier moment, to look at too.
    version_before
        The version that scores the earlier moment; default the same.

    Raises
    ------
    InputError, ModelError
        When the ledger is empty or of another kind than the model learned from, or there is no such version.
    """
    models = load_served_models(project, name, version, version_before)
    spec = with_features_of(project.folder, load_model(project.folder, name), models.loss.fitted.name if models.loss else None)
    view = View.of(project.ledger, spec, as_of, project.query_settings, served=models.fitted, learns=False)
    require_same_source(models.main, view.cross_section)
    return view, population_of(view, models, since, progress)


def population_of(view: View, models: ServedModels, since: datetime | None = None, progress: Progress = silent) -> ScoringPopulation:
    """The scoring population of a view, as served models see it; parameters as for `scoring_population`."""
    step = within(progress, "features")
    if since is None:
        table, earlier = view.at_stake(step), None
    else:
        before, aged, table = view.at_stake_then_and_now(since, step)
        earlier = EarlierPopulation(since, models.earlier, before, aged)
    of_loss = () if models.loss is None else tuple(f"{models.loss.fitted.name}: {note}" for note in notes_for_rate(models.loss.fitted))
    notes, features = (*notes_for_scores(models.main, view), *of_loss, *lead_notes(view, len(table))), tuple(view.plan.features)
    return ScoringPopulation(view.spec, models.main, models.loss, models.why_no_loss, features, view.end, notes, table, earlier)


def with_features_of(folder: Path, spec: Model, other: str | None) -> Model:
    """A specification whose views hold the features of another model of a project's folder too, where one is named."""
    return spec if other is None else replace(spec, features=(*spec.features, *load_model(folder, other).features))
