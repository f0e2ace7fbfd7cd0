"""The interface of every rung of the ladder."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Rung(Protocol):
    """A fitted learner."""

    @property
    def name(self) -> str:
        """What it is called in every output."""

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row; they never fall as the horizon, the last column, grows."""

    def contributions(self, matrix: Floats) -> Floats:
        """Rows × (features + 1): each feature's part in the margin, and last the base margin."""

    def content(self) -> dict[str, Any]:
        """All of it but the trees, as plain values."""

    @property
    def trees(self) -> str | None:
        """LightGBM's text, where it has any."""
