"""What a list says of a lead besides its chance at the main horizon: its touch, whether it came back, and the company behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dealml.page.shared import filters

RECYCLED = "recycled"


@dataclass(frozen=True)
class LeadNote:
    """Facts of a lead; those of a company are None where none is known.

    Parameters
    ----------
    touch : str
        How lately it was touched, such as `touched lately` or `going cold`; empty where it is neither.
    times_recycled : int
        How many times it came back into play.
    open_deals, won_deals : int or None
        Open deals with the company behind it, and those that the company gave before.
    churned : bool or None
        Whether that company was a customer and left.
    chances : tuple of (int, float)
        Each horizon in days, and the probability of the outcome within it.
    """

    touch: str = ""
    times_recycled: int = 0
    open_deals: int | None = None
    won_deals: int | None = None
    churned: bool | None = None
    chances: tuple[tuple[int, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a probability that is none."""
        for days, chance in self.chances:
            if not 0 <= chance <= 1:
                raise ValueError(f"the probability within {days} days must lie between 0 and 1, not {chance}")

    @property
    def touch_marks(self) -> tuple[str, ...]:
        """What the list can be filtered by under "Touch"."""
        return (*((self.touch,) if self.touch else ()), *((RECYCLED,) if self.times_recycled else ()))

    @property
    def company_marks(self) -> tuple[str, ...]:
        """What the list can be filtered by under "Company"."""
        marks = {"has an open deal": self.open_deals, "was won before": self.won_deals, "has left": self.churned}
        return tuple(mark for mark, holds in marks.items() if holds)


def touch_text(note: LeadNote | None) -> str:
    """The marks of the touch, for under the status: ``touched lately · recycled``."""
    return " · ".join(note.touch_marks) if note else ""


def company_text(note: LeadNote | None) -> str:
    """The marks of the company, for after its name: ``company has an open deal, was won before``."""
    return f"company {', '.join(note.company_marks)}" if note and note.company_marks else ""


def chances_sentence(note: LeadNote | None, chance: str) -> str:
    """The chances at all horizons, such as ``Chance to become a deal: 12% within 7 days, 40% within 30 days``, as a sentence.

    Parameters
    ----------
    chance
        What the chance is called.
    """
    if note is None or not note.chances:
        return ""
    return f"{chance}: {', '.join(f'{filters.percent(each)} within {days} days' for days, each in note.chances)}."


def mark_counts(marks: Iterable[tuple[str, ...]]) -> tuple[tuple[str, int], ...]:
    """How many leads have each mark, the most first and `recycled` last."""
    counts = Counter(mark for each in marks for mark in each)
    return tuple(sorted(counts.items(), key=lambda item: (item[0] == RECYCLED, -item[1], item[0])))
