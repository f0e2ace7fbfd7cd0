"""Touches of leads: in order, recorded after the lead, and ours with who did them."""

from __future__ import annotations

import pandas as pd

from tests.simulate.conftest import Simulated, times


def test_touches_come_between_the_creation_and_the_conversion(small: Simulated):
    touches, events = small.table("LeadActivity"), small.table("LeadEvent")
    at = times(touches["HappenedOn"])
    moments = events.assign(at=times(events["HappenedOn"])).pivot_table(index="LeadNumber", columns="Status", values="at", aggfunc="first")
    assert (at > touches["LeadNumber"].map(moments["Created"]) - pd.Timedelta(minutes=30)).all()
    assert not (at > touches["LeadNumber"].map(moments["Converted"])).any()
    entered = times(events["EnteredOn"]).set_axis(events["LeadNumber"])[events["Status"].eq("Created").to_numpy()]
    assert (times(touches["LoggedOn"]) >= touches["LeadNumber"].map(entered)).all()
    ours = touches["Direction"] == "Outbound"
    assert set(touches["Kind"][ours]) == {"Call", "Mail"}
    assert (touches["DoneBy"][ours] != "").all()
