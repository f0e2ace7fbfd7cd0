"""Checks of a project and a model before a job begins: dates, deals, wins."""

from __future__ import annotations

from datetime import datetime

from dealml.as_of.connection import QuerySettings, connect
from dealml.errors import InputError, UsageError
from dealml.learning.data_end import data_end
from dealml.learning.outcomes.of_deals import Won
from dealml.learning.spec import Model
from dealml.ledger.entities import ENTITIES
from dealml.ledger.ledger import Ledger
from dealml.load_definitions import leading_models, load_model
from dealml.project import Project

NO_WINS = "does not say whether deals are won; name a model that does, such as deal_win"


def require_dated(project: Project, purpose: str) -> None:
    """Refuse a project without facts, or without dates.

    Parameters
    ----------
    purpose
        What needs dates, as the second half of the error's sentence.

    Raises
    ------
    InputError
        When the ledger is empty or a cross-section.
    """
    project.ledger.require_facts()
    if project.ledger.is_cross_section:
        raise InputError(f"{project.ledger.folder}: a cross-section, which has no dates; {purpose}")


def load_deal_model(project: Project, name: str, purpose: str) -> Model:
    """The specification of a model of deals.

    Parameters
    ----------
    purpose
        What needs deals, as the second half of the error's sentence.

    Raises
    ------
    UsageError
        When it is a model of something else.
    """
    spec = load_model(project.folder, name)
    if spec.entity != "deal_id":
        raise UsageError(f"--model: {name} is a model of {ENTITIES[spec.entity].plural}; {purpose}")
    return spec


def first_deal_model(project: Project) -> str:
    """The project's first model of deals that completes no other.

    Raises
    ------
    UsageError
        When there is none.
    """
    names = (name for name in leading_models(project.folder) if load_model(project.folder, name).entity == "deal_id")
    if (first := next(names, None)) is None:
        raise UsageError(f"{project.folder / 'models'}: no model of deals")
    return first


def load_win_model(project: Project, name: str) -> Model:
    """The specification of a model that says whether deals are won.

    Raises
    ------
    UsageError
        When it says something else.
    """
    spec = load_model(project.folder, name)
    require_win_model(spec)
    return spec


def require_win_model(spec: Model) -> None:
    """Refuse a model that does not say whether deals are won.

    Raises
    ------
    UsageError
        When it says something else.
    """
    if not says_wins(spec):
        raise UsageError(f"--model: {spec.name} {NO_WINS}")


def says_wins(spec: Model) -> bool:
    """Whether a model says if deals are won."""
    return spec.entity == "deal_id" and isinstance(spec.outcomes[0], Won)


def ledger_end(ledger: Ledger, settings: QuerySettings) -> datetime:
    """Just after the last event on record."""
    return data_end(connect(settings), ledger)
