"""The policy: for each subject what may be promised freely, with whose approval, and what is not on offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from dealml.errors import InputError

Measure = Literal["discount", "customisation", "services_share", "timeline_promise", "roadmap_promise", "implementation_days"]
FEWER_IS_MORE: frozenset[Measure] = frozenset({"implementation_days"})
"""Measures of which a smaller number promises more."""
YES_OR_NO: frozenset[Measure] = frozenset({"timeline_promise", "roadmap_promise"})
"""Measures that are 1 where something is promised, and 0 where it is not."""


@dataclass(frozen=True)
class Commitment:
    """The rule of one subject.

    Parameters
    ----------
    subject
        What is promised, as the ledger's `approvals` call it: price, customisation, timeline, roadmap …
    measure
        What of an offer is measured: `discount`, `customisation` and `services_share` are shares from 0 to 1; `timeline_promise` and
        `roadmap_promise` are 1 where such a promise was made; `implementation_days` are the days from the promise to its date.
    free
        Up to here nobody has to approve; of `implementation_days`: down to here.
    most
        Up to here it may be promised with an approval, beyond it never; None where an approval allows any.
    approver
        Whose approval it needs: the `role` in the ledger's `approvals`, such as finance.
    days
        Days within which the approver decides.

    Raises
    ------
    InputError
        When the rule contradicts itself.
    """

    subject: str
    measure: Measure
    free: float
    most: float | None = None
    approver: str = ""
    days: float = 3

    def __post_init__(self) -> None:
        """Refuse a rule that contradicts itself."""
        if self.measure not in get_args(Measure):
            raise InputError(f"commitment {self.subject!r}: measure {self.measure!r} is none of {', '.join(get_args(Measure))}")
        if self.most is not None and self.demands(self.most) < self.demands(self.free):
            raise InputError(f"commitment {self.subject!r}: free={self.free:g} promises more than most={self.most:g} allows")
        if self.most != self.free and not self.approver:
            raise InputError(f"commitment {self.subject!r}: more than free={self.free:g} needs an approval; name the approver")
        if self.days < 0:
            raise InputError(f"commitment {self.subject!r}: days={self.days:g} is negative")

    def demands(self, value: float) -> float:
        """How much a value promises: larger is more."""
        return -value if self.measure in FEWER_IS_MORE else value


@dataclass(frozen=True)
class CommitmentPolicy:
    """The commitments of a company: `models/commitments.py` has one as `COMMITMENTS`.

    Raises
    ------
    InputError
        When there is none, or two are of one subject.
    """

    commitments: tuple[Commitment, ...]

    def __post_init__(self) -> None:
        """Refuse a policy without rules, or with two of one subject."""
        subjects = [commitment.subject for commitment in self.commitments]
        if not subjects:
            raise InputError("a policy needs at least one commitment")
        if twice := next((subject for subject in subjects if subjects.count(subject) > 1), ""):
            raise InputError(f"commitment {twice!r}: there are two; a subject has one rule")
