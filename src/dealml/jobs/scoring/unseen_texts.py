"""Texts that a model did not learn, such as a new stage: they are counted as notes, or scoring is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from dealml.errors import InputError
from dealml.learning.encoding import UnseenTexts


def notes_of_unseen(unseen: Mapping[str, UnseenTexts]) -> Iterator[str]:
    """A note for each feature with such texts."""
    for feature, texts in unseen.items():
        yield f"{texts.rows:,} × unseen_category: {_written(feature, texts)} counts as missing"


def require_seen(unseen: Mapping[str, UnseenTexts], model: str, action: Literal["count", "refuse"]) -> None:
    """Refuse to score rows with such texts, where the project refuses them.

    Raises
    ------
    InputError
        Naming the features and the texts.
    """
    if unseen and action == "refuse":
        what = "; ".join(f"{texts.rows:,} × {_written(feature, texts)}" for feature, texts in unseen.items())
        raise InputError(f"{model}: {what}; train again, or count them by [scores] unseen_category in dealml.toml")


def _written(feature: str, texts: UnseenTexts) -> str:
    return f"{feature}: a text that training did not tell apart, such as {', '.join(map(repr, texts.examples))}"
