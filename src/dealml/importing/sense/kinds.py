"""Kinds of facts that can be read and yet make no sense, and what becomes of each unless a project says otherwise."""

from __future__ import annotations

from typing import Literal

Action = Literal["quarantine", "count", "refuse"]
"""What becomes of such facts: their rows are refused, or they are counted and stay, or they end the import."""

DEFAULTS: dict[str, Action] = {
    "orphan": "quarantine",
    "contradiction": "quarantine",
    "after_extract": "quarantine",
    "unlisted_stage": "refuse",
    "unknown_word": "count",
    "currency_without_rate": "count",
    "outcome_before_creation": "count",
    "never_open": "count",
    "conversion_before_creation": "count",
    "conversion_without_deal": "count",
}
"""Each kind, a key of `[imports]` in `dealml.toml`, with what becomes of it by default."""

ADDED_LATER = ("conversion_before_creation", "conversion_without_deal")
"""Kinds that are no part of the digest of a batch, unless a project says what becomes of them."""
