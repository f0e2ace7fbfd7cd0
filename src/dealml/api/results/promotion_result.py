"""What a promotion returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.jobs.modelling.champion_challenger import ChallengerComparison


@dataclass(frozen=True)
class PromotionResult:
    """A challenger that was judged by the promotion gate.

    Example
    -------
    >>> result = project.promote_if_earned("deal_win")
    >>> result is None or result.promoted
    """

    model: str
    version: int
    """The challenger's."""
    promoted: bool
    """Whether every condition of the gate holds; the challenger is the champion then."""
    message: str
    """The verdict in one sentence."""
    conditions: pd.DataFrame
    """The conditions of the gate: `condition`, `holds`, `measured`."""


def promotion_result(comparison: ChallengerComparison) -> PromotionResult:
    """A comparison of challenger and champion as its public form."""
    import pandas as pd

    registered, judgement = comparison.challenger.registered, comparison.judgement
    conditions = [(condition.name, condition.passed, condition.message) for condition in judgement.conditions]
    return PromotionResult(
        registered.name,
        registered.version,
        judgement.passed,
        judgement.message,
        pd.DataFrame(conditions, columns=["condition", "holds", "measured"]),
    )
