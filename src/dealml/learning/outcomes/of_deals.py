"""Outcomes of deals: won, or lost if not won."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dealml.as_of.states import open_spells, states

_OPEN_DEALS = f"""
    WITH created AS (
        SELECT deal_id, any_value(account_id ORDER BY recorded_at, _order) AS account_id FROM deals GROUP BY deal_id)
    SELECT deal_id, account_id, since, until FROM ({open_spells()}) JOIN created USING (deal_id)"""

_STAGE_CHANGES = """
    SELECT deal_id, date_trunc('hour', recorded_at) + INTERVAL 1 HOUR AS as_of
    FROM deal_changes WHERE field = 'stage'"""


@dataclass(frozen=True)
class Won:
    """The deal is on record as won."""

    needs: ClassVar[tuple[str, ...]] = ("deals", "outcomes")
    reads: ClassVar[tuple[str, ...]] = ()
    """Tables that are read where the ledger has them."""
    is_absence_of_event: ClassVar[bool] = False
    may_be_truncated: ClassVar[bool] = False
    """Whether rows from before the first event on record are left out where it came late (`dealml.learning.left_truncation`)."""
    outcome_name: ClassVar[str] = "won"
    reverses_expectations: ClassVar[bool] = False
    """Whether the declared `expect` of features is for the opposite outcome: what helps to win lowers the chance to lose."""

    spells: ClassVar[str] = _OPEN_DEALS
    events: ClassVar[str] = f"SELECT deal_id, since AS recorded_at FROM ({states()}) WHERE status = 'won'"
    excluding_events: ClassVar[str | None] = None
    """Events that take a row out when they come within its horizon: the outcome is predicted on condition that none does."""
    condition: ClassVar[str] = ""
    """The same in words."""

    extra_moments: ClassVar[str | None] = _STAGE_CHANGES
    """A snapshot at the first full hour after each change of stage."""

    settled: ClassVar[str | None] = "SELECT deal_id FROM outcomes WHERE outcome IN ('won', 'lost')"
    """Query for the entities of a cross-section whose outcome is on record; None where the outcome needs dates."""


@dataclass(frozen=True)
class Lost:
    """The deal is on record as lost, of those that are not won within the horizon."""

    needs: ClassVar[tuple[str, ...]] = Won.needs
    reads: ClassVar[tuple[str, ...]] = ()
    is_absence_of_event: ClassVar[bool] = False
    may_be_truncated: ClassVar[bool] = False
    outcome_name: ClassVar[str] = "lost"
    reverses_expectations: ClassVar[bool] = True

    spells: ClassVar[str] = _OPEN_DEALS
    events: ClassVar[str] = f"SELECT deal_id, since AS recorded_at FROM ({states()}) WHERE status = 'lost'"
    excluding_events: ClassVar[str | None] = Won.events
    condition: ClassVar[str] = "if it is not won by then"
    extra_moments: ClassVar[str | None] = _STAGE_CHANGES
    settled: ClassVar[str | None] = None
