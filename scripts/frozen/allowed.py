"""What may differ between two dumps: identities that follow from the code or the clock, and sentences that had to change."""

from __future__ import annotations

import re
from typing import NamedTuple


class Change(NamedTuple):
    """A sentence that may change: `earlier` is replaced by `now` before the dumps are compared."""

    earlier: str
    now: str
    reason: str


CHANGES: tuple[Change, ...] = (
    Change("dealml forecast --backtest --period-kind", "dealml forecast-backtest --period-kind", "forecast-backtest is a verb of its own"),
)

MASKS = (
    (re.compile(r"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}\b"), "<id>"),
    (re.compile(r"\b[0-9]+ KB\b"), "<size>"),
)


def mask_for(about: dict[str, list[str]]) -> list[tuple[re.Pattern[str], str]]:
    """The masks of one dump: ids, sizes, its own paths, and times of day on the days on which it was made."""
    paths = "|".join(re.escape(path) for path in about["paths"])
    days = "|".join(re.escape(day) for day in about["days"])
    clock = re.compile(rf"(?:{days})[T ][0-9]{{2}}:[0-9]{{2}}[0-9:.]*(?:\+00:00|Z)?")
    return [(re.compile(f"(?:{paths})"), "<path>"), (clock, "<time>"), *MASKS]


def normalised(text: str, masks: list[tuple[re.Pattern[str], str]]) -> str:
    """The text as it is compared."""
    for change in CHANGES:
        text = text.replace(change.earlier, change.now)
    for pattern, name in masks:
        text = pattern.sub(name, text)
    return text
