"""Outcomes of leads: it became a deal, or the deal that it became was won.

A lead is in play from its first record on. It leaves when it is converted or disqualified, and comes back when it is recycled. It
also leaves when nothing touched it for some time, and comes back with the next touch. A touch is an event of the lead, or an
activity with it. A lead without an end on record is censored, not lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dealml.as_of.states import states

UNTOUCHED_DAYS = 180
"""The days without a touch after which a lead leaves the population, by default."""

# A snapshot gets its account from the records of its moment, so that spells have none. Of the marks of one moment the last event
# decides whether the lead is in play from then on. Activities change nothing but the wait: only those at either end of a silence stay,
# which leaves few rows to sort.
_SPELLS = """
    WITH marks AS (
        SELECT lead_id, recorded_at AS moment, _order AS place, event NOT IN ('converted', 'disqualified') AS is_open,
               event IN ('created', 'recycled', 'converted', 'disqualified') AS decides
        FROM leads WHERE NOT _is_repeated
        {activities}),
    firsts AS (
        SELECT lead_id, min(moment) AS first_moment FROM marks WHERE place IS NOT NULL GROUP BY lead_id),
    waits AS (
        SELECT marks.*, coalesce(lead(moment) OVER turn > moment + INTERVAL {days} DAY, true) AS is_last,
               coalesce(moment > lag(moment) OVER turn + INTERVAL {days} DAY, true) AS is_first
        FROM marks JOIN firsts USING (lead_id) WHERE moment >= first_moment
        WINDOW turn AS (PARTITION BY lead_id ORDER BY moment)),
    moments AS (
        SELECT lead_id, moment, arg_max(is_open, place) FILTER (decides) AS becomes_open, bool_or(is_last) AS is_last
        FROM waits WHERE is_first OR is_last OR decides GROUP BY lead_id, moment),
    states AS (
        SELECT lead_id, moment,
               coalesce(last_value(becomes_open IGNORE NULLS) OVER past, true) AS is_open,
               CASE WHEN is_last THEN moment + INTERVAL {days} DAY ELSE lead(moment) OVER turn END AS until
        FROM moments
        WINDOW past AS (PARTITION BY lead_id ORDER BY moment ROWS UNBOUNDED PRECEDING),
               turn AS (PARTITION BY lead_id ORDER BY moment)),
    pieces AS (
        SELECT *, lag(until) OVER (PARTITION BY lead_id ORDER BY moment) IS DISTINCT FROM moment AS is_start FROM states WHERE is_open),
    runs AS (
        SELECT *, sum(is_start::INTEGER) OVER (PARTITION BY lead_id ORDER BY moment) AS run FROM pieces)
    SELECT lead_id, NULL::TEXT AS account_id, min(moment) AS since, max(until) AS until FROM runs GROUP BY lead_id, run"""
_ACTIVITIES = """
        UNION ALL
        SELECT a.lead_id, a.recorded_at, NULL, NULL, false FROM activities a SEMI JOIN leads USING (lead_id)
        WHERE NOT _is_repeated"""
_EVER = 365_000
"""Days of a wait without an end."""

_TOUCHES = """
    SELECT lead_id, date_trunc('hour', recorded_at) + INTERVAL 1 HOUR AS as_of FROM leads WHERE event = 'touched'
    UNION SELECT lead_id, date_trunc('hour', recorded_at) + INTERVAL 1 HOUR FROM activities WHERE lead_id IS NOT NULL"""


@dataclass(frozen=True)
class LeadOutcome:
    """What outcomes of leads have in common: when a lead is in play.

    Parameters
    ----------
    untouched_days
        The days without a touch after which a lead is in play no more, until the next one; None: it stays in play.
    """

    untouched_days: int | None = UNTOUCHED_DAYS

    reads: ClassVar[tuple[str, ...]] = ("activities",)
    is_absence_of_event: ClassVar[bool] = False
    may_be_truncated: ClassVar[bool] = True
    reverses_expectations: ClassVar[bool] = False
    excluding_events: ClassVar[str | None] = None
    condition: ClassVar[str] = ""
    extra_moments: ClassVar[str | None] = _TOUCHES
    settled: ClassVar[str | None] = None

    @property
    def spells(self) -> str:
        """When each lead was in play."""
        if self.untouched_days is None:
            return _SPELLS.format(days=_EVER, activities="")
        return _SPELLS.format(days=int(self.untouched_days), activities=_ACTIVITIES)


@dataclass(frozen=True)
class Converted(LeadOutcome):
    """The lead is on record as converted: it became a deal."""

    needs: ClassVar[tuple[str, ...]] = ("leads",)
    outcome_name: ClassVar[str] = "converted"
    events: ClassVar[str] = "SELECT DISTINCT lead_id, recorded_at FROM leads WHERE event = 'converted' AND NOT _is_repeated"


@dataclass(frozen=True)
class LeadWon(LeadOutcome):
    """The deal that the lead became is on record as won."""

    needs: ClassVar[tuple[str, ...]] = ("leads", "deals", "outcomes")
    outcome_name: ClassVar[str] = "won"
    # A win is of the deal's last life, and goes on record for the lead when both the win and the conversion have.
    events: ClassVar[str] = f"""
        SELECT DISTINCT l.lead_id, greatest(w.since, l.recorded_at) AS recorded_at
        FROM leads l LEFT JOIN last_deals d ON d.member_id = l.deal_id
        JOIN ({states()}) w ON w.deal_id = coalesce(d.last_id, l.deal_id) AND w.status = 'won'
        WHERE l.event = 'converted' AND NOT l._is_repeated"""
