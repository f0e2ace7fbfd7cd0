"""What is at stake at a moment, with its features: computed once for all that is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from dealml.jobs.losing import losing, with_features_of
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.score import seen_by, served
from dealml.learning.tables import View
from dealml.loading import load_model
from dealml.project import Project
from dealml.scoring.score import Served


@dataclass(frozen=True, eq=False)
class Stake:
    """Open deals or active accounts as a served model sees them, and as the one that completes it does."""

    chosen: Served
    loss: Served | None
    why_no_loss: str
    """Why nothing is told of losing; empty where it is."""
    view: View
    table: pd.DataFrame
    """A row for each, with the features of both models."""


def stake_of(project: Project, name: str, as_of: datetime | None, version: int | None = None, progress: Progress = silent) -> Stake:
    """Compute it.

    Raises
    ------
    InputError, ModelError
        When the ledger is empty or of another kind than the model learned from, or there is no such version.
    """
    chosen, (loss, why_not) = served(project, name, version), losing(project, name)
    view = seen_by(chosen, project, with_features_of(project, load_model(project.folder, name), loss), as_of)
    return Stake(chosen, loss, why_not, view, view.at_stake(within(progress, "features")))
