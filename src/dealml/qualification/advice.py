"""The advice: pursue, nurture or decline, from the probability and the tests."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from dealml.qualification.tested import TestedTable
from dealml.qualification.thresholds import KindThresholds

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]
Advice = Literal["pursue", "nurture", "decline"]
CLASSES: tuple[Advice, ...] = ("pursue", "nurture", "decline")


def advised(probability: Floats, usual: float, tested: TestedTable, thresholds: KindThresholds) -> Texts:
    """The advice for each row.

    Parameters
    ----------
    probability : array (n,)
        P(outcome); NaN where there is no model, and the tests alone count.
    usual
        The probability that is usual, above 0; NaN where there is no model.

    Returns
    -------
    array (n,)
        `pursue`, `nurture` or `decline`.
    """
    pursue, decline = thresholds.pursue, thresholds.decline
    alone, ratio = np.isnan(probability), probability / usual
    few_failed = tested.failed <= pursue.most_failed
    works = np.where(alone, tested.passed >= pursue.fewest_passed_alone, ratio >= pursue.win_rate) & few_failed
    many = np.where(
        alone,
        tested.failed >= decline.fewest_failed_alone,
        (ratio <= decline.win_rate) & (tested.failed >= decline.fewest_failed),
    )
    return np.where(works, "pursue", np.where(many, "decline", "nurture"))
