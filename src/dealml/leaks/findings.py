"""Results of the searches: findings, canaries, and both of one run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Search = Literal["power", "purity", "settled", "missing", "serving", "moment", "order", "changed", "together", "calendar"]


@dataclass(frozen=True)
class Finding:
    """A feature that seems to contain the outcome."""

    feature: str
    search: Search
    """Which search came upon it; `docs/leaks.md` says what each means."""
    reason: str
    """Why, in a sentence with the figures."""
    evidence: dict[str, float] = field(default_factory=dict)
    because: str | None = None
    """The refused feature that this finding rests on: where that one is allowed, so is this one."""


@dataclass(frozen=True)
class Canary:
    """A leak that was planted in this run, and whether the searches found it."""

    name: str
    strength: Literal["strong", "weak"]
    meaning: str
    share: float
    """Which share of the settled entities it touches."""
    detected_by: Search | None

    @property
    def is_detected(self) -> bool:
        """Whether a search came upon it."""
        return self.detected_by is not None


@dataclass(frozen=True)
class Inspection:
    """The findings among the features of a run, and how the planted leaks fared."""

    findings: tuple[Finding, ...]
    canaries: tuple[Canary, ...]
    clocks: tuple[Finding, ...] = ()
    """Features without a finding that follow the calendar: a warning, which stops no run."""

    @property
    def blind_to(self) -> tuple[Canary, ...]:
        """Planted leaks that no search found: of this kind and size the run could not have found a true one."""
        return tuple(canary for canary in self.canaries if not canary.is_detected)
