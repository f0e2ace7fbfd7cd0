"""How a question is likely to be answered: what deals of the same stage have on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.qualification.definition import Question

MOST_ANSWERS = 6
FEWEST_RECORDS = 30
"""With fewer records at a stage, those of all stages count."""


@dataclass(frozen=True)
class Answers:
    """The answers to a question, and how likely each is."""

    values: tuple[Any, ...]
    shares: npt.NDArray[np.float64]
    """Sum to 1; empty where nothing is on record."""


def answers_by_stage(question: Question, values: pd.Series, stages: pd.Series) -> tuple[Mapping[str, Answers], Answers]:
    """The answers at each stage with enough records, and those of all stages.

    Parameters
    ----------
    values, stages
        Of past deals, each as it stood when a decision was due: the feature, and the stage. A missing value is no record; neither is a text
        that stands for none. A number that does, such as 0 confirmations, is the answer "no", since a no is not written down.
    """
    recorded = values.notna() & ~values.isin([value for value in question.unknown if isinstance(value, str)])
    groups = values[recorded].groupby(stages[recorded])
    at_stages = {str(stage): _answers(group) for stage, group in groups if len(group) >= FEWEST_RECORDS}
    return at_stages, _answers(values[recorded])


def _answers(values: pd.Series) -> Answers:
    """The values with their shares; many numbers as the medians of equal shares, of many texts the most frequent."""
    counts = values.value_counts()
    if len(counts) > MOST_ANSWERS and pd.api.types.is_numeric_dtype(values):
        medians = values.astype(float).groupby(pd.qcut(values.astype(float), MOST_ANSWERS, duplicates="drop"), observed=True)
        return Answers(tuple(medians.median()), np.asarray(medians.size() / len(values), np.float64))
    counts = counts.sort_index().sort_values(ascending=False, kind="stable").head(MOST_ANSWERS)
    return Answers(tuple(counts.index), np.asarray(counts / max(counts.sum(), 1), np.float64))
