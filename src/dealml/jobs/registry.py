"""The MLflow store of a project."""

from __future__ import annotations

from dealml.errors import ModelError
from dealml.project import Project
from dealml.tracking import Registry, has_store, no_champion


def registry_of(project: Project) -> Registry:
    """The project's MLflow store."""
    return Registry(project.tracking_uri, project.folder / "mlartifacts")


def registry_to_read(project: Project, name: str) -> Registry:
    """The project's MLflow store, which is not made where it is only read.

    Raises
    ------
    ModelError
        When nothing was trained yet.
    """
    if not has_store(project.tracking_uri):
        raise ModelError(no_champion(name))
    return registry_of(project)
