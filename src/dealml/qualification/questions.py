"""Questions, ordered by how much their answers would move the decision: the expected value of information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ValuedQuestion:
    """A question and what its answer is worth."""

    feature: str
    words: str
    value: float | None
    """The expected gain of the better action over acting now, in the project's currency where the amount is on record, else in
    probability; None where the model does not see the feature."""
    in_money: bool
    changes: float | None
    """The chance that the answer changes whether pursuing pays."""
    moves: float | None
    """How far the answer is expected to move the probability, up or down."""


@dataclass(frozen=True)
class InformationValue:
    """What the answers to k questions are worth: arrays (k,)."""

    value: Floats
    """The expected gain of the better action with the answer over the better action without it, in probability; 0 or more."""
    changes: Floats
    """The chance that the better action is another one."""
    moves: Floats
    """The expected distance of the probability with the answer from that without it."""


def information_value(questions: Codes, shares: Floats, probability: Floats, break_even: Floats) -> InformationValue:
    """What knowing the answers of k questions is worth, when pursuing gains P − break-even and leaving it gains nothing.

    Parameters
    ----------
    questions : array (m,)
        The question of each answer, 0 to k − 1; each has at least one.
    shares : array (m,)
        How likely each answer is; those of a question sum to 1.
    probability : array (m,)
        The probability of winning with each answer.
    break_even : array (k,)
        The probability above which pursuing pays.

    Returns
    -------
    InformationValue

    Notes
    -----
    The expected value of perfect information on one variable: Raiffa and Schlaifer (1961), Applied Statistical Decision Theory.
    """
    k = len(break_even)
    gain = probability - break_even[questions]
    now = np.bincount(questions, shares * gain, k)
    value = np.bincount(questions, shares * np.maximum(gain, 0), k) - np.maximum(now, 0)
    changes = np.bincount(questions, shares * ((gain > 0) != (now > 0)[questions]), k).astype(np.float64)
    moves = np.bincount(questions, shares * np.abs(gain - now[questions]), k)
    return InformationValue(np.maximum(value, 0.0), np.minimum(changes, 1.0), np.asarray(moves, np.float64))
