"""The promotion gate: what a challenger must show before it may replace the champion."""

from __future__ import annotations

from dataclasses import dataclass

from dealml.errors import InputError


@dataclass(frozen=True)
class Gate:
    """Conditions that a model declares before training; a version keeps them, and all must hold (`docs/promotion.md`).

    Chance adds to a calibration error: a perfect forecast of 400 rows has one of 0.056 on average. What
    `max_calibration_error` limits is therefore what is left when chance is taken off, as told by resampling. Differences
    from the champion need no such care, since chance adds to both sides alike; but they scatter, so they count only where
    their whole 95 % interval is on the wrong side of 0.
    """

    min_log_loss_gain: float = 0.0
    """Log loss to be gained over the champion: the lower bound of the 95 % interval must be above it."""
    max_calibration_error: float = 0.05
    max_calibration_error_increase: float = 0.01
    """By how much the calibration error may exceed the champion's."""
    max_segment_auc_loss: float = 0.03
    """How much AUC a segment may lose against the champion."""
    min_segment_outcomes: int = 100
    """Settled deals or accounts that a segment must have to be judged by itself."""
    resamples: int = 200
    """Draws of accounts behind each interval."""

    def __post_init__(self) -> None:
        """Refuse limits that cannot be meant."""
        bounds = {
            "min_log_loss_gain": (0, 1),
            "max_calibration_error": (0, 1),
            "max_calibration_error_increase": (0, 1),
            "max_segment_auc_loss": (0, 1),
            "min_segment_outcomes": (1, 1_000_000),
            "resamples": (100, 10_000),
        }
        for name, (low, high) in bounds.items():
            if not low <= getattr(self, name) <= high:
                raise InputError(f"gate: {name} is {getattr(self, name)}; give a number from {low} to {high}")
