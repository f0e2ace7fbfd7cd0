"""What the flows' parameters mean: a project's folder, models by name and files as texts."""

from pathlib import Path

from dealml.flows import models_of, models_with_facts, models_with_pages

HERE = str(Path(__file__).parents[1])
"""The project that these flows belong to, wherever a worker runs them."""


def chosen(project: str, models: list[str] | None) -> list[str]:
    """The models named, or all of the project whose outcome the ledger can tell."""
    return models or models_with_facts(project, models_of(project))


def with_pages(project: str, models: list[str] | None) -> list[str]:
    """The models named, or all of these that have a review page."""
    return models or models_with_facts(project, models_with_pages(project))


def file_in(project: str, folder: str, name: str) -> Path:
    """A file to write, in a folder that is made; a relative folder is in the project."""
    path = Path(project) / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
