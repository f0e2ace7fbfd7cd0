"""The company's own lead score: points for who somebody is and for all that they do, mails opened most of all."""

from __future__ import annotations

import numpy as np
import pandas as pd

WHO = {
    "Seniority": {"Executive": 20, "Director": 15, "Manager": 5},
    "SizeClass": {"Enterprise": 15, "Mid-market": 5},
}
DID = {"Form": 10, "Event": 10, "Reply": 10, "Mail opened": 8, "Page view": 4}
STEP = 25
"""Points on the CRM's record are renewed in the night after the score entered another step of these many."""


def point_rows(who: pd.DataFrame, touches: pd.DataFrame, created: pd.Series) -> pd.DataFrame:
    """`lead`, `Points`, `occurred` and `recorded`: the points at the creation, and then at each step.

    Parameters
    ----------
    who
        The persons, in the order of the leads.
    touches
        As `touch_rows` gives them.
    created
        When each lead came in.
    """
    start = np.add.reduce([who[column].map(points).fillna(0).to_numpy(int) for column, points in WHO.items()])
    first = pd.DataFrame({"lead": np.arange(len(who)), "Points": start, "occurred": created, "recorded": created})
    did = touches[touches["Kind"].isin(list(DID))].sort_values(["lead", "occurred"], kind="stable")
    total = did["Kind"].map(DID).groupby(did["lead"]).cumsum() + start[did["lead"]]
    night = did["occurred"].dt.normalize() + pd.Timedelta(hours=23, minutes=30)
    daily = pd.DataFrame({"lead": did["lead"], "Points": total, "occurred": night, "recorded": night + pd.Timedelta(minutes=10)})
    rows = pd.concat([first, daily.drop_duplicates(["lead", "occurred"], keep="last")], ignore_index=True)
    rows = rows.sort_values(["lead", "occurred"], kind="stable", ignore_index=True)
    step = rows["Points"] // STEP
    return rows[(step != step.shift()) | (rows["lead"] != rows["lead"].shift())].reset_index(drop=True)
