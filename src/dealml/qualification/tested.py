"""The tests of many deals or leads at once: what speaks for and against each, and what is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.value_condition import Flags
from dealml.qualification.definition import QualificationTest, Question, Sign

PASSED, UNKNOWN, FAILED = 1, 0, -1
State = Literal["passed", "unknown", "failed"]
STATES: dict[int, State] = {PASSED: "passed", UNKNOWN: "unknown", FAILED: "failed"}
Codes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class TestedRows:
    """One test of n rows."""

    __test__ = False  # pytest: no test case

    test: QualificationTest
    holds_for: Flags
    """Array (n, signs): which signs for it hold."""
    holds_against: Flags
    unknown: Flags
    """Array (n, questions): whose feature is not on record."""
    codes: Codes
    """Array (n,): `PASSED`, `UNKNOWN` or `FAILED`."""

    @classmethod
    def of(cls, test: QualificationTest, table: pd.DataFrame, needed: int) -> TestedRows:
        """Test the rows of a feature table.

        Parameters
        ----------
        needed
            How many signs must speak for it to pass.
        """
        pro, contra = _flags(test, test.speaks_for, table), _flags(test, test.speaks_against, table)
        unknown = [
            question.is_unknown(table[question.feature]) if question.feature in table else np.ones(len(table), np.bool_)
            for question in test.questions
        ]
        count_for, count_against = pro.sum(axis=1), contra.sum(axis=1)
        passed = (count_for >= needed) & (count_for >= count_against)
        codes = np.where(passed, PASSED, np.where(count_against > count_for, FAILED, UNKNOWN)).astype(np.int8)
        return cls(test, pro, contra, np.column_stack([*unknown, np.zeros((len(table), 0), np.bool_)]), codes)

    def part(self, which: slice) -> TestedRows:
        """Some of the rows."""
        return TestedRows(self.test, self.holds_for[which], self.holds_against[which], self.unknown[which], self.codes[which])

    def signs_for(self, row: int) -> list[Sign]:
        """What speaks for a row."""
        return [self.test.speaks_for[number] for number in np.flatnonzero(self.holds_for[row])]

    def signs_against(self, row: int) -> list[Sign]:
        """What speaks against a row."""
        return [self.test.speaks_against[number] for number in np.flatnonzero(self.holds_against[row])]

    def questions(self, row: int) -> list[Question]:
        """What is not on record of a row."""
        return [self.test.questions[number] for number in np.flatnonzero(self.unknown[row])]


@dataclass(frozen=True)
class TestedTable:
    """All tests of n rows."""

    __test__ = False  # pytest: no test case

    tests: tuple[TestedRows, ...]

    @classmethod
    def of(cls, tests: Sequence[QualificationTest], table: pd.DataFrame, needed: Mapping[str, int]) -> TestedTable:
        """Test the rows of a feature table.

        Parameters
        ----------
        needed
            By test, how many signs must speak for it to pass; 1 where it is not named.
        """
        return cls(tuple(TestedRows.of(test, table, needed.get(test.name, 1)) for test in tests))

    def part(self, which: slice) -> TestedTable:
        """Some of the rows."""
        return TestedTable(tuple(rows.part(which) for rows in self.tests))

    @cached_property
    def passed(self) -> npt.NDArray[np.int64]:
        """Array (n,): how many tests each row passed."""
        return np.asarray(np.sum([rows.codes == PASSED for rows in self.tests], axis=0), np.int64)

    @cached_property
    def failed(self) -> npt.NDArray[np.int64]:
        """Array (n,): how many tests each row failed."""
        return np.asarray(np.sum([rows.codes == FAILED for rows in self.tests], axis=0), np.int64)


def _flags(test: QualificationTest, signs: Sequence[Sign], table: pd.DataFrame) -> Flags:
    return np.column_stack([test.holds(sign, table) for sign in signs])
