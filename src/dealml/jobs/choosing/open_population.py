"""What is open, with what qualification reads of it: features, scenarios, and the probability of the served model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import InputError, ModelError
from dealml.features.definition import Feature
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import population_of
from dealml.jobs.scoring.served_models import ServedModels, load_served_models, require_same_source
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import load_model, load_scenarios
from dealml.project import Project
from dealml.qualification.definition import FILE, QualificationTest
from dealml.scenarios.definition import WinScenarios
from dealml.scenarios.matching import matched_table
from dealml.scenarios.mined import MinedScenarios
from dealml.scenarios.store import latest_scenarios
from dealml.scoring.score import ServedModel

Floats = npt.NDArray[np.float64]
COUNTS = ("winning_scenarios", "losing_scenarios")
"""The columns that count the scenarios that match."""


@dataclass(frozen=True, eq=False)
class OpenPopulation:
    """Open deals or leads at a moment."""

    kind: str
    """deal or lead."""
    view: View
    table: pd.DataFrame
    """A row for each, with the features of the model and `COUNTS`."""
    probability: Floats
    """Array (n,): that of the model's longest horizon; NaN where no model is served."""
    served: ServedModel | None
    notes: tuple[str, ...]

    @property
    def spec(self) -> Model:
        """The specification of the model."""
        return self.view.spec

    @property
    def usual(self) -> float:
        """The mean probability of what is open; NaN where there is none."""
        return float(np.mean(self.probability)) if len(self.probability) else np.nan

    @property
    def horizon(self) -> int | None:
        """The days within which the outcome is predicted; None without a model, or without dates."""
        return None if self.served is None or self.view.cross_section else self.served.fitted.horizons[-1]


def open_population(
    project: Project, name: str, tests: tuple[QualificationTest, ...], as_of: datetime | None, progress: Progress = silent
) -> OpenPopulation:
    """What is open at a moment.

    Parameters
    ----------
    name
        The model whose entities are at stake.
    tests
        The tests whose features are read.

    Raises
    ------
    InputError
        When a test reads a feature that the model does not have.
    ModelError
        When the ledger cannot tell the model's outcome.
    """
    scenarios = load_scenarios(project.folder)
    spec = specification(project, name, tests, scenarios)
    models, notes = _served(project, name)
    view = View.of(
        project.ledger, spec, as_of, project.query_settings, needs_outcome=False, served=models.fitted if models else (), learns=False
    )
    if models:
        require_same_source(models.main, view.cross_section)
        population = population_of(view, models, progress=progress)
        table, notes = population.table, [*notes, *population.notes]
    else:
        table = view.at_stake(lambda done, of: progress(f"open {spec.entity}", done, of))
    served = models.main if models else None
    stored = latest_scenarios(project.folder, view.end)
    if stored is None:
        notes.append("no scenarios are stored for this moment, so none is matched; run dealml scenarios")
    table = with_scenarios(table, spec, scenarios, stored.mined if stored else None)
    kind = {"deal_id": "deal", "lead_id": "lead"}[spec.entity]
    return OpenPopulation(kind, view, table, probabilities(served, table), served, tuple(dict.fromkeys(notes)))


def specification(project: Project, name: str, tests: tuple[QualificationTest, ...], scenarios: WinScenarios | None) -> Model:
    """A model's specification whose views also answer what scenarios combine.

    Raises
    ------
    InputError
        When a test reads a feature that the model does not have.
    """
    spec = load_model(project.folder, name)
    if spec.entity not in ("deal_id", "lead_id"):
        raise InputError(f"{project.folder / FILE}: {name} is no model of deals or leads")
    names = {feature.name for feature in spec.all_features} | set(COUNTS)
    for test in tests:
        if unknown := [feature for feature in test.features if feature not in names]:
            raise InputError(f"{project.folder / FILE}: the test {test.name!r} reads {unknown[0]!r}, which {name} does not have")
    return replace(spec, features=(*spec.features, *_of_scenarios(spec, scenarios)))


def with_scenarios(table: pd.DataFrame, spec: Model, scenarios: WinScenarios | None, mined: MinedScenarios | None) -> pd.DataFrame:
    """A table with the number of winning and losing scenarios that match each row; NaN where none are mined."""
    if scenarios is None or mined is None:
        return table.assign(**dict.fromkeys(COUNTS, np.nan))
    matched = matched_table(table, scenarios, mined.all, of_leads=spec.entity == "lead_id")
    sure = [[match.scenario.wins for match in matches if not match.unknown] for matches in matched]
    winning, losing = (np.array([wins.count(wanted) for wins in sure], float) for wanted in (True, False))
    return table.assign(winning_scenarios=winning, losing_scenarios=losing)


def probabilities(served: ServedModel | None, table: pd.DataFrame) -> Floats:
    """The served probability of each row within the model's longest horizon; NaN without a model."""
    if served is None or table.empty:
        return np.full(len(table), np.nan)
    return served.fitted.probabilities(table, served.fitted.horizons[-1:])[:, 0]


def _of_scenarios(spec: Model, scenarios: WinScenarios | None) -> tuple[Feature, ...]:
    if scenarios is None:
        return ()
    return tuple(scenarios.of_leads.values()) if spec.entity == "lead_id" else scenarios.features  # type: ignore[return-value]


def _served(project: Project, name: str) -> tuple[ServedModels | None, list[str]]:
    try:
        return load_served_models(project, name), []
    except ModelError as error:
        return None, [f"the probability is unknown, and the tests alone count: {error}"]
