"""The MLflow store of a project."""

from __future__ import annotations

from pathlib import Path

from dealml.errors import ModelError
from dealml.project import Project
from dealml.tracking import Registry, no_champion


def has_store(uri: str) -> bool:
    """Whether there is a store to read; one in a file is made by the first training."""
    file = uri.removeprefix("sqlite:///")
    return file == uri or Path(file).is_file()


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
