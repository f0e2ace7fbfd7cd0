"""The served model of losing that completes one of winning."""

from __future__ import annotations

from dealml.errors import ModelError
from dealml.jobs.score import served
from dealml.loading import completing_model
from dealml.project import Project
from dealml.scoring.score import Served


def losing(project: Project, name: str) -> tuple[Served | None, str]:
    """The champion of the model that completes another, or why there is none.

    Returns
    -------
    tuple
        The model and no words, or None and the reason.
    """
    second = completing_model(project.folder, name)
    if second is None:
        return None, f"no model of the project completes {name}"
    try:
        return served(project, second), ""
    except ModelError as error:
        return None, str(error)
