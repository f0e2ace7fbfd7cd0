"""Progress, as the jobs tell it: a step's name, how much is done, of how much."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, of: int) -> None:
    """Tell nobody."""


def within(progress: Progress, step: str) -> Callable[[int, int], None]:
    """The progress of one step."""
    return lambda done, of: progress(step, done, of)
