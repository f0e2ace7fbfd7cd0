"""How often deals of each forecast category were won by a period's end, in past periods."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from dealml.forecast.deals_as_of import DealsAsOf
from dealml.ledger.sql import literal
from dealml.period import Period

PERIODS = 4
"""Past periods that are looked at: a year of quarters."""
MIN_PAST_DEALS = 30
"""Fewer past deals say nothing."""

_CONVERSION = """
    WITH past(moment, starts, ends) AS (VALUES {moments}),
    over AS (SELECT deal_id FROM outcomes GROUP BY deal_id HAVING max(recorded_at) < (SELECT min(moment) FROM past)
             AND arg_max(outcome, (recorded_at, occurred_at, coalesce(sequence, -1))) <> 'reopened'),
    categories AS (
        SELECT moment, deal_id, any_value(starts) AS starts, any_value(ends) AS ends,
               arg_max(text, (occurred_at, recorded_at, sequence)) FILTER (field = 'forecast_category') AS category,
               arg_max(moment_, (occurred_at, recorded_at, sequence)) FILTER (field = 'close_date') AS close
        FROM (SELECT deal_id, field, text, moment AS moment_, occurred_at, recorded_at, coalesce(sequence, -1) AS sequence
              FROM deal_changes ANTI JOIN over USING (deal_id) WHERE field IN ('forecast_category', 'close_date')), past
        WHERE recorded_at < moment GROUP BY moment, deal_id),
    results AS (
        SELECT moment, deal_id,
               arg_max(outcome, (recorded_at, occurred_at, coalesce(sequence, -1))) FILTER (recorded_at < moment) AS before,
               coalesce(bool_or(outcome = 'won') FILTER (recorded_at >= moment AND recorded_at < ends), false) AS won
        FROM (SELECT * FROM outcomes ANTI JOIN over USING (deal_id)), past GROUP BY moment, deal_id)
    SELECT lower(regexp_replace(category, '[^A-Za-z]', '', 'g')) AS category, count(*) AS deals, count(*) FILTER (won) AS won
    FROM categories LEFT JOIN results USING (moment, deal_id)
    WHERE category IS NOT NULL AND (before IS NULL OR before = 'reopened') AND (close IS NULL OR (close >= starts AND close < ends))
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
    return past.read(_CONVERSION.format(moments=rows))
