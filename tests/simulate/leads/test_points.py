"""The company's own points for leads reward what says nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.leads.points import STEP, point_rows
from tests.simulate.conftest import Simulated, times


def test_points_grow_with_mails_opened_and_mails_say_nothing(full: Simulated):
    events, history, touches = full.table("LeadEvent"), full.table("LeadHistory"), full.table("LeadActivity")
    created = events[events["Status"] == "Created"].set_index("LeadNumber").assign(at=lambda t: times(t["HappenedOn"]))["at"]
    became = created.index.isin(events[events["Status"] == "Converted"]["LeadNumber"]).astype(float)
    month = times(touches["HappenedOn"]) - touches["LeadNumber"].map(created) < pd.Timedelta(days=14)

    def counted(*kinds: str) -> pd.Series:
        rows = touches[month & touches["Kind"].isin(kinds)]
        return rows.groupby("LeadNumber").size().reindex(created.index, fill_value=0).rank()

    points = pd.to_numeric(history["Points"]).groupby(history["LeadNumber"]).max().reindex(created.index)
    converted = pd.Series(became, created.index)
    assert counted("Mail opened").corr(points) > 0.15
    assert counted("Form", "Reply", "Event").corr(converted) > counted("Mail opened").corr(converted) + 0.1


def test_points_are_renewed_in_the_night_after_a_step():
    who = pd.DataFrame({"Seniority": ["Executive", "Staff"], "SizeClass": ["SMB", "Enterprise"]})
    created = pd.Series(pd.to_datetime(["2024-01-01 09:00", "2024-01-01 10:00"]))
    opened = pd.to_datetime(["2024-01-02 09:00", "2024-01-02 10:00", "2024-01-03 09:00"])
    rows = point_rows(who, pd.DataFrame({"lead": 0, "Kind": "Mail opened", "occurred": opened}), created)
    assert STEP == 25
    assert rows["lead"].tolist() == [0, 0, 1]
    assert rows["Points"].tolist() == [20, 36, 15]
    assert rows["occurred"].dt.strftime("%d %H:%M").tolist() == ["01 09:00", "02 23:30", "01 10:00"]
    assert np.array_equal(rows["recorded"] >= rows["occurred"], [True] * 3)
