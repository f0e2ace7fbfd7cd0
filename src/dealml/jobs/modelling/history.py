"""The history that a model learns from and is measured on."""

from __future__ import annotations

from datetime import datetime

from dealml.errors import ModelError
from dealml.jobs.progress import Progress, within
from dealml.learning.spec import Model
from dealml.learning.training_rows import Rows
from dealml.learning.view import View
from dealml.project import Project


def labelled_history(project: Project, spec: Model, as_of: datetime | None, progress: Progress) -> tuple[View, Rows]:
    """The ledger as known before a moment (default: the end of the data), and its labelled rows.

    Raises
    ------
    ModelError
        When no outcome was settled by then.
    """
    view = View.of(project.ledger, spec, as_of, project.limits)
    rows = view.labelled(view.history(within(progress, "features")))
    if not len(rows):
        raise ModelError(f"{spec.name}: no outcome was settled before {view.end:%Y-%m-%d}; import more history or choose a later date")
    return view, rows
