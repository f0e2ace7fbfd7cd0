"""Labelled snapshots made by hand, without a ledger: quick to fit, and hard to encode."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd

from dealml import Model, Shown, Trees, Won
from dealml.learning.fitted import FittedModel
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows, labelled

END = datetime(2025, 1, 6, tzinfo=UTC)
FEATURES = ["depth", "silence", "colour", "broken", "flat", "nothing"]
SPEC = Model(
    name="made",
    entity="deal_id",
    outcomes=(Won(),),
    horizons=(14, 60, 150),
    main_horizon=60,
    features=(),
    shown=Shown(),
    stage="colour",
    trees=Trees(num_boost_round=40, min_data_in_leaf=15),
)


def snapshots(deals: int = 300, seed: int = 1, win: float = 0.4) -> pd.DataFrame:
    """Weekly snapshots of deals over two years; more deals are won the deeper, the more silent the fewer."""
    rng = np.random.default_rng(seed)
    first = pd.Timestamp("2023-01-02", tz="UTC")
    rows = []
    for deal in range(deals):
        start = first + pd.Timedelta(days=int(rng.integers(0, 640)))
        depth, colour = int(rng.integers(0, 5)), str(rng.choice(["red", "blue", "zażółć", "rare" if deal % 50 == 0 else "red"]))
        closes = start + pd.Timedelta(days=float(rng.gamma(2, 40)))
        won = rng.random() < win * (0.3 + 0.35 * depth) * (1.3 if colour == "blue" else 0.9)
        monday = start.normalize() + pd.Timedelta(days=7 - start.day_of_week)
        while monday <= min(closes, pd.Timestamp(END) - pd.Timedelta(microseconds=1)):
            rows.append(
                {
                    "deal_id": f"D{deal:04d}",
                    "account_id": f"A{deal % 90:03d}",
                    "since": start,
                    "as_of": monday,
                    "known_by": monday,
                    "event_at": closes if won and closes < pd.Timestamp(END) else pd.NaT,
                    "depth": float(depth) if rng.random() < 0.9 else np.nan,
                    "silence": float(rng.exponential(10)) + (8 if not won else 0),
                    "colour": colour if rng.random() < 0.95 else None,
                    "broken": float(rng.choice([1.0, np.inf, -np.inf, np.nan, 2.5])),
                    "flat": 1.0,
                    "nothing": np.nan,
                }
            )
            monday += pd.Timedelta(days=7)
    table = pd.DataFrame(rows)
    times = ["since", "as_of", "known_by", "event_at"]
    return table.astype(dict.fromkeys(times, "datetime64[us, UTC]") | {"colour": "str"})


def rows_of(table: pd.DataFrame, horizons: tuple[int, ...] = SPEC.horizons, end: datetime = END) -> TrainingRows:
    """The snapshots' labelled rows."""
    return labelled(table, "deal_id", horizons, end)


def fitted(table: pd.DataFrame) -> FittedModel:
    """A model fitted on all of them."""
    return fit(SPEC, rows_of(table), FEATURES, "won", END, "ledger")
