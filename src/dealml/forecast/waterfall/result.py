"""The change of a period's expected value between two moments: every deal's cents by category, so that it balances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dealml.period import Period

CATEGORIES = {
    "new": "New deals",
    "reopened": "Reopened",
    "won": "Won",
    "lost": "Lost",
    "record_changes": "Deleted, restored, merged",
    "pushed": "Pushed out",
    "pulled_in": "Pulled in",
    "amount_up": "Amount up",
    "amount_down": "Amount down",
    "score_up": "Chance up",
    "score_down": "Chance down",
    "exchange_rates": "Exchange rates",
    "handed_over": "Handed to another team",
}
"""The categories in which money moves, in the order in which they are drawn."""


@dataclass(frozen=True)
class Move:
    """One deal's part in one category."""

    deal_id: str
    name: str
    team: str
    category: str
    """A key of `CATEGORIES`."""
    cents: int
    """What the expected money changed by, in hundredths of the project's currency."""
    probability_before: float | None
    probability_after: float | None
    reasons: tuple[str, ...] = ()
    """Why, in words, the strongest first."""


@dataclass(frozen=True)
class PipelineWaterfall:
    """From then to now: `before + sum(by_category) == after`, in cents, exactly."""

    before: int
    after: int
    by_category: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DealToInspect:
    """A deal to talk about first, and why."""

    deal_id: str
    name: str
    kind: str
    """change, slipping, stale, weak_commit, strong_omitted."""
    sentence: str
    cents: int
    """The expected money that is in question."""


@dataclass(frozen=True)
class Movement:
    """The waterfall in total and for each team, with the deals behind it."""

    period: Period
    start: datetime
    end: datetime
    currency: str
    total: PipelineWaterfall
    teams: Mapping[str, PipelineWaterfall]
    moves: tuple[Move, ...]
    to_inspect: tuple[DealToInspect, ...] = ()
    notes: tuple[str, ...] = ()
