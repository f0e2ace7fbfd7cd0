"""ServedModel models: load a registered version, open the ledger for it, and note what a reader of its scores should know."""

from __future__ import annotations

from datetime import datetime

from dealml.errors import ModelError
from dealml.formatting import day
from dealml.jobs.registry import registry_to_read
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import completing_model
from dealml.project import Project
from dealml.scoring.score import ServedModel


def load_served(project: Project, name: str, version: int | None = None) -> ServedModel:
    """The champion of a model, or a version by number.

    Raises
    ------
    ModelError
        When there is no such model, version or champion.
    """
    registry = registry_to_read(project, name)
    registered = registry.champion(name) if version is None else registry.version(name, version)
    return ServedModel(registry.load(registered), registered.version, registered.digest)


def load_served_loss(project: Project, name: str) -> tuple[ServedModel | None, str]:
    """The champion of the loss model that completes a win model.

    Returns
    -------
    tuple
        The loss model and an empty text, or None and the reason.
    """
    completing = completing_model(project.folder, name)
    if completing is None:
        return None, f"no model of the project completes {name}"
    try:
        return load_served(project, completing), ""
    except ModelError as error:
        return None, str(error)


def view_for(served: ServedModel, project: Project, spec: Model, as_of: datetime | None) -> View:
    """The ledger as of a moment, for a model that learned from the same kind of source.

    Raises
    ------
    ModelError
        When one of them is a cross-section and the other has dates.
    """
    view = View.of(project.ledger, spec, as_of, project.limits)
    if view.cross_section != served.fitted.cross_section:
        learned, given = ("a cross-section", "has dates") if served.fitted.cross_section else ("dated facts", "is a cross-section")
        raise ModelError(f"{spec.name}: version {served.version} learned from {learned}, and this ledger {given}; train again")
    return view


def notes_for_scores(served: ServedModel, view: View) -> tuple[str, ...]:
    """Notes for a reader of the scores that a served model gives a view."""
    notes = []
    if view.cross_section:
        notes.append("a cross-section, which has no dates: the horizon of these scores is nominal")
    if view.outcome.condition:
        notes.append(f"a probability on a condition: {view.outcome.word}, {view.outcome.condition}")
    return (*notes, *notes_for_version(served, view.end))


def notes_for_version(served: ServedModel, as_of: datetime) -> tuple[str, ...]:
    """Notes for a reader of a version's scores as of a moment."""
    notes = []
    trained = datetime.fromisoformat(served.fitted.trained_through)
    if trained > as_of:
        notes.append(
            f"the model was trained on what was recorded through {day(trained)}, after the moment of these scores: "
            "they are not what one would have seen then"
        )
    if served.fitted.rung.name == "base_rate":
        notes.append("too few outcomes to learn from: every score is the base rate")
    return tuple(notes)
