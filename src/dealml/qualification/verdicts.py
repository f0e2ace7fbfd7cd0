"""What is shown of each deal or lead: its advice, the verdict of each test with its evidence, and what would bring it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dealml.qualification.advice import Advice
from dealml.qualification.definition import QualificationTest
from dealml.qualification.questions import ValuedQuestion
from dealml.qualification.tested import FAILED, PASSED, STATES, State, TestedRows, TestedTable


@dataclass(frozen=True)
class TestVerdict:
    """One test of a deal or a lead, with its evidence."""

    __test__ = False  # pytest: no test case

    test: str
    title: str
    state: State
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    unknown: tuple[str, ...]
    """What to ask: a question for each feature that is not on record."""


@dataclass(frozen=True)
class QualifiedEntity:
    """An open deal or lead with its advice, which is advisory."""

    kind: str
    """deal or lead."""
    id: str
    name: str | None
    account: str | None
    stage: str | None
    amount: float | None
    """In the project's currency; None where it is not on record."""
    advice: Advice
    probability: float | None
    """None where there is no model."""
    ratio: float | None
    """The probability as a multiple of the usual one."""
    verdicts: tuple[TestVerdict, ...]
    questions: tuple[ValuedQuestion, ...]
    """What to ask next: what would move the decision most first."""
    comes_back: tuple[str, ...]
    """What it must show to be pursued; empty where it is."""
    refusal: str
    """The draft of an honest "no"; empty where it is not declined. It is never sent."""

    @property
    def passed(self) -> int:
        """How many tests it passed."""
        return sum(verdict.state == "passed" for verdict in self.verdicts)

    @property
    def failed(self) -> int:
        """How many tests it failed."""
        return sum(verdict.state == "failed" for verdict in self.verdicts)


def verdicts_of(tested: TestedTable, row: int) -> tuple[TestVerdict, ...]:
    """The verdict of each test of a row."""
    return tuple(_verdict(rows, row) for rows in tested.tests)


def comes_back(tested: TestedTable, row: int) -> tuple[str, ...]:
    """What a row must show: for each test that is not passed, the signs that do not yet speak for it."""
    lines = []
    for rows in tested.tests:
        if rows.codes[row] != PASSED:
            missing = [sign.words for sign, holds in zip(rows.test.speaks_for, rows.holds_for[row], strict=True) if not holds]
            lines.append(f"{rows.test.title.lower()}: {', or '.join(missing) or 'what speaks against it is settled'}")
    return tuple(lines)


def failed_tests(tested: TestedTable, row: int) -> Sequence[QualificationTest]:
    """The tests that a row failed."""
    return [rows.test for rows in tested.tests if rows.codes[row] == FAILED]


def _verdict(rows: TestedRows, row: int) -> TestVerdict:
    return TestVerdict(
        rows.test.name,
        rows.test.title,
        STATES[int(rows.codes[row])],
        tuple(sign.words for sign in rows.signs_for(row)),
        tuple(sign.words for sign in rows.signs_against(row)),
        tuple(question.words for question in rows.questions(row)),
    )
