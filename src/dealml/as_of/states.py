"""States of deals: open, won or lost, and since when; every reader of the ledger gets them from here.

A state goes by when the company knew: by the recorded clock, then by occurrence, then in sequence. Outcomes that repeat a deal's
state change nothing, so a win that is recorded again is one win, at its first record, and a deal that was never closed is not
reopened. What is recorded later changes no earlier state.
"""

from __future__ import annotations

_TURNS = """
    WITH created AS (SELECT deal_id, min(recorded_at) AS first_recorded FROM {deals} GROUP BY deal_id),
    marks AS (
        SELECT deal_id, first_recorded AS moment, '-infinity'::TIMESTAMPTZ AS recorded_at, 0 AS place, 'open' AS status,
               NULL::TIMESTAMPTZ AS occurred_at, NULL::TEXT AS reason, NULL::TEXT AS competitor
        FROM created
        UNION ALL
        SELECT deal_id, greatest(recorded_at, first_recorded), recorded_at, _order,
               CASE outcome WHEN 'reopened' THEN 'open' ELSE outcome END, occurred_at, reason, competitor
        FROM {outcomes} JOIN created USING (deal_id) WHERE outcome IN ('won', 'lost', 'reopened')),
    changes AS (
        SELECT *, lag(status) OVER (PARTITION BY deal_id ORDER BY moment, recorded_at, place) IS DISTINCT FROM status AS is_change
        FROM marks),
    turns AS (
        SELECT *, sum(is_change::INTEGER) OVER (PARTITION BY deal_id ORDER BY moment, recorded_at, place) AS turn FROM changes)"""

_STATES = """
    SELECT deal_id, status, moment AS since, lead(moment) OVER (PARTITION BY deal_id ORDER BY turn) AS until, turn
    FROM turns WHERE is_change"""

_CLOSINGS = """
    SELECT deal_id, turn, any_value(status) AS status, min(moment) AS since,
           lead(min(moment)) OVER (PARTITION BY deal_id ORDER BY turn) AS until,
           arg_max(occurred_at, (recorded_at, place)) FILTER (is_change OR occurred_at < recorded_at) AS occurred_at,
           arg_max(reason, (recorded_at, place)) AS reason, arg_max(competitor, (recorded_at, place)) AS competitor
    FROM turns GROUP BY deal_id, turn"""


def states(deals: str = "deals", outcomes: str = "outcomes") -> str:
    """The query of every spell of a deal in one state.

    Parameters
    ----------
    deals, outcomes
        The names of the tables, or queries in brackets, with `_order` (`dealml.as_of.known_tables.in_order`).

    Returns
    -------
    str
        SQL that gives `deal_id`, `status` (open, won or lost), `since` (when it went on record), `until` (when the next state did;
        null where it lasts) and `turn` (1 for the first spell). A deal is in a state at a moment if `since < moment <= until`; what
        ended in the instant in which it began is a spell that holds no moment.
    """
    return _TURNS.format(deals=deals, outcomes=outcomes) + _STATES


def open_spells(deals: str = "deals", outcomes: str = "outcomes") -> str:
    """The query of the spells in which a deal is open: `deal_id`, `since`, `until`."""
    return f"SELECT deal_id, since, until FROM ({states(deals, outcomes)}) WHERE status = 'open' AND (until IS NULL OR until > since)"


def closings(deals: str = "deals", outcomes: str = "outcomes") -> str:
    """The query of each time that a deal was won, lost or reopened, as told by all that is on record.

    Returns
    -------
    str
        SQL that gives `deal_id`, `status`, `turn`, `since`, `until` (as in `states`; `turn` 1 is the creation), `occurred_at`, `reason`
        and `competitor`. The moment of occurrence is that of the first record, or of the last correction: a later record of the same
        state that speaks of an earlier moment than its own. A record of the same state that speaks of its own moment states it again.
    """
    return _TURNS.format(deals=deals, outcomes=outcomes) + _CLOSINGS
