"""The deals of a waterfall at both of its moments: the same rows then and now, also of deals without a record at one of them."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from dealml.forecast.deals_as_of import DealsAsOf
from dealml.period import Period


def deals_then_and_now(past: DealsAsOf, period: Period, start: datetime, end: datetime) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every deal that mattered to a period at either of two moments, as it stood then and as it stands now, in the same order.

    Returns
    -------
    tuple of DataFrame
        The columns of `DealsAsOf.standing`; `status` is also absent (not created yet) or gone (deleted, or part of another record).
        Now also `record_change`: what the CRM did to the record since.
    """
    # The later moment is asked last: what is asked of `past` afterwards is of it.
    before = past.standing(start, period)
    now = with_gone(past.standing(end, period, since=start), before)
    now["record_change"] = now["deal_id"].map(past.record_changes(start))
    then = before.set_index("deal_id").reindex(now["deal_id"]).reset_index()
    then["status"] = then["status"].where(then["status"].notna(), _status_of_others(now, start))
    then["team"] = then["team"].where(then["team"].notna(), now["team"])
    return then, now


def with_gone(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """What stands now, and with status `gone` what stood before and has no record of its own any more, so that no money is lost."""
    gone = before[~before["deal_id"].isin(now["deal_id"])]
    if gone.empty:
        return now
    return pd.concat([now, gone.assign(status="gone")]).sort_values("deal_id", ignore_index=True)


def _status_of_others(now: pd.DataFrame, start: datetime) -> pd.Series:
    """How deals stood that did not matter then: not created yet, lost, or deleted.

    What had closed before, outside of the period, counted nothing then; it is there only because it changed since. What did not
    change was deleted then, or was merged since.
    """
    was_created, changed_since = now["known_at"] < pd.Timestamp(start), now["ended_at"] >= pd.Timestamp(start)
    return pd.Series(np.select([~was_created, changed_since], ["absent", "lost"], "gone"), index=now.index, dtype="str")
