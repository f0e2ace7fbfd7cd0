"""Hours to come: the average over all past moments in the same stage, against a walk through every hour."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dealml.as_of.connection import connect
from dealml.economics import cases
from dealml.economics.effort import cost_to_pursue, hours_to_come
from dealml.economics.ledger_tables import open_tables
from dealml.economics.settings import EconomicsSettings, LookAlikeRule
from tests.economics.economics_fixtures import AT, Facts, at, day, deal, hours, merged
from tests.ledger_fixtures import ledger_of

SETTINGS = EconomicsSettings(look_alikes=LookAlikeRule(least_cases=1, strength=1e-9), cost_per_hour={"seller": 50, "legal": 100})


def random_deals(seed: int) -> tuple[Facts, dict[str, list]]:
    """Closed deals with two stages and bookings of hours, in whole hours of the clock; and the same as plain numbers."""
    chance, parts, plain = random.Random(seed), [], {"deals": [], "hours": []}
    for number in range(12):
        created, middle, closed = sorted(chance.sample(range(10, 200), 3), reverse=True)
        name = f"d{number}"
        parts.append(deal(name, created, "Discovery", lost=closed))
        parts.append({"deal_changes": [{"deal_id": name, "field": "stage", "text": "Proposal", "number": 2.0, **at(day(middle))}]})
        plain["deals"].append((name, [("Discovery", created, middle), ("Proposal", middle, closed)]))
        for _ in range(chance.randint(0, 6)):
            worked, role, length = chance.uniform(closed - 5, created), chance.choice(["seller", "legal"]), chance.uniform(0.5, 4)
            parts.append(hours(name, worked, length, role))
            plain["hours"].append((name, worked, role, length, closed))
    return merged(*parts), plain


def stage_table(folder: Path, facts: Facts) -> tuple[pd.DataFrame, list[str]]:
    con = connect()
    open_tables(con, ledger_of(folder, facts), AT, "EUR")
    roles = cases.roles_of(con)
    return cases.stage_hours(con, AT, roles), roles


def by_walking(plain: dict[str, list], stage: str, role: str, step: float = 0.25) -> float:
    """The average of the hours still to come over moments a quarter of a day apart at which a deal was in a stage."""
    seen = []
    for name, spells in plain["deals"]:
        for spell, begins, ends in spells:
            if spell == stage:
                moments = np.arange(ends + step / 2, begins, step)
                worked = [
                    (ago, length) for other, ago, who, length, closed in plain["hours"] if (other, who) == (name, role) and ago >= closed
                ]
                seen += [sum(length for ago, length in worked if ago < moment) for moment in moments]
    return float(np.mean(seen))


@pytest.mark.parametrize("seed", range(3))
def test_hours_to_come_are_the_average_over_all_moments_in_the_stage(tmp_path: Path, seed: int) -> None:
    facts, plain = random_deals(seed)
    stages, roles = stage_table(tmp_path / "ledger", facts)
    wanted = pd.DataFrame({"stage": ["Discovery", "Proposal"], "segment": ["SMB", "SMB"]})
    got = hours_to_come(wanted, stages, roles, SETTINGS)
    for role in roles:
        expected = [by_walking(plain, stage, role) for stage in wanted["stage"]]
        assert got[role].value.tolist() == pytest.approx(expected, rel=0.02, abs=0.02)


def test_without_time_entries_the_minutes_of_activities_count_as_the_sellers(tmp_path: Path) -> None:
    call = {"deal_id": "d", "activity": "call", "minutes": 90.0, **at(day(150))}
    stages, roles = stage_table(tmp_path / "ledger", merged(deal("d", 200, lost=100), {"activities": [call]}))
    assert roles == ["seller"]
    assert (stages["seller"] / stages["days"]).tolist() == pytest.approx([1.5 * 50 / 100])


def test_a_deal_without_stages_counts_from_its_creation(tmp_path: Path) -> None:
    facts = merged(deal("d", 200, lost=100), hours("d", 150, 4))
    facts["deal_changes"] = [row for row in facts["deal_changes"] if row["field"] != "stage"]
    stages, roles = stage_table(tmp_path / "ledger", facts)
    got = hours_to_come(pd.DataFrame({"stage": ["Proposal"], "segment": ["SMB"]}), stages, roles, SETTINGS)["seller"]
    assert (got.value[0], got.source[0]) == (2.0, "look-alikes: the whole company, n=1")


def test_hours_after_the_deal_closed_are_no_hours_to_win_it(tmp_path: Path) -> None:
    stages, roles = stage_table(tmp_path / "ledger", merged(deal("d", 200, won=100), hours("d", 150, 4), hours("d", 50, 99)))
    assert stages["seller"].sum() == pytest.approx(4 * 50)


def test_of_lately_created_deals_only_the_quick_ones_are_closed_so_those_of_a_year_ago_count(tmp_path: Path) -> None:
    old = [deal(f"old{number}", 500, lost=300) for number in range(cases.RIPE_DEALS)]
    facts = merged(*old, hours("old0", 400, 4), deal("quick", 30, lost=20))
    assert "quick" not in set(stage_table(tmp_path / "l", facts)[0]["deal_id"])
    fewer = merged(*old[:-1], hours("old0", 400, 4), deal("quick", 30, lost=20))
    assert "quick" in set(stage_table(tmp_path / "m", fewer)[0]["deal_id"])


def test_a_corrected_booking_counts_once(tmp_path: Path) -> None:
    first, again = hours("d", 150, 4), hours("d", 150, 6)
    again["time_entries"][0]["recorded_at"] += timedelta(days=1)
    stages, _ = stage_table(tmp_path / "ledger", merged(deal("d", 200, won=100), first, again))
    assert stages["seller"].sum() == pytest.approx(6 * 50)


def test_the_cost_is_that_of_all_roles() -> None:
    stages = pd.DataFrame({"stage": ["A"], "segment": ["SMB"], "days": [10.0], "seller": [20.0], "legal": [5.0]})
    got = hours_to_come(stages[["stage", "segment"]], stages, ["seller", "legal"], SETTINGS)
    assert cost_to_pursue(got, SETTINGS, 1).value[0] == pytest.approx(2 * 50 + 0.5 * 100)


def test_without_hours_or_their_cost_it_is_unknown_and_says_which() -> None:
    assert cost_to_pursue({}, SETTINGS, 1).source[0].startswith("missing: no hours of closed deals on record")
    stages = pd.DataFrame({"stage": ["A"], "segment": ["SMB"], "days": [10.0], "chef": [20.0]})
    got = hours_to_come(stages[["stage", "segment"]], stages, ["chef"], SETTINGS)
    assert "no cost of an hour of chef; add it to cost_per_hour" in cost_to_pursue(got, SETTINGS, 1).source[0]
