"""From closed deals to scenarios, with rates counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from dealml import WinScenarios, per
from dealml.scenarios.conditions import ScenarioCondition
from dealml.scenarios.mined import mined_scenarios

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)


@per("deal_id", "deal_changes")
def segment(change):
    """Segment."""
    return change.latest(change.text, where=change.field == "segment")


@per("deal_id", "deal_changes")
def trigger(change):
    """Trigger."""
    return change.latest(change.text, where=change.field == "trigger")


DEFINITION = WinScenarios(features=(segment, trigger))


def closed_deals(deals=1200):
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"segment": rng.choice(["SMB", "Enterprise"], deals), "trigger": rng.choice(["Audit", "Merger", None], deals)})
    both = (table["segment"] == "SMB") & (table["trigger"] == "Audit")
    ended = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 720, deals), "D")
    return table.assign(had=(rng.random(deals) < np.where(both, 0.6, 0.2)).astype(float), ended_at=ended)


def test_a_scenario_counts_its_deals_in_all_and_by_half_year():
    closed = closed_deals()
    mined, (matches,) = mined_scenarios(closed, DEFINITION, AS_OF)
    (scenario,) = mined.all
    assert scenario.conditions == (ScenarioCondition("segment", "SMB"), ScenarioCondition("trigger", "Audit"))
    inside = closed[(closed["segment"] == "SMB") & (closed["trigger"] == "Audit")]
    assert closed[matches].equals(inside)
    assert (scenario.deals, scenario.won) == (len(inside), int(inside["had"].sum()))
    assert (mined.deals, mined.won, mined.rules) == (len(closed), int(closed["had"].sum()), 8)
    halves = {half.name: (half.deals, half.won) for half in scenario.half_years}
    in_2024h2 = inside[(inside["ended_at"] >= "2024-07-01") & (inside["ended_at"] < "2025-01-01")]
    assert halves["2024H2"] == (len(in_2024h2), int(in_2024h2["had"].sum()))
    assert sum(deals for deals, _ in halves.values()) == len(inside)
    assert scenario.rate.usual == pytest.approx(closed["had"].mean(), abs=0.02)
    assert scenario.rate.low < 0.6 < scenario.rate.high


def test_a_cross_section_has_scenarios_without_half_years():
    mined, _ = mined_scenarios(closed_deals().drop(columns="ended_at"), DEFINITION, AS_OF)
    (scenario,) = mined.all
    assert scenario.half_years == ()


def test_rules_below_the_least_lift_are_left_out():
    mined, matches = mined_scenarios(closed_deals(), WinScenarios(features=(segment, trigger), least_lift=5), AS_OF)
    assert mined.all == ()
    assert matches == []


@pytest.mark.parametrize("deals", [0, 60])
def test_few_deals_are_said_to_be_few(deals):
    closed = closed_deals(1200).head(deals).assign(trigger=None)
    mined, matches = mined_scenarios(closed, DEFINITION, AS_OF)
    assert (mined.all, matches) == ((), [])
    won = int(closed["had"].sum())
    assert mined.notes[0] == f"scenarios need 40 won and 40 lost deals; there are {won} won and {deals - won} lost"
    assert mined.notes[1].startswith("without two values in this ledger, so in no rule:")
