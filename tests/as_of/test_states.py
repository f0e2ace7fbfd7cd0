"""States of deals, against the rule in words: what was recorded last says the state, repeats say nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd
import pytest

from dealml.as_of.states import closings, open_spells, states

START = datetime(2025, 12, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number - 1)


class Deals:
    """Deals and outcomes in a database: each outcome is (deal, outcome, occurred on, recorded on)."""

    def __init__(self, outcomes: list[tuple[str, str, float, float]], created: float = 1) -> None:
        self.con = duckdb.connect()
        self.con.execute("SET TimeZone = 'UTC'")
        names = {name for name, *_ in outcomes} | {"D"}
        self.con.execute(
            "CREATE TABLE outcomes (deal_id TEXT, outcome TEXT, occurred_at TIMESTAMPTZ, recorded_at TIMESTAMPTZ,"
            " reason TEXT, competitor TEXT, _order BIGINT)"
        )
        clocks = {"occurred_at": day(created), "recorded_at": day(created), "_order": 1}
        rows = [
            {
                "deal_id": name,
                "outcome": outcome,
                "occurred_at": day(occurred),
                "recorded_at": day(recorded),
                "reason": None,
                "competitor": None,
            }
            for name, outcome, occurred, recorded in outcomes
        ]
        rows.sort(key=lambda row: (row["occurred_at"], row["recorded_at"]))
        table = [row | {"_order": place} for place, row in enumerate(rows)]
        self.con.register("deals", pd.DataFrame([{"deal_id": deal, **clocks} for deal in sorted(names)]))
        if table:
            self.con.register("rows", pd.DataFrame(table))
            self.con.execute("INSERT INTO outcomes BY NAME SELECT * FROM rows")

    def rows(self, query: str) -> list[dict[str, Any]]:
        return self.con.sql(query).to_arrow_table().to_pylist()

    def status(self, moment: datetime, deal: str = "D") -> str:
        spells = [
            s for s in self.rows(states()) if s["deal_id"] == deal and s["since"] < moment and (s["until"] is None or moment <= s["until"])
        ]
        return "absent" if not spells else str(spells[0]["status"])


def test_a_state_goes_by_when_it_was_recorded() -> None:
    deals = Deals([("D", "lost", 10, 11), ("D", "reopened", 5, 20)])
    assert [deals.status(day(number)) for number in (8, 15, 25)] == ["open", "lost", "open"]


def test_a_win_recorded_again_is_one_win() -> None:
    deals = Deals([("D", "won", 20, 20), ("D", "won", 90, 90)])
    (won,) = [row for row in deals.rows(closings()) if row["status"] == "won"]
    assert (won["since"], won["until"], won["occurred_at"]) == (day(20), None, day(20))


def test_a_corrected_date_counts_from_its_record() -> None:
    deals = Deals([("D", "won", 20, 20), ("D", "won", 18, 90)])
    (won,) = [row for row in deals.rows(closings()) if row["status"] == "won"]
    assert (won["since"], won["occurred_at"]) == (day(20), day(18))


def test_a_deal_that_was_never_closed_is_not_reopened() -> None:
    deals = Deals([("D", "reopened", 5, 5)])
    assert [(row["since"], row["until"]) for row in deals.rows(open_spells())] == [(day(1), None)]


def test_a_win_undone_in_its_own_instant_holds_no_moment() -> None:
    deals = Deals([("D", "won", 4, 9), ("D", "reopened", 5, 9)])
    assert [deals.status(day(number)) for number in (8, 9, 10)] == ["open"] * 3


@pytest.mark.parametrize("seed", range(6))
def test_a_state_is_that_of_the_last_record(seed: int) -> None:
    """Against a loop; what is recorded later changes no earlier state."""
    draw = random.Random(seed)
    outcomes = []
    for name in "DEFGH":
        for _ in range(draw.choice([0, 1, 2, 4])):
            recorded = draw.randint(1, 30)
            outcomes.append(
                (name, draw.choice(["won", "lost", "reopened"]), recorded + draw.choice([0, 0, -3, 2]) + draw.random() / 9, recorded)
            )
    deals = Deals(outcomes, created=3)
    for number in range(2, 34):
        moment = day(number)
        for name in {name for name, *_ in outcomes}:
            known = sorted(
                (recorded, occurred, outcome) for deal, outcome, occurred, recorded in outcomes if deal == name and recorded < number
            )
            expected = "absent" if number <= 3 else "open" if not known or known[-1][2] == "reopened" else known[-1][2]
            assert deals.status(moment, name) == expected
