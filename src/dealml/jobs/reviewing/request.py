"""The request of a review: model, moment, comparison and period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dealml.errors import InputError
from dealml.period import Period
from dealml.project import Project


@dataclass(frozen=True)
class ReviewRequest:
    """A model's scores as of a moment, what they are compared with, and the period that is forecast."""

    project: Project
    model: str
    as_of: datetime | None
    """None for a cross-section, which has no moments."""
    version: int | None = None
    """Default the champion."""
    since: datetime | None = None
    """The last review, for what changed; None where there was none."""
    version_before: int | None = None
    """The version of the last review's scores; default the same."""
    period: Period | None = None
    """What is forecast; default the calendar quarter that the moment lies in."""

    @property
    def at(self) -> datetime:
        """The moment.

        Raises
        ------
        InputError
            When there is none.
        """
        if self.as_of is None:
            raise InputError(f"{self.project.ledger.folder}: a cross-section, which has no dates")
        return self.as_of

    @property
    def over(self) -> Period:
        """The period that is forecast."""
        return self.period or Period.around(self.at)
