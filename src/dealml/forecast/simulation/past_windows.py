"""Past windows: past periods of the same kind, each seen from as long before its end as the forecast is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.forecast.actuals import won_within
from dealml.forecast.record import Record
from dealml.period import Period

Floats = npt.NDArray[np.float64]

MAX_WINDOWS = 24
"""Only this many of the latest windows are used."""
HALF_LIFE_DAYS = 182.0
"""A window that ended so long before the forecast counts half as much as one that ended just now."""


@dataclass(frozen=True)
class Window:
    """A past period, and the moment from which it is seen."""

    at: datetime
    period: Period

    @property
    def start(self) -> datetime:
        """From when on wins count that were still ahead."""
        return max(self.at, self.period.start)


@dataclass(frozen=True)
class PastDeals:
    """Past windows with the deals open at the start of each, how they ended, and which other deals were won."""

    windows: tuple[Window, ...]
    weight: Floats
    """Of each window: 1 for one that ended just now."""
    deals: pd.DataFrame
    """As `Record.open_at`, those with money; with `window` (its place), `won` within it, and `won_money`."""
    others: pd.DataFrame
    """Wins of deals that were not open then, or had no money on record: as `Record.wins`, those with money; with `window`."""

    def __len__(self) -> int:
        return len(self.windows)


def past_windows(period: Period, as_of: datetime, first: datetime) -> list[Window]:
    """The past windows of a forecast, the latest first: over at `as_of`, and begun when deals were on record."""
    ahead, past = period.end - as_of, period.previous
    windows: list[Window] = []
    while past.end - ahead >= first and len(windows) < MAX_WINDOWS:
        if past.end <= as_of:
            windows.append(Window(past.end - ahead, past))
        past = past.previous
    return windows


def past_deals(record: Record, windows: Sequence[Window], as_of: datetime) -> PastDeals:
    """Look at past windows; nothing that was recorded at `as_of` or later is used."""
    if not windows:
        nothing = record.wins.iloc[:0].assign(window=0)
        return PastDeals((), np.zeros(0), nothing.assign(won=False, won_money=0.0), nothing)
    open_then = record.open_at([window.at for window in windows])
    open_then = open_then[open_then["money"].notna()]
    places = {pd.Timestamp(window.at): index for index, window in enumerate(windows)}
    open_then = open_then.assign(window=open_then["as_of"].map(places).astype(np.intp))
    parts = [won_within(record.wins, window.start, window.period.end, window.period.end) for window in windows]
    wins = pd.concat([part.assign(window=index) for index, part in enumerate(parts)], ignore_index=True)
    wins = wins.drop_duplicates(["window", "deal_id"], keep="last")
    both = open_then.merge(
        wins[["window", "deal_id", "money"]].rename(columns={"money": "won_money"}), "left", ["window", "deal_id"], indicator="won"
    )
    counted = pd.MultiIndex.from_frame(wins[["window", "deal_id"]]).isin(pd.MultiIndex.from_frame(open_then[["window", "deal_id"]]))
    ago = np.array([(as_of - window.period.end).total_seconds() / 86_400 for window in windows])
    others = wins[~counted & wins["money"].notna().to_numpy(dtype=np.bool_)].reset_index(drop=True)
    return PastDeals(
        tuple(windows), 0.5 ** (ago / HALF_LIFE_DAYS), both.assign(won=(both["won"] == "both").to_numpy(dtype=np.bool_)), others
    )
