"""Which values of each family have features: chosen at each origin, or those of trained models."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import ibis.expr.types as ir
import numpy as np
from ibis.backends.duckdb import Backend

from dealml.features.definition import Feature
from dealml.features.derived_facts import tables_needed
from dealml.features.families.definition import Family, Values
from dealml.features.families.most_frequent import lists_by_step
from dealml.moments import as_utc64

Lists = Mapping[str, Values]
"""By the name of a family its list of values."""


@dataclass(frozen=True)
class ChosenValues:
    """The lists of one family."""

    family: Family
    by_moment: tuple[tuple[np.datetime64, Values], ...] = ()
    """The list as of each moment, in their order; empty where none was chosen."""
    trained: tuple[Values, ...] = ()
    """The lists of trained models."""

    def at(self, moment: np.datetime64) -> Values:
        """The list as of the last of the moments that are not later; empty before the first."""
        return next((values for since, values in reversed(self.by_moment) if since <= moment), ())

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """A feature for each value that is in any list; what is in no list is told of the last one and of those of trained models."""
        lists = [*(values for _, values in reversed(self.by_moment)), *self.trained]
        complete = [*lists[:1], *self.trained] if self.by_moment else self.trained
        return tuple(self.family.features((value for values in lists for value in values), complete))


@dataclass(frozen=True)
class FamilyChoices:
    """The lists of all families of a view."""

    chosen: tuple[ChosenValues, ...] = ()
    absent: dict[str, str] = field(default_factory=dict)
    """Families that go away, each with the reason."""

    @classmethod
    def of(
        cls,
        con: Backend,
        tables: Mapping[str, ir.Table],
        families: Sequence[Family],
        end: datetime,
        trained: Iterable[Lists] = (),
        chooses: bool = True,
    ) -> FamilyChoices:
        """Choose values among what was on record before a moment, and add those of trained models.

        Parameters
        ----------
        chooses
            Whether to choose any, or to take those of trained models alone.
        """
        lists, missing, chosen = list(trained), dict[str, str](), list[ChosenValues]()
        for family in families:
            if lacking := [name for name in tables_needed(family.facts) if name not in tables]:
                missing[family.name] = f"no {lacking[0]} in the ledger"
                continue
            by_moment = lists_by_step(con, tables, family, end) if chooses else {}
            theirs = dict.fromkeys(model_lists[family.name] for model_lists in lists if family.name in model_lists)
            chosen.append(ChosenValues(family, tuple((as_utc64(at), values) for at, values in by_moment.items()), tuple(theirs)))
        return cls(tuple(chosen), missing)

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features of all families."""
        return tuple(feature for values in self.chosen for feature in values.features)

    def features_of(self, names: Container[str]) -> Iterator[str]:
        """The names of all features of some families, whatever the values are."""
        return (feature.name for values in self.chosen if values.family.name in names for feature in values.features)

    def left_out(self, names: Iterable[str]) -> list[str]:
        """Those of some features that are of no family."""
        families = frozenset(feature.name for feature in self.features)
        return [name for name in names if name not in families]

    def lists_at(self, moment: np.datetime64) -> dict[str, Values]:
        """What a model that is trained at a moment keeps: the list of each family."""
        return {values.family.name: values.at(moment) for values in self.chosen if values.at(moment)}

    def visible(self, names: Sequence[str], moment: np.datetime64) -> list[str]:
        """Those of some features that a model has which is trained at a moment: of values that are frequent later only it has none."""
        if not self.chosen:
            return list(names)
        seen = frozenset[str]().union(*(values.family.names(values.at(moment)) for values in self.chosen))
        families = frozenset(feature.name for feature in self.features)
        return [name for name in names if name not in families or name in seen]
