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

WILSON_TOLERANCE = 5e-9
"""The bounds of reliability bins were computed with a normal quantile of six digits; there is one quantile now, and it is exact."""
_WILSON_BOUNDS = re.compile(r"model\.json\.held_out\.curve\.(low|high)\[|calibration\.csv\[|review\.xlsx\.xl/worksheets/sheet14\.xml\[")
_ARTEFACT_FORMAT = ("int 3", "int 4")
"""Stored names changed with the vocabulary, so the artefact has another format."""

MASKS = (
    (re.compile(r"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}\b"), "<id>"),
    (re.compile(r"(?<![.0-9])\b[0-9]{16}\b(?!\.)"), "<id>"),  # an id of sixteen hexadecimal digits may hold no letter
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


def may_differ(path: str, before: str, now: str) -> bool:
    """Whether two values may differ: the artefact's format, and the last digits of the bounds of reliability bins."""
    if path.endswith("model.json.format"):
        return (before, now) == _ARTEFACT_FORMAT
    if not _WILSON_BOUNDS.search(path):
        return False
    pairs = list(zip(_numbers(before), _numbers(now), strict=False))
    return bool(pairs) and all(abs(first - second) <= WILSON_TOLERANCE for first, second in pairs)


def _numbers(text: str) -> list[float]:
    return [float(cell) for cell in text.removeprefix("float ").split(",")]
