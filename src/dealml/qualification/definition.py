"""The definition of qualification: five tests, what speaks for and against each, and what to ask where a fact is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.errors import InputError
from dealml.learning.value_condition import Flags, holds, require_condition

FILE = "models/qualification.py"


@dataclass(frozen=True)
class Sign:
    """What speaks for a deal or against it, where a feature is one of some texts, or a number within bounds.

    Parameters
    ----------
    words
        What the sign says, as a person would.
    feature
        The name of a feature; `winning_scenarios` and `losing_scenarios` count the scenarios that match.
    one_of
        Texts of which the feature must be one.
    at_least, at_most
        Bounds of a number, both included.
    """

    words: str
    feature: str
    one_of: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        """Refuse a sign without a condition, or with two kinds of it."""
        require_condition(self)


@dataclass(frozen=True)
class Question:
    """What to ask where a feature is not on record.

    Parameters
    ----------
    feature
        The name of a feature.
    words
        The question.
    unknown
        Values that stand for no record too: 0 of what is counted, or a text such as "Unknown". A missing value always does.
    """

    feature: str
    words: str
    unknown: tuple[str | float, ...] = ()

    def is_unknown(self, column: pd.Series) -> Flags:
        """For which values of the feature there is no record."""
        missing = column.isna()
        return np.asarray(missing | column.isin(self.unknown) if self.unknown else missing, dtype=np.bool_)


@dataclass(frozen=True)
class QualificationTest:
    """One test of a deal or a lead.

    It is passed where enough signs speak for it and no more against it, failed where more speak against it than for it, and unknown
    otherwise.

    Parameters
    ----------
    name
        A short name.
    title
        What passes.
    speaks_for, speaks_against
        The signs. None of them holds where its feature is not on record.
    questions
        What to ask for each feature that may be unknown.
    refusal
        The reason in an honest "no" to the buyer, where the test is failed.
    """

    name: str
    title: str
    speaks_for: tuple[Sign, ...]
    speaks_against: tuple[Sign, ...]
    questions: tuple[Question, ...]
    refusal: str = ""

    def __post_init__(self) -> None:
        """Refuse a test without a rule, and two questions for the same feature."""
        if not (self.speaks_for and self.speaks_against):
            raise InputError(f"the test {self.name!r} has no rule that {'fails' if self.speaks_for else 'passes'} it")
        names = [question.feature for question in self.questions]
        if len(set(names)) < len(names):
            raise InputError(f"the test {self.name!r} has two questions for the same feature")

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Those for and against."""
        return self.speaks_for + self.speaks_against

    @property
    def features(self) -> tuple[str, ...]:
        """The names of all features that it reads."""
        return tuple(dict.fromkeys([sign.feature for sign in self.signs] + [question.feature for question in self.questions]))

    def holds(self, sign: Sign, table: pd.DataFrame) -> Flags:
        """For which rows a sign holds: never where its feature is not on record."""
        if sign.feature not in table:
            return np.zeros(len(table), np.bool_)
        flags = holds(sign, table, FILE)
        for question in self.questions:
            if question.feature == sign.feature:
                flags = flags & ~question.is_unknown(table[sign.feature])
        return flags


@dataclass(frozen=True)
class Qualification:
    """The tests of deals and of leads: `models/qualification.py` has one as `QUALIFICATION`.

    Parameters
    ----------
    deals, leads
        The tests; without those of leads no lead is qualified.
    deal_model, lead_model
        The models whose features the tests read, and whose probability counts.

    Raises
    ------
    InputError
        When two tests have the same name, or there is none.
    """

    deals: tuple[QualificationTest, ...]
    leads: tuple[QualificationTest, ...] = ()
    deal_model: str = "deal_win"
    lead_model: str = "lead_conversion"

    def __post_init__(self) -> None:
        """Refuse tests of the same name."""
        if not self.deals:
            raise InputError("no test of deals")
        for tests in (self.deals, self.leads):
            names = [test.name for test in tests]
            if twice := [name for name in names if names.count(name) > 1]:
                raise InputError(f"two tests are called {twice[0]!r}")

    @property
    def test_names(self) -> tuple[str, ...]:
        """Of deals and leads, each once."""
        return tuple(dict.fromkeys(test.name for test in self.deals + self.leads))
