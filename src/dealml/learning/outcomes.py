"""Outcomes: the events that models predict, and the facts that record them.

An outcome says when an entity is at stake (its spells: since < moment <= until) and when what is
predicted goes on record (its events). Both use the recorded clock: a label is what the company
knew, so nothing recorded later can change it. An outcome that is predicted on a condition also names
the events that break it (unless): a row with one of them within its horizon teaches nothing.
Queries read tables with the hidden columns of `dealml.as_of.corrected_events`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dealml.as_of.states import open_spells, states
from dealml.entities import OutcomeWord
from dealml.learning.lead_outcomes import Converted, LeadWon

_OPEN_DEALS = f"""
    WITH created AS (
        SELECT deal_id, any_value(account_id ORDER BY recorded_at, _order) AS account_id FROM deals GROUP BY deal_id)
    SELECT deal_id, account_id, since, until FROM ({open_spells()}) JOIN created USING (deal_id)"""

_STAGE_CHANGES = """
    SELECT deal_id, date_trunc('hour', recorded_at) + INTERVAL 1 HOUR AS as_of
    FROM deal_changes WHERE field = 'stage'"""

# A corrected row tells of no other event. One that was moved to another account takes with it what it brought, and is no cancellation.
_RUNNING_SUBSCRIPTIONS = """
    signs AS (
        SELECT *, CASE event WHEN 'start' THEN 1 ELSE -1 END AS sign FROM subscriptions WHERE event IN ('start', 'cancellation')),
    told AS (
        SELECT account_id, recorded_at AS moment, sign, false AS is_withdrawal FROM signs WHERE NOT _is_repeated
        UNION ALL SELECT account_id, _moved_at, -sign, true FROM signs WHERE _moved_at IS NOT NULL),
    marks AS (
        SELECT *, sum(sign) OVER (PARTITION BY account_id ORDER BY moment RANGE UNBOUNDED PRECEDING) AS running FROM told)"""

_BOUGHT = "(quantity IS NULL OR quantity > 0) AND NOT _is_repeated"


@dataclass(frozen=True)
class Won:
    """The deal is on record as won."""

    needs: ClassVar[tuple[str, ...]] = ("deals", "outcomes")
    reads: ClassVar[tuple[str, ...]] = ()
    """Tables that are read where the ledger has them."""
    is_absence_of_event: ClassVar[bool] = False
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
    outcome_name: ClassVar[str] = "lost"
    reverses_expectations: ClassVar[bool] = True

    spells: ClassVar[str] = _OPEN_DEALS
    events: ClassVar[str] = f"SELECT deal_id, since AS recorded_at FROM ({states()}) WHERE status = 'lost'"
    excluding_events: ClassVar[str | None] = Won.events
    condition: ClassVar[str] = "if it is not won by then"
    extra_moments: ClassVar[str | None] = _STAGE_CHANGES
    settled: ClassVar[str | None] = None


@dataclass(frozen=True)
class Cancelled:
    """The account's last subscription is on record as cancelled."""

    needs: ClassVar[tuple[str, ...]] = ("subscriptions",)
    reads: ClassVar[tuple[str, ...]] = ()
    is_absence_of_event: ClassVar[bool] = False
    outcome_name: ClassVar[str] = "cancelled"
    reverses_expectations: ClassVar[bool] = False
    excluding_events: ClassVar[str | None] = None
    condition: ClassVar[str] = ""

    spells: ClassVar[str] = f"""
        WITH {_RUNNING_SUBSCRIPTIONS},
        states AS (SELECT DISTINCT account_id, moment, running FROM marks),
        spans AS (
            SELECT *, lead(moment) OVER (PARTITION BY account_id ORDER BY moment) AS until FROM states)
        SELECT account_id, moment AS since, until FROM spans WHERE running > 0"""

    events: ClassVar[str] = f"""
        WITH {_RUNNING_SUBSCRIPTIONS}
        SELECT DISTINCT account_id, moment AS recorded_at FROM marks WHERE running <= 0 AND NOT is_withdrawal"""

    extra_moments: ClassVar[str | None] = None
    settled: ClassVar[str | None] = "SELECT account_id FROM subscriptions WHERE event IN ('cancellation', 'renewal')"


@dataclass(frozen=True)
class Silent:
    """The account, which bought something lately, buys nothing within the horizon.

    Parameters
    ----------
    active_days
        How long after a purchase an account counts as active.
    horizon_days
        The only horizon of this outcome: silence grows less likely with time, not more.
    """

    active_days: int = 180
    horizon_days: int = 90

    needs: ClassVar[tuple[str, ...]] = ("purchases",)
    reads: ClassVar[tuple[str, ...]] = ()
    is_absence_of_event: ClassVar[bool] = True
    outcome_name: ClassVar[str] = "silent"
    reverses_expectations: ClassVar[bool] = False
    excluding_events: ClassVar[str | None] = None
    condition: ClassVar[str] = ""
    extra_moments: ClassVar[str | None] = None
    settled: ClassVar[str | None] = None
    events: ClassVar[str] = f"SELECT DISTINCT account_id, recorded_at FROM purchases WHERE {_BOUGHT}"

    @property
    def spells(self) -> str:
        """Active spells: each lasts until `active_days` after its last purchase."""
        return f"""
            WITH marks AS (
                SELECT account_id, recorded_at AS moment, max(coalesce(_moved_at, 'infinity'::TIMESTAMPTZ)) AS moved_at
                FROM purchases WHERE {_BOUGHT} GROUP BY ALL)
            SELECT account_id, moment AS since,
                   least(coalesce(lead(moment) OVER (PARTITION BY account_id ORDER BY moment), 'infinity'::TIMESTAMPTZ),
                         moment + INTERVAL {self.active_days} DAY, moved_at) AS until
            FROM marks"""


Outcome = Won | Lost | Cancelled | Silent | Converted | LeadWon

OUTCOME_WORDS: dict[str, OutcomeWord] = {"won": "win", "cancelled": "leave", "silent": "leave", "converted": "convert"}
"""What an entity does where an outcome comes, by its name; of those that models with pages of their own predict."""
