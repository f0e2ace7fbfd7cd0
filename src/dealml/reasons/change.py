"""Why a probability changed: passage of time, features, model, calibration; the parts add up to the change.

Each step goes straight from one margin to the next, and a feature gets its contribution's change times the
calibrator's mean slope along it (Aumann and Shapley 1974; here the path is straight, so the share is exact).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.fitted import FittedModel

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """Some rows' changes of probability, each the sum of its parts: time, features, model, calibration."""

    before: Floats
    after: Floats
    names: list[str]
    """Features of the earlier model."""
    time: Floats
    """Rows × features: the same facts, seen from the later moment."""
    facts: Floats
    """Rows × features: what went on record between the moments."""
    model: Floats
    """What the later version's trees, line or rates say otherwise of the same facts."""
    calibration: Floats
    """What its calibration says otherwise of the same margin."""

    @property
    def total(self) -> Floats:
        """The change of each row."""
        return np.asarray(self.after - self.before)

    @property
    def residual(self) -> Floats:
        """What the parts leave unexplained: rounding alone."""
        return np.asarray(self.total - self.time.sum(axis=1) - self.facts.sum(axis=1) - self.model - self.calibration)


def change(earlier: FittedModel, later: FittedModel, before: pd.DataFrame, aged: pd.DataFrame, after: pd.DataFrame) -> Change:
    """Take changes apart.

    Parameters
    ----------
    earlier, later
        The versions that made the two probabilities.
    before
        Feature table with `horizon_days` of what was known by the earlier moment, seen from it.
    waited
        The same rows: what was known by then, seen from the later moment.
    after
        The same rows: what was known by the later moment, seen from it.
    """
    matrices = [earlier.schema.encode(table) for table in (before, aged, after)]
    parts = [earlier.rung.contributions(matrix)[:, :-1] for matrix in matrices]
    margins = [earlier.rung.margin(matrix) for matrix in matrices]
    new_margin = later.rung.margin(later.schema.encode(after))
    old, new = earlier.calibrator, later.calibrator
    steps = [(parts[step + 1] - parts[step]) * old.mean_slope(margins[step], margins[step + 1])[:, None] for step in range(len(parts) - 1)]
    on_old_scale = old.probability(new_margin)
    return Change(
        before=old.probability(margins[0]),
        after=new.probability(new_margin),
        names=earlier.schema.names,
        time=steps[0],
        facts=steps[1],
        model=on_old_scale - old.probability(margins[2]),
        calibration=new.probability(new_margin) - on_old_scale,
    )
