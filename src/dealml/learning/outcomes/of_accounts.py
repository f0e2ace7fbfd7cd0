"""Outcomes of accounts: the last subscription is cancelled, or nothing is bought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
class Cancelled:
    """The account's last subscription is on record as cancelled."""

    needs: ClassVar[tuple[str, ...]] = ("subscriptions",)
    reads: ClassVar[tuple[str, ...]] = ()
    is_absence_of_event: ClassVar[bool] = False
    may_be_truncated: ClassVar[bool] = True
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
    may_be_truncated: ClassVar[bool] = False
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
