"""How long won deals were silent at each stage."""

from __future__ import annotations

import pandas as pd

from dealml.forecast.deals_as_of import DealsAsOf

SHARE = 0.9
"""Of won deals: a deal that is silent for longer than they ever were is stale."""
MIN_WON_DEALS = 30
"""Fewer won deals at a stage say nothing of what is usual there."""

_LONGEST = """
    WITH ends AS (SELECT deal_id, since AS won_at FROM ({states}) WHERE until IS NULL AND status = 'won'),
    won AS (
        SELECT deal_id, won_at, min(occurred_at) AS created_at FROM deals JOIN ends USING (deal_id) GROUP BY deal_id, won_at),
    marks AS (
        SELECT deal_id, created_at AS moment, 0 AS kind, created_at AS active_at, NULL::VARCHAR AS stage FROM won
        UNION ALL
        SELECT deal_id, occurred_at, 1, occurred_at, NULL FROM activities JOIN won USING (deal_id)
        WHERE occurred_at > created_at AND occurred_at < won_at
        UNION ALL {stages}
        UNION ALL SELECT deal_id, won_at, 3, NULL, NULL FROM won),
    seen AS (
        SELECT deal_id, moment, last_value(active_at IGNORE NULLS) OVER earlier AS active_at,
               last_value(stage IGNORE NULLS) OVER earlier AS stage
        FROM marks WINDOW earlier AS (PARTITION BY deal_id ORDER BY moment, kind ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    longest AS (
        SELECT deal_id, stage, max(epoch_us(moment) - epoch_us(active_at)) / 86400e6 AS days
        FROM seen WHERE active_at IS NOT NULL GROUP BY deal_id, stage)
    SELECT stage, count(*) AS won, quantile_cont(days, {share}) AS days FROM longest GROUP BY stage ORDER BY stage"""

_STAGES = """
        SELECT deal_id, recorded_at, 2, NULL, text FROM deal_changes JOIN won USING (deal_id)
        WHERE field = 'stage' AND recorded_at < won_at"""


def usual_silence(past: DealsAsOf, share: float = SHARE) -> pd.DataFrame:
    """By stage, the inactivity that `share` of won deals never exceeded.

    A deal is silent from its last activity (at first: from when it was created) to the next one, to its next stage or to the win,
    whichever comes first; its longest such time at a stage is what counts.

    Returns
    -------
    DataFrame
        `stage` (empty where none was on record), `won` deals that were at it, and `days`, which `share` of them never exceeded.
        Without activities on record it has no row.
    """
    if not {"activities", "outcomes"} <= past.tables:
        return pd.DataFrame({"stage": pd.Series(dtype="str"), "won": pd.Series(dtype="int64"), "days": pd.Series(dtype="float64")})
    stages = _STAGES if "deal_changes" in past.tables else "SELECT NULL, NULL, 2, NULL, NULL WHERE false"
    return past.read(_LONGEST.format(states=past.states, stages=stages, share=float(share)))
