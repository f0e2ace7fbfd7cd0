"""Snapshots and events against slow, obvious loops over random histories full of ties."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ibis.backends.duckdb import Backend

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.learning.outcomes.of_accounts import Cancelled, Silent
from dealml.learning.outcomes.of_deals import Lost, Won
from dealml.learning.outcomes.of_leads import Converted, LeadWon
from dealml.learning.outcomes.outcome import Outcome
from dealml.learning.snapshots import at_stake, history
from dealml.learning.training_rows import labelled
from dealml.ledger.ledger import Ledger
from tests.learning import lead_snapshot_oracle as oracle
from tests.ledger_fixtures import ledger_of

Row = dict[str, Any]
MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ENDS = [MONDAY + timedelta(weeks=6), MONDAY + timedelta(weeks=9, hours=5), MONDAY + timedelta(weeks=9, hours=5) + TICK]


class Chance:
    """Random facts around Mondays: on the instant, a tick beside it, at a full hour, or anywhere."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def moment(self) -> datetime:
        at = MONDAY + timedelta(weeks=self.random.randint(-2, 10))
        return self.random.choice(
            [
                at,
                at,
                at + TICK,
                at - TICK,
                at + timedelta(hours=self.random.randint(1, 160)),
                at + timedelta(hours=self.random.uniform(0, 160)),
                at + timedelta(hours=9),
                at + timedelta(hours=8, minutes=30),  # its snapshot is taken at nine
                self.random.choice(ENDS),
            ]
        )

    def facts(self, most: int, **own: list[Any]) -> list[Row]:
        """Some facts; each of `own` draws from its list."""
        rows = []
        for _ in range(self.random.randint(0, most)):
            recorded = self.moment()
            occurred = self.random.choice([recorded, recorded, recorded - timedelta(days=2), self.moment()])
            rows.append(
                {"recorded_at": recorded, "occurred_at": occurred, "sequence": self.random.choice([1, 2, 3])}
                | {name: self.random.choice(among) for name, among in own.items()}
            )
        return rows


def deals(seed: int, count: int = 300) -> dict[str, list[Row]]:
    chance = Chance(seed)
    facts: dict[str, list[Row]] = {"deals": [], "outcomes": [], "deal_changes": []}
    for number in range(count):
        deal = {"deal_id": f"D{number}"}
        created = chance.facts(2, account_id=["A1", "A2", None]) or [
            {"recorded_at": MONDAY, "occurred_at": MONDAY, "sequence": 1, "account_id": "A3"}
        ]
        facts["deals"] += [deal | row for row in created]
        facts["outcomes"] += [deal | row for row in chance.facts(4, outcome=["won", "lost", "reopened"], reason=[None, "price"])]
        facts["deal_changes"] += [deal | row for row in chance.facts(3, field=["stage", "stage", "owner"], text=["a", "b"])]
    return facts


def subscriptions(seed: int, count: int = 300) -> dict[str, list[Row]]:
    chance = Chance(seed)
    rows = [
        {"account_id": f"A{number}"} | row
        for number in range(count)
        for row in chance.facts(6, event=["start", "start", "cancellation", "renewal"], subscription_id=["s1", "s2"])
    ]
    return {"subscriptions": rows}


def purchases(seed: int, count: int = 300) -> dict[str, list[Row]]:
    chance = Chance(seed)
    rows = [{"account_id": f"A{number}"} | row for number in range(count) for row in chance.facts(3, quantity=[1.0, 2.0, None, -1.0, 0.0])]
    return {"purchases": rows}


def leads(seed: int) -> dict[str, list[Row]]:
    return oracle.random_leads(Chance(seed), MONDAY - timedelta(weeks=20))


def known(facts: dict[str, list[Row]], table: str, key: str, entity: str, before: datetime) -> list[Row]:
    return [row for row in facts[table] if row[key] == entity and row["recorded_at"] < before]


def deal_is_open(facts: dict[str, list[Row]], deal: str, moment: datetime) -> bool:
    if not known(facts, "deals", "deal_id", deal, moment):
        return False
    told = known(facts, "outcomes", "deal_id", deal, moment)
    last = max(told, key=lambda r: (r["recorded_at"], r["occurred_at"], r["sequence"], r["outcome"], r["reason"] or "~"), default=None)
    return last is None or last["outcome"] == "reopened"


def account_subscribes(facts: dict[str, list[Row]], account: str, moment: datetime) -> bool:
    events = [row["event"] for row in known(facts, "subscriptions", "account_id", account, moment)]
    return events.count("start") > events.count("cancellation")


def bought(facts: dict[str, list[Row]], account: str, before: datetime) -> list[datetime]:
    rows = known(facts, "purchases", "account_id", account, before)
    return sorted(row["recorded_at"] for row in rows if row["quantity"] is None or row["quantity"] > 0)


def account_bought_lately(facts: dict[str, list[Row]], account: str, moment: datetime) -> bool:
    return any(moment - at <= timedelta(days=20) for at in bought(facts, account, moment))


def wins(facts: dict[str, list[Row]], deal: str, end: datetime) -> list[datetime]:
    return [row["recorded_at"] for row in known(facts, "outcomes", "deal_id", deal, end) if row["outcome"] == "won"]


def losses(facts: dict[str, list[Row]], deal: str, end: datetime) -> list[datetime]:
    return [row["recorded_at"] for row in known(facts, "outcomes", "deal_id", deal, end) if row["outcome"] == "lost"]


def endings(facts: dict[str, list[Row]], account: str, end: datetime) -> list[datetime]:
    moments = [row["recorded_at"] for row in known(facts, "subscriptions", "account_id", account, end) if row["event"] != "renewal"]
    return [moment for moment in moments if not account_subscribes(facts, account, moment + TICK)]


def stage_moments(facts: dict[str, list[Row]], entity: str, end: datetime) -> list[datetime]:
    changes = [row["recorded_at"] for row in known(facts, "deal_changes", "deal_id", entity, end) if row["field"] == "stage"]
    return [at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) for at in changes]


CASES = {
    "won": (deals, Won(), "deal_id", deal_is_open, wins, stage_moments),
    "lost": (deals, Lost(), "deal_id", deal_is_open, losses, stage_moments),
    "cancelled": (subscriptions, Cancelled(), "account_id", account_subscribes, endings, None),
    "converted": (leads, Converted(oracle.UNTOUCHED_DAYS), "lead_id", oracle.lead_is_in_play, oracle.conversions, oracle.touch_moments),
    "lead-won": (leads, LeadWon(oracle.UNTOUCHED_DAYS), "lead_id", oracle.lead_is_in_play, oracle.lead_wins, oracle.touch_moments),
    "silent": (purchases, Silent(active_days=20, horizon_days=14), "account_id", account_bought_lately, bought, None),
}
Case = tuple[dict[str, list[Row]], Outcome, str, Callable[..., bool], Callable[..., list[datetime]], Any, Ledger]


@pytest.fixture(scope="module", params=[(name, seed) for name in CASES for seed in (1, 2)], ids=lambda p: f"{p[0]}-{p[1]}")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    name, seed = request.param
    make, *rest = CASES[name]
    facts = make(seed)
    return (facts, *rest, ledger_of(tmp_path_factory.mktemp(name), facts))


@pytest.fixture(scope="module")
def con() -> Backend:
    return connect()


def entities(facts: dict[str, list[Row]], key: str) -> list[str]:
    return sorted({row[key] for rows in facts.values() for row in rows if key in row})


def utc(moment: Any) -> datetime:
    at: datetime = pd.Timestamp(moment).tz_convert("UTC").to_pydatetime()
    return at


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("weekly_only", [False, True])
def test_history_is_what_a_loop_finds(case: Case, con: Backend, end: datetime, weekly_only: bool) -> None:
    facts, outcome, key, at_stake_then, happened, extra, ledger = case
    table = history(con, known_tables(con, ledger, end), key, outcome, end, weekly_only=weekly_only).to_pandas()
    found = {(row[key], utc(row["as_of"])): None if pd.isna(row["event_at"]) else utc(row["event_at"]) for row in table.to_dict("records")}
    mondays = [MONDAY + timedelta(weeks=n) for n in range(-3, 14) if MONDAY + timedelta(weeks=n) < end]
    expected = {}
    for entity in entities(facts, key):
        moments = mondays if weekly_only or not extra else mondays + [m for m in extra(facts, entity, end) if m < end]
        came = happened(facts, entity, end)
        for moment in moments:
            if at_stake_then(facts, entity, moment):
                expected[entity, moment] = min((at for at in came if at >= moment), default=None)
    assert found == expected
    assert len(table) == len(found)
    assert (table["as_of"] == table["known_by"]).all()
    assert (table["since"] < table["as_of"]).all()
    assert len(expected) > 100


@pytest.mark.parametrize("end", [*ENDS, MONDAY, MONDAY + TICK, MONDAY - timedelta(weeks=9)])
def test_what_is_at_stake_is_what_a_loop_finds(case: Case, con: Backend, end: datetime) -> None:
    facts, outcome, key, at_stake_then, _, _, ledger = case
    table = at_stake(con, known_tables(con, ledger, end), key, outcome, end).to_pandas()
    assert sorted(table[key]) == [entity for entity in entities(facts, key) if at_stake_then(facts, entity, end)]


def fate(facts: dict[str, list[Row]], deal: str, moment: datetime, over: datetime) -> float | None:
    """Of a deal open at a moment: lost before another or not; None where it was won before that, whatever else happened."""
    told = [row for row in facts["outcomes"] if row["deal_id"] == deal and moment <= row["recorded_at"] < over]
    if any(row["outcome"] == "won" for row in told):
        return None
    return float(any(row["outcome"] == "lost" for row in told))


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("end", ENDS)
def test_losses_are_learned_from_what_was_not_won(con: Backend, tmp_path: Path, seed: int, end: datetime) -> None:
    facts, horizons = deals(seed), (7, 14, 35)
    tables = known_tables(con, ledger_of(tmp_path, facts), end)
    rows = labelled(history(con, tables, "deal_id", Lost(), end).to_pandas(), "deal_id", horizons, end)
    moments = (datetime.fromisoformat(f"{moment}+00:00") for moment in rows.as_of)
    found = dict(zip(zip(rows.entities, moments, rows.horizon, strict=True), rows.label, strict=True))
    expected = {}
    for deal in entities(facts, "deal_id"):
        mondays = [MONDAY + timedelta(weeks=n) for n in range(-3, 14)]
        for moment in [m for m in [*mondays, *stage_moments(facts, deal, end)] if m < end and deal_is_open(facts, deal, m)]:
            for days in horizons:
                over = moment + timedelta(days=days)
                label = fate(facts, deal, moment, over)
                if over <= end and label is not None:
                    expected[deal, moment, float(days)] = label
    assert found == expected
    assert len(rows) == len(found)
    assert {0.0, 1.0} == set(found.values())


def test_a_deal_won_after_it_was_lost_is_won(con: Backend, tmp_path: Path) -> None:
    """Lost, reopened and won within the horizon: it teaches nothing of losing; at a shorter horizon it was lost."""
    told = [("lost", 3), ("reopened", 8), ("won", 20)]
    clocks = [{"occurred_at": MONDAY + timedelta(days=day), "recorded_at": MONDAY + timedelta(days=day)} for day in (-1, 3, 8, 20)]
    facts: dict[str, list[Row]] = {"deals": [{"deal_id": "D1", "account_id": "A1"} | clocks[0]]}
    facts["outcomes"] = [{"deal_id": "D1", "outcome": outcome} | clock for (outcome, _), clock in zip(told, clocks[1:], strict=True)]
    end = MONDAY + timedelta(days=100)
    table = history(con, known_tables(con, ledger_of(tmp_path, facts), end), "deal_id", Lost(), end, weekly_only=True).to_pandas()
    rows = labelled(table[table["as_of"] == MONDAY], "deal_id", (3, 7, 20, 30), end)
    assert dict(zip(rows.horizon, rows.label, strict=True)) == {3.0: 0.0, 7.0: 1.0, 20.0: 1.0}


def test_the_account_of_a_deal_is_that_of_the_moment(con: Backend, tmp_path: Path) -> None:
    moments = [MONDAY - timedelta(days=days) for days in (20, 10, 10)]
    rows = [
        {"deal_id": "D1", "account_id": account, "sequence": number, "occurred_at": moments[0], "recorded_at": at}
        for number, (account, at) in enumerate(zip((None, "A2", "A1"), moments, strict=True))
    ]
    closed = {"deal_id": "D2", "outcome": "won", "occurred_at": MONDAY, "recorded_at": MONDAY}
    tables = known_tables(con, ledger_of(tmp_path, {"deals": rows, "outcomes": [closed]}), MONDAY)
    table = history(con, tables, "deal_id", Won(), MONDAY).to_pandas().sort_values("as_of")
    assert table["account_id"].fillna("").tolist() == ["", "A1"]
    assert at_stake(con, tables, "deal_id", Won(), MONDAY).to_pandas()["account_id"].tolist() == ["A1"]
