"""Served models: load a registered version, open the ledger for it, and note what a reader of its scores should know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dealml.errors import ModelError
from dealml.formatting import day
from dealml.jobs.absent import MissingPiece
from dealml.jobs.registry import registry_to_read
from dealml.learning.fitted import FittedModel
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import completing_model
from dealml.project import Project
from dealml.scoring.score import ServedModel
from dealml.tracking import Registry

BASELINE = "base_rate"
RATES = {BASELINE: "the base rate", "shrunken_rates": "the rate of its stage and segment"}
"""What a rung is that tells hardly anything apart."""


def load_served(project: Project, name: str, version: int | None = None) -> ServedModel:
    """The champion of a model, or a version by number.

    Raises
    ------
    ModelError
        When there is no such model, version or champion.
    """
    return _load(registry_to_read(project, name), name, version)


@dataclass(frozen=True)
class ServedModels:
    """The versions that serve a scoring population."""

    main: ServedModel
    loss: ServedModel | None
    """The champion of the loss model that completes the main one."""
    why_no_loss: str
    """Why there is no loss model; empty where there is one."""
    earlier: ServedModel | MissingPiece
    """The version that scores an earlier moment; the main one unless another was requested."""

    @property
    def fitted(self) -> list[FittedModel]:
        """Those that there are."""
        return [served.fitted for served in (self.main, self.loss, self.earlier) if isinstance(served, ServedModel)]


def load_served_models(project: Project, name: str, version: int | None = None, version_before: int | None = None) -> ServedModels:
    """Load every version that scores a model's population.

    Raises
    ------
    ModelError
        When there is no such model, version or champion.
    """
    registry = registry_to_read(project, name)
    main = _load(registry, name, version)
    loss, why_no_loss = _loss(registry, completing_model(project.folder, name), name)
    return ServedModels(main, loss, why_no_loss, main if version_before is None else _earlier(registry, main, version_before))


def _load(registry: Registry, name: str, version: int | None) -> ServedModel:
    registered = registry.champion(name) if version is None else registry.version(name, version)
    return ServedModel(registry.load(registered), registered.version, registered.digest)


def _loss(registry: Registry, completing: str | None, name: str) -> tuple[ServedModel | None, str]:
    if completing is None:
        return None, f"no model of the project completes {name}"
    try:
        return _load(registry, completing, None), ""
    except ModelError as error:
        return None, str(error)


def _earlier(registry: Registry, main: ServedModel, version: int) -> ServedModel | MissingPiece:
    try:
        earlier = _load(registry, main.fitted.name, version)
        require_same_source(earlier, main.fitted.cross_section)
    except ModelError as error:
        return MissingPiece(str(error))
    return earlier


def view_for(served: ServedModel, project: Project, spec: Model, as_of: datetime | None, learns: bool = False) -> View:
    """The ledger as of a moment, for a model that learned from the same kind of source.

    Parameters
    ----------
    learns
        Whether the same recipe learns from it too.

    Raises
    ------
    ModelError
        When one of them is a cross-section and the other has dates.
    """
    view = View.of(project.ledger, spec, as_of, project.query_settings, served=[served.fitted], learns=learns)
    require_same_source(served, view.cross_section)
    return view


def require_same_source(served: ServedModel, cross_section: bool) -> None:
    """Refuse a model that learned from another kind of source.

    Raises
    ------
    ModelError
        When one of them is a cross-section and the other has dates.
    """
    if cross_section != served.fitted.cross_section:
        learned, given = ("a cross-section", "has dates") if served.fitted.cross_section else ("dated facts", "is a cross-section")
        raise ModelError(f"{served.fitted.name}: version {served.version} learned from {learned}, and this ledger {given}; train again")


def notes_for_scores(served: ServedModel, view: View) -> tuple[str, ...]:
    """Notes for a reader of the scores that a served model gives a view."""
    notes = []
    if view.cross_section:
        notes.append("a cross-section, which has no dates: the horizon of these scores is nominal")
    if view.outcome.condition:
        notes.append(f"a probability on a condition: {view.outcome.outcome_name}, {view.outcome.condition}")
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
    return (*notes, *notes_for_rate(served.fitted))


def notes_for_rate(fitted: FittedModel) -> tuple[str, ...]:
    """What a reader should know of a version that serves a rate, and why it does; nothing of one that serves what was learned."""
    rate, why = RATES.get(fitted.rung.name), fitted.fallback_reason
    if rate is None or not (why or fitted.rung.name == BASELINE):
        return ()
    if not fitted.held_out:
        return (f"too few outcomes to learn from: every score is {rate}",)
    return (f"every score is {rate}: on held-out rows what was learned {why or 'did not beat it'} (what to do: docs/verdicts.md)",)
