"""How often deals of each forecast category were won by a period's end, in past periods."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from dealml.as_of.latest_values import latest_value
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.ledger.sql import literal
from dealml.period import Period

PERIODS = 4
"""Past periods that are looked at: a year of quarters."""
MIN_PAST_DEALS = 30
"""Fewer past deals say nothing."""

_CONVERSION = """
    WITH past(looked_at, starts, ends) AS (VALUES {moments}),
    spells AS ({states}),
    over AS (SELECT deal_id FROM spells WHERE until IS NULL AND status <> 'open' AND since < (SELECT min(looked_at) FROM past)),
    categories AS (
        SELECT looked_at, deal_id, any_value(starts) AS starts, any_value(ends) AS ends, {category} AS category, {close} AS close
        FROM {changes} ANTI JOIN over USING (deal_id), past
        WHERE field IN ('forecast_category', 'close_date') AND recorded_at < looked_at GROUP BY looked_at, deal_id),
    results AS (
        SELECT looked_at, deal_id,
               bool_or(status <> 'open' AND since < looked_at AND (until IS NULL OR until >= looked_at)) AS is_closed,
               bool_or(status = 'won' AND since >= looked_at AND since < ends) AS won
        FROM spells ANTI JOIN over USING (deal_id), past GROUP BY looked_at, deal_id)
    SELECT lower(regexp_replace(category, '[^A-Za-z]', '', 'g')) AS category, count(*) AS deals, count(*) FILTER (won) AS won
    FROM categories LEFT JOIN results USING (looked_at, deal_id)
    WHERE category IS NOT NULL AND NOT coalesce(is_closed, false) AND (close IS NULL OR (close >= starts AND close < ends))
    GROUP BY 1 ORDER BY 1"""


def plain(category: str) -> str:
    """A forecast category without case, blanks and signs: `Best Case` and `best_case` are the same."""
    return "".join(letter for letter in category.lower() if letter.isascii() and letter.isalpha())


def past_conversion(past: DealsAsOf, moment: datetime, period: Period, periods: int = PERIODS) -> pd.DataFrame:
    """Of the open deals of each category that were to close in a past period, how many were won in it from then on.

    Each past period is looked at from as many days before its end as the moment is before the period's own.

    Returns
    -------
    DataFrame
        `category` as `plain` has it, `deals` and `won`, over all periods that ended by the moment; no row where none did or no
        category is on record.
    """
    ahead, earlier = period.end - moment, period.previous
    spans: list[tuple[datetime, datetime, datetime]] = []
    while len(spans) < periods:
        if earlier.end <= moment:
            spans.append((earlier.end - ahead, earlier.start, earlier.end))
        earlier = earlier.previous
    if not {"deal_changes", "outcomes"} <= past.tables:
        return pd.DataFrame({"category": pd.Series(dtype="str"), "deals": pd.Series(dtype="int64"), "won": pd.Series(dtype="int64")})
    rows = ", ".join("(" + ", ".join(literal(moment) for moment in row) + ")" for row in spans)
    latest = {"category": latest_value("forecast_category", "text"), "close": latest_value("close_date", "moment")}
    return past.read(_CONVERSION.format(moments=rows, states=past.states, changes=past.in_order("deal_changes"), **latest))
