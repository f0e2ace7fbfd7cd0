"""What to ask next of each open deal or lead: the value of each answer, by the served model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.features.definition import Feature
from dealml.features.recompute import recomputed
from dealml.jobs.choosing.open_population import OpenPopulation, probabilities
from dealml.jobs.progress import Progress, silent, within
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.project import Project
from dealml.qualification.answers import Answers, answers_by_stage
from dealml.qualification.definition import QualificationTest, Question
from dealml.qualification.questions import InformationValue, ValuedQuestion, information_value

DAYS = 30
"""When past deals are read, in days after they were opened; as for scenarios."""
MOST_ROWS = 20_000
"""Rows that are scored at once: an answer of a deal each."""
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class OpenQuestion:
    """A question, the rows in which it is open, and what its answer is worth there."""

    question: Question
    rows: Codes
    worth: InformationValue | None
    """A value for each of the rows; None where the model does not see the feature."""


def ask_next(
    project: Project,
    population: OpenPopulation,
    tests: Sequence[QualificationTest],
    rows: Codes,
    break_even: float,
    progress: Progress = silent,
) -> dict[int, tuple[ValuedQuestion, ...]]:
    """The open questions of some rows: what would move the decision most first.

    Parameters
    ----------
    rows
        The rows of the population's table that are wanted.
    break_even
        The probability above which pursuing pays: the cost of pursuing, as a share of the amount.

    Returns
    -------
    dict
        By row.
    """
    table = population.table
    unanswered = [
        (question, rows[question.is_unknown(table[question.feature].iloc[rows]) if question.feature in table else np.ones(len(rows), bool)])
        for question in {question.feature: question for test in tests for question in test.questions}.values()
    ]
    past = _past(project, population, [question for question, open_rows in unanswered if len(open_rows)], progress)
    values = []
    for number, (question, open_rows) in enumerate(unanswered):
        worth = None if past is None else _worth(population, question, open_rows, past, break_even)
        values.append(OpenQuestion(question, open_rows, worth))
        progress("questions", number + 1, len(unanswered))
    return _ordered(population, values, rows)


def _past(project: Project, population: OpenPopulation, questions: Sequence[Question], progress: Progress) -> pd.DataFrame | None:
    """The answers that past deals or leads have on record, and their stage; None where nothing can be valued."""
    if population.served is None:
        return None
    seen, spec = set(population.served.fitted.schema.names), population.spec
    names = [question.feature for question in questions if question.feature in seen and question.feature in population.table]
    if not names:
        return None
    view = View.of(
        project.ledger, only(spec, [*names, spec.stage]), None if population.view.cross_section else population.view.end,
        project.query_settings, needs_outcome=False, learns=False,
    )  # fmt: skip
    step = within(progress, "past answers")
    return view.settled(step) if population.kind == "lead" else view.closed_deals(DAYS, step)


def only(spec: Model, names: Sequence[str]) -> Model:
    """A specification with some of its features, and those that they need."""
    by_name = {feature.name: feature for feature in spec.all_features}
    chosen: dict[str, Feature] = {}
    todo = [name for name in names if name in by_name]
    while todo:
        feature = by_name[todo.pop()]
        chosen[feature.name] = feature
        needed = (*feature.needs, *([feature.entity] if feature.entity else []))
        todo += [name for name in needed if name in by_name and name not in chosen]
    return replace(spec, features=tuple(feature for name, feature in by_name.items() if name in chosen), families=False)


def _worth(population: OpenPopulation, question: Question, rows: Codes, past: pd.DataFrame, break_even: float) -> InformationValue | None:
    """What the answer is worth in each row."""
    name, table = question.feature, population.table
    assert population.served is not None  # as of every population with a past
    if name not in past or name not in population.served.fitted.schema.names or not len(rows):
        return None
    stages = past[population.spec.stage] if population.spec.stage in past else pd.Series("", past.index)
    at_stages, of_all = answers_by_stage(question, past[name], stages)
    if not of_all.values:
        return None
    stage_of_row = table[population.spec.stage].iloc[rows] if population.spec.stage in table else [""] * len(rows)
    answers = [at_stages.get(str(stage), of_all) for stage in stage_of_row]
    return _by_chunks(population, name, rows, answers, break_even)


def _by_chunks(population: OpenPopulation, name: str, rows: Codes, answers: Sequence[Answers], break_even: float) -> InformationValue:
    """Rows are taken in groups whose answers fit into one batch."""
    size = max(1, MOST_ROWS // max(len(each.values) for each in answers))
    parts = []
    for start in range(0, len(rows), size):
        chunk, theirs = rows[start : start + size], answers[start : start + size]
        counts = np.array([len(each.values) for each in theirs])
        questions = np.repeat(np.arange(len(chunk)), counts)
        values = [value for each in theirs for value in each.values]
        probability = _with_answers(population, name, chunk[questions], values)
        shares = np.concatenate([each.shares for each in theirs])
        parts.append(information_value(questions, shares, probability, np.full(len(chunk), break_even)))
    return InformationValue(*(np.concatenate([getattr(part, field) for part in parts]) for field in ("value", "changes", "moves")))


def _with_answers(population: OpenPopulation, name: str, rows: Codes, values: Sequence[Any]) -> npt.NDArray[np.float64]:
    """The probability of rows with another value of a feature; what follows from it is computed again, or looked up among open ones."""
    table, features = population.table, population.view.plan.features
    column = pd.Series(values, dtype=table[name].dtype)
    changed = table.iloc[rows].reset_index(drop=True).assign(**{name: column})
    followers = [feature.name for feature in features if feature.entity == name and feature.name in table]
    for follower in followers:
        by_value = table.dropna(subset=[name]).drop_duplicates(name).set_index(name)[follower]
        changed[follower] = column.map(by_value).astype(table[follower].dtype)
    return probabilities(population.served, recomputed(population.view.con, features, changed, [name, *followers]))


def _ordered(population: OpenPopulation, values: Sequence[OpenQuestion], rows: Codes) -> dict[int, tuple[ValuedQuestion, ...]]:
    questions: dict[int, list[ValuedQuestion]] = {int(row): [] for row in rows}
    amounts = _amounts(population)
    for each in values:
        for number, row in enumerate(each.rows.tolist()):
            questions[row].append(_question(each, number, amounts[row]))
    return {row: tuple(sorted(open_ones, key=_worth_order)) for row, open_ones in questions.items()}


def _question(each: OpenQuestion, number: int, amount: float) -> ValuedQuestion:
    question, worth = each.question, each.worth
    if worth is None:
        return ValuedQuestion(question.feature, question.words, None, False, None, None)
    in_money = bool(np.isfinite(amount))
    value = float(worth.value[number]) * (amount if in_money else 1)
    return ValuedQuestion(question.feature, question.words, value, in_money, float(worth.changes[number]), float(worth.moves[number]))


def _amounts(population: OpenPopulation) -> Mapping[int, float]:
    name = population.spec.shown.amount_converted
    column = population.table[name].astype(float) if name in population.table else pd.Series(np.nan, population.table.index)
    return dict(enumerate(column.tolist()))


def _worth_order(question: ValuedQuestion) -> tuple[bool, float, float]:
    return question.value is None, -(question.value or 0.0), -(question.moves or 0.0)
