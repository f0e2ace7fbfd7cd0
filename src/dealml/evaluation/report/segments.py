"""Segments compared: the model's calibration in each, and how often it picks from each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.report.slices import by_text, texts_of

LEAST_OUTCOMES = 100
"""Entities with the outcome that a segment must have for anything to be said of it."""
PICKED = 0.2
"""Share of the highest forecasts that count as picked."""
FOUR_FIFTHS = 0.8
"""The rule that the least picked segment is picked at least four fifths as often as the most picked one."""


@dataclass(frozen=True)
class Segment:
    """Forecast and outcome of one segment at the main horizon."""

    name: str
    entities: int
    with_outcome: int
    forecast: float
    """The mean probability."""
    observed: float
    picked: float
    """The share of its rows among the highest fifth of all forecasts."""

    @property
    def withheld(self) -> bool:
        """Whether it has too few outcomes to be shown."""
        return self.with_outcome < LEAST_OUTCOMES

    @property
    def gap(self) -> float:
        """Forecast minus observed: above 0 the model promises too much."""
        return self.forecast - self.observed


@dataclass(frozen=True)
class Segments:
    """All segments, and how far those that are shown lie apart."""

    parts: tuple[Segment, ...]

    @property
    def shown(self) -> tuple[Segment, ...]:
        """Those with enough outcomes."""
        return tuple(part for part in self.parts if not part.withheld)

    @property
    def calibration_gap(self) -> float | None:
        """Between the segment promised most above its outcomes and the one promised most below; None with fewer than two."""
        gaps = [part.gap for part in self.shown]
        return max(gaps) - min(gaps) if len(gaps) > 1 else None

    @property
    def picked_ratio(self) -> float | None:
        """How often the least picked segment is picked, as a share of the most picked one; None with fewer than two."""
        shares = [part.picked for part in self.shown]
        return min(shares) / max(shares) if len(shares) > 1 and max(shares) > 0 else None


def segments_of(predictions: HoldoutPredictions, feature: str) -> Segments:
    """Compare the segments of held-out rows by a text feature; none where the rows lack it."""
    if feature not in predictions.rows.snapshots:
        return Segments(())
    p = predictions.probabilities["model"]
    picked = p >= np.quantile(p, 1 - PICKED)
    return Segments(
        tuple(_segment(name, predictions.at(which), picked[which]) for name, which in by_text(texts_of(predictions.rows, feature)).items())
    )


def _segment(name: str, predictions: HoldoutPredictions, picked: np.ndarray) -> Segment:
    had, had_not = predictions.outcomes()
    return Segment(
        name,
        had + had_not,
        had,
        float(predictions.probabilities["model"].mean()),
        float(predictions.rows.label.mean()),
        float(picked.mean()),
    )
