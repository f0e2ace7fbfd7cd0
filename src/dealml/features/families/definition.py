"""How a family is declared: one definition, one feature for each measure of each frequent value."""

from __future__ import annotations

import functools
import inspect
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import ibis

from dealml.errors import InputError
from dealml.features.definition import Feature
from dealml.features.families.measures import RECENCIES, FamilyMeasure
from dealml.features.families.value_names import Value, label, other_name, safe_name

Values = tuple[Value, ...]
OTHERS = "any other"
"""What is said of values that are in no list."""

COUNTABLE = {
    "lead_touches": ("activity", "channel", "direction", "asset"),
    "activities": ("activity", "channel", "direction", "asset"),
    "milestones": ("milestone",),
    "offers": ("event",),
    "purchases": ("product",),
    "stage_changes": ("text",),
    "stakeholders": ("role",),
    "subscriptions": ("event", "plan"),
    "surveys": ("survey",),
    "tickets": ("event",),
    "usage": ("metric",),
}
"""By facts the columns whose values may have features of their own: none that names a person, a company or a record."""


@dataclass(frozen=True)
class Family:
    """Features that differ in the value of one column or of several together."""

    name: str
    subject: str
    """The name of its file."""
    meaning: str
    """The first line of its docstring, with `{value}` where the value stands."""
    counts: Callable[..., Any]
    """Which facts count at all."""
    entity: str
    facts: str
    of: tuple[str, ...]
    most: int
    measures: tuple[FamilyMeasure, ...]
    unit: str
    actionable: bool

    def features(self, values: Iterable[Value], lists: Iterable[Values]) -> Iterator[Feature]:
        """A feature for each measure of each value, and of what is not in a list, for each list."""
        for value in dict.fromkeys(values):
            yield from self._measured(safe_name(value), label(value), (value,), is_other=False)
        for complete in dict.fromkeys(lists):
            yield from self._measured(other_name(complete), OTHERS, complete, is_other=True)

    def names(self, values: Values) -> frozenset[str]:
        """The names of the features of a list."""
        return frozenset(feature.name for feature in self.features(values, [values]))

    @property
    def pattern(self) -> list[Feature]:
        """Its features as a dictionary shows them, whatever the values are."""
        return list(self._measured("…", "…", (), is_other=False))

    def count_of_others(self, values: Values) -> str:
        """The name of the feature that counts facts whose value is not in a list."""
        return f"{self.name}_{self.measures[0].name}__{other_name(values)}"

    def _measured(self, name: str, shown: str, values: Values, is_other: bool) -> Iterator[Feature]:
        what = self.meaning.rstrip(".").replace("{value}", shown)
        for measure in self.measures:
            yield Feature(
                name=f"{self.name}_{measure.name}__{name}",
                subject=self.subject,
                meaning=measure.meaning.replace("{what}", what),
                expression=Member(self, measure, values, is_other),
                entity=self.entity,
                facts=self.facts,
                needs=(),
                unit=measure.unit or self.unit,
                empty=measure.empty,
                expect=measure.expect,
                actionable=self.actionable,
                served=True,
                value=shown,
            )


@dataclass(frozen=True)
class Member:
    """The expression of one feature of a family."""

    family: Family
    measure: FamilyMeasure
    values: Values
    is_other: bool
    """Whether the facts are those whose value is none of the values."""

    def __call__(self, facts: Any) -> Any:
        """The measure over the facts of the value."""

        def is_value(*columns: Any) -> Any:
            columns = columns or tuple(getattr(facts, name) for name in self.family.of)
            is_any = functools.reduce(operator.or_, [_equal(columns, value) for value in self.values], ibis.literal(value=False))
            return columns[0].notnull() & ~is_any if self.is_other else is_any

        return self.measure.compute(facts, self.family.counts(facts), is_value)


def _equal(columns: Sequence[Any], value: Value) -> Any:
    parts = [
        column.isnull() if text is None else (column == _literal(text)).fill_null(False)
        for column, text in zip(columns, value, strict=True)
    ]
    return functools.reduce(operator.and_, parts)


def _literal(text: str) -> Any:
    """A text that holds no name of a query's table, whatever the value: these have two underscores in a row."""
    return functools.reduce(operator.add, [ibis.literal(part) for part in re.split("(?<=_)(?=_)", text)])


def family(
    entity: str,
    facts: str,
    *,
    of: str | tuple[str, ...],
    most: int = 40,
    measures: tuple[FamilyMeasure, ...] = RECENCIES,
    unit: str = "",
    actionable: bool = False,
) -> Callable[[Callable[..., Any]], Family]:
    """Declare a family: for each of the most frequent values the features that `measures` name.

    The function is handed the known facts, as that of `per` is, and says which of them count; its docstring's first line says what they
    are, with `{value}` where the value stands. Which values there are is settled by count alone, among what was on record when a model
    is trained, and is part of the trained model.

    Parameters
    ----------
    entity, facts, unit, actionable
        As for `per`.
    of
        The column whose values have features, or several columns together.
    most
        How many values at most.
    measures
        What is computed for each value; by default how many there were, how many in 30 days, days since the last, and their share.

    Raises
    ------
    InputError
        When the docstring does not say `{value}`, or a column may name a person or a record.
    """
    columns = (of,) if isinstance(of, str) else of

    def declare(function: Callable[..., Any]) -> Family:
        meaning = (inspect.getdoc(function) or "").split("\n")[0].strip()
        if "{value}" not in meaning:
            raise InputError(
                f"features: {function.__name__} needs a docstring: its first line is what people will read, with {{value}} in it"
            )
        if wrong := [name for name in columns if name not in COUNTABLE.get(facts, ())]:
            there = ", ".join(COUNTABLE.get(facts, ())) or "none"
            raise InputError(
                f"features: {function.__name__}: no family of {facts}.{wrong[0]}; columns whose values may have features: {there}"
            )
        subject = function.__module__.rpartition(".")[2]
        return Family(function.__name__, subject, meaning, function, entity, facts, columns, most, measures, unit, actionable)

    return declare


def families_in(*parts: ModuleType | Feature | Family) -> tuple[Family, ...]:
    """The families that modules declare, in their order in the file; single ones are taken as they are."""
    declared = [value for part in parts for value in (vars(part).values() if isinstance(part, ModuleType) else [part])]
    families = list(dict.fromkeys(value for value in declared if isinstance(value, Family)))
    names = [each.name for each in families]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"features: {twice[0]} is declared twice")
    return tuple(families)
