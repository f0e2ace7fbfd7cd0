"""The served model of losing that completes one of winning."""

from __future__ import annotations

from dataclasses import replace

from dealml.errors import ModelError
from dealml.jobs.scoring.score import served
from dealml.learning.spec import Model
from dealml.load_definitions import completing_model, load_model
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


def with_features_of(project: Project, spec: Model, other: str | None) -> Model:
    """A specification whose views hold the features of another model too, where there is one."""
    return spec if other is None else replace(spec, features=(*spec.features, *load_model(project.folder, other).features))
