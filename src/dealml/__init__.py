"""dealml: calibrated, explained probabilities of winning deals and keeping customers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "per": "dealml.features.definition",
    "formula": "dealml.features.definition",
    "Feature": "dealml.features.definition",
    "shrunken": "dealml.features.shrinkage",
    "Model": "dealml.learning.spec",
    "Gate": "dealml.learning.promotion_gate",
    "Shown": "dealml.learning.spec",
    "Trees": "dealml.learning.spec",
    "Scorecard": "dealml.learning.scorecard",
    "Points": "dealml.learning.scorecard",
    "Won": "dealml.learning.outcomes",
    "Lost": "dealml.learning.outcomes",
    "Cancelled": "dealml.learning.outcomes",
    "Silent": "dealml.learning.outcomes",
    "Ledger": "dealml.ledger.ledger",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `dealml --help` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dealml' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
