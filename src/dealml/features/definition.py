"""How a feature is declared: one aggregate over known facts, or a formula over other features."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import ibis.expr.types as ir

from dealml.errors import InputError

Sign = Literal["+", "-", ""]
Empty = float | int | str | None


@dataclass(frozen=True)
class Feature:
    """One column of the feature table, and what an analyst needs to know of it."""

    name: str
    subject: str
    """The name of its file: champion, activity …"""
    meaning: str
    """The first line of its docstring, in business words."""
    expression: Callable[..., ir.Value]
    entity: str | None
    """Whose facts it sums up: deal_id, account_id, lead_id, or a text feature; None for a formula."""
    facts: str | None
    """The facts that it sums up; None for a formula."""
    needs: tuple[str, ...]
    """The features that a formula is made of."""
    unit: str
    empty: Empty
    """Its value where there are no facts; None is unknown."""
    expect: Sign
    """Whether a salesperson would expect more of it to help (+) or to hurt (-)."""
    actionable: bool
    """Whether a person can do something about it."""
    served: bool
    """Whether models see it; a stepping stone for other features is not served."""
    value: str = ""
    """Of a family: the value that it is about, as people read it."""


def per(
    entity: str, facts: str, *, unit: str = "", empty: Empty = None, expect: Sign = "", actionable: bool = False, served: bool = True
) -> Callable[[Callable[..., Any]], Feature]:
    """Declare a feature: an aggregate over the `facts` that each `entity` had on record.

    The function is handed the known facts, and nothing else: it sees a fact's own columns, `days_ago`
    (negative for what is planned ahead), for a column `c` that is a time `c_in_days`, and `latest`.

    Parameters
    ----------
    entity
        `deal_id`, `account_id`, `lead_id`, or the name of a text feature such as `segment`: then the facts are the
        company's record with all deals of that segment.
    facts
        A fact table of the ledger, or a source derived from it (`dealml.features.derived_facts`).
    unit, empty, expect, actionable, served
        See `Feature`.
    """

    def declare(function: Callable[..., Any]) -> Feature:
        return _feature(function, entity, facts, (), unit, empty, expect, actionable, served)

    return declare


def formula(
    *, unit: str = "", empty: Empty = None, expect: Sign = "", actionable: bool = False, served: bool = True
) -> Callable[[Callable[..., Any]], Feature]:
    """Declare a feature that is computed from other features of the same snapshot.

    The function's parameters name the features it needs; `clock` is the snapshot's calendar.
    """

    def declare(function: Callable[..., Any]) -> Feature:
        needs = tuple(inspect.signature(function).parameters)
        return _feature(function, None, None, needs, unit, empty, expect, actionable, served)

    return declare


def _feature(
    function: Callable[..., Any],
    entity: str | None,
    facts: str | None,
    needs: tuple[str, ...],
    unit: str,
    empty: Empty,
    expect: Sign,
    actionable: bool,
    served: bool,
) -> Feature:
    meaning = (inspect.getdoc(function) or "").split("\n")[0].strip()
    if not meaning:
        raise InputError(f"features: {function.__name__} needs a docstring: its first line is what people will read")
    subject = function.__module__.rpartition(".")[2]
    return Feature(function.__name__, subject, meaning, function, entity, facts, needs, unit, empty, expect, actionable, served)


def features_in(*parts: object) -> tuple[Feature, ...]:
    """The features that modules declare, in their order in the file; single features are taken as they are."""
    declared = [value for part in parts for value in (vars(part).values() if isinstance(part, ModuleType) else [part])]
    features = [value for value in declared if isinstance(value, Feature)]
    unique = list(dict.fromkeys(features))
    names = [feature.name for feature in unique]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"features: {twice[0]} is declared twice")
    return tuple(unique)
