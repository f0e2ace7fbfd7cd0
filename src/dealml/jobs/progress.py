"""Progress, as jobs report it: a step's name, the amount done, and the total."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, of: int) -> None:
    """Report nothing."""


def within(progress: Progress, step: str) -> Callable[[int, int], None]:
    """The progress of one step."""
    return lambda done, of: progress(step, done, of)
