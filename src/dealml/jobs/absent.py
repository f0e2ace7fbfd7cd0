"""A piece that a job could not resolve."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MissingPiece:
    """Stands where a piece would, and says why there is none."""

    reason: str
