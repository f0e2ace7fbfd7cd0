"""Held-out rows whose truth is known, with a champion and challengers of known worth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.learning.training_rows import TrainingRows

Floats = npt.NDArray[np.float64]
SEGMENTS = np.array(["north", "south"], dtype=object)


def held(deals: int = 2000, seed: int = 3, **better: Floats) -> HoldoutPredictions:
    """Two weekly rows of each deal, a deal an account. The model sees both facts that the outcome follows, the champion one."""
    rng = np.random.default_rng(seed)
    deal = np.repeat(np.arange(deals), 2)
    one, two = rng.normal(size=(2, deals))[:, deal]
    truth = expit(-0.5 + 1.2 * one + 0.9 * two)
    won = (rng.random(deals)[deal] < truth).astype(np.float64)
    at = pd.Timestamp("2025-01-06", tz="UTC") + pd.to_timedelta(7 * np.tile([0, 1], deals), unit="D")
    snapshots = pd.DataFrame({"deal_id": deal.astype(str), "since": at, "as_of": at, "segment": SEGMENTS[deal % 2]})
    rows = TrainingRows(snapshots, np.arange(len(won)), np.full(len(won), 90.0), won, "deal_id")
    # Not knowing `two` draws the log-odds together, by about this much where its spread is 0.9.
    champion, base = expit((-0.5 + 1.2 * one) / 1.13), np.full(len(won), won.mean())
    return HoldoutPredictions(
        rows, {"model": truth, "champion": champion, "base_rate": base, "stage_rates": expit(-0.5 + 0.5 * one)} | better
    )


def segments(of: HoldoutPredictions) -> npt.NDArray[np.object_]:
    """The segment of each row."""
    return np.asarray(of.rows.snapshots["segment"].to_numpy(dtype=object)[of.rows.snapshot_index])
