"""A condition on a feature: one of some texts, or a number within bounds."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import InputError

Flags = npt.NDArray[np.bool_]


class ValueCondition(Protocol):
    """What has a feature and a condition on it."""

    @property
    def feature(self) -> str:
        """The name of a feature."""

    @property
    def one_of(self) -> tuple[str, ...]:
        """Texts of which the feature must be one."""

    @property
    def at_least(self) -> float | None:
        """Lower bound of a number, included."""

    @property
    def at_most(self) -> float | None:
        """Upper bound of a number, included."""


def require_condition(condition: ValueCondition) -> None:
    """Refuse what has no condition, or two kinds of it.

    Raises
    ------
    InputError
        When it has neither texts nor bounds, or both.
    """
    bounded = condition.at_least is not None or condition.at_most is not None
    if bool(condition.one_of) == bounded:
        raise InputError(f"the rule on {condition.feature} needs either one_of, or at_least or at_most")
    if isinstance(condition.one_of, str):
        raise InputError(f"one_of of {condition.feature} is a text; write one_of=({condition.one_of!r},)")


def holds(condition: ValueCondition, table: pd.DataFrame, file: str) -> Flags:
    """For which rows of a feature table a condition holds; for a missing value it never does.

    Parameters
    ----------
    file
        Where the condition stands, for the message.

    Raises
    ------
    InputError
        When the feature is a text and the condition asks for a number, or the other way round.
    """
    column = table[condition.feature]
    is_number = pd.api.types.is_numeric_dtype(column)
    if is_number == bool(condition.one_of) and column.notna().any():
        expectation = "a number; give at_least or at_most" if is_number else "a text; give one_of"
        raise InputError(f"{file}: {condition.feature} is {expectation}")
    if condition.one_of:
        return np.asarray(column.isin(condition.one_of), dtype=np.bool_)
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    low = -np.inf if condition.at_least is None else condition.at_least
    high = np.inf if condition.at_most is None else condition.at_most
    return np.asarray((values >= low) & (values <= high))
