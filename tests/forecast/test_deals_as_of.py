"""How deals stood, silences and conversions, against slow, obvious loops over random histories full of ties."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dealml.forecast.deals_as_of import FIELDS, DealsAsOf
from dealml.forecast.waterfall.category_conversion import past_conversion, plain
from dealml.forecast.waterfall.inactivity import usual_silence
from dealml.period import Period
from tests.ledger_fixtures import ledger_of

Row = dict[str, Any]
QUARTER = Period.parse("2025Q2")
START = datetime(2025, 3, 20, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MOMENTS = [QUARTER.start, datetime(2025, 5, 5, 9, 30, tzinfo=UTC), QUARTER.end, QUARTER.end + TICK]
VALUES: dict[str, list[Any]] = {
    "amount": [Decimal("100"), Decimal("250.5"), Decimal("0")],
    "currency": ["EUR", "USD", "PLN"],
    "close_date": [datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 8, 1, tzinfo=UTC)],
    "team": ["North", "South"],
    "name": ["One", "Two"],
    "stage": ["Early", "Late"],
    "forecast_category": ["Commit", "Best Case", "pipeline"],
    "competitor": ["Them", "Others"],
}


class Histories:
    """Facts of some deals around the moments that are looked at."""

    def __init__(self, seed: int, deals: int = 25) -> None:
        self.random = random.Random(seed)
        self.sequence = 0
        ids = [f"D{number:02d}" for number in range(deals)]
        self.tables: dict[str, list[Row]] = {
            "deals": [self.fact(deal_id=deal, account_id="A", at=START + timedelta(days=self.random.randint(-60, 40))) for deal in ids],
            "outcomes": [],
            "deal_changes": [],
            "activities": [],
            "rates": [self.fact(currency=currency, rate=rate) for currency in ("USD", "PLN") for rate in (0.8, 0.9, 1.1)],
        }
        for deal in ids:
            for _ in range(self.random.choice([0, 0, 1, 1, 2, 3])):
                outcome = self.random.choice(["won", "won", "lost", "reopened"])
                self.tables["outcomes"].append(
                    self.fact(deal_id=deal, outcome=outcome, reason=self.random.choice([None, "Price"]), competitor=None)
                )
            for field, values in VALUES.items():
                for _ in range(self.random.choice([0, 1, 2, 3])):
                    self.tables["deal_changes"].append(self.fact(deal_id=deal, field=field) | {FIELDS[field]: self.random.choice(values)})
            for _ in range(self.random.choice([0, 1, 4])):
                self.tables["activities"].append(self.fact(deal_id=deal, activity="call"))

    def fact(self, at: datetime | None = None, **own: Any) -> Row:
        anywhere = START + timedelta(hours=self.random.randint(0, 24 * 110))
        recorded = at or self.random.choice([anywhere, anywhere, *MOMENTS, MOMENTS[1] - TICK])
        self.sequence += 1
        occurred = self.random.choice([recorded, recorded, recorded - timedelta(days=2), recorded + timedelta(days=3)])
        return {"recorded_at": recorded, "occurred_at": occurred, "sequence": self.sequence, **own}

    def known(self, name: str, deal: str, at: datetime) -> list[Row]:
        """A deal's facts on record before a moment, in the order in which features see them."""
        own = [row for row in self.tables[name] if row.get("deal_id") == deal and row["recorded_at"] < at]
        return sorted(own, key=lambda row: (row["occurred_at"], row["recorded_at"], row["sequence"]))

    def ends(self, deal: str, at: datetime) -> list[Row]:
        known = self.known("outcomes", deal, at)
        return sorted(known, key=lambda row: (row["recorded_at"], known.index(row)))

    def status(self, deal: str, at: datetime) -> str:
        ends = self.ends(deal, at)
        return "open" if not ends or ends[-1]["outcome"] == "reopened" else ends[-1]["outcome"]

    def state_since(self, deal: str, at: datetime) -> datetime | None:
        """When the deal's present state first went on record; None where it was never closed."""
        since, status = None, "open"
        for row in self.ends(deal, at):
            said = "open" if row["outcome"] == "reopened" else row["outcome"]
            since, status = (row["recorded_at"], said) if said != status else (since, status)
        known_at = min((row["recorded_at"] for row in self.known("deals", deal, at)), default=START)
        return max(since, known_at) if since else None

    def won_at(self, deal: str, at: datetime) -> datetime | None:
        """When the win on record was first recorded."""
        return self.state_since(deal, at) if self.status(deal, at) == "won" else None

    def latest(self, deal: str, field: str, at: datetime) -> Any:
        own = [row for row in self.known("deal_changes", deal, at) if row["field"] == field]
        return own[-1][FIELDS[field]] if own else None

    def rate(self, currency: str, at: datetime) -> float:
        own = [row for row in self.tables["rates"] if row["currency"] == currency and row["recorded_at"] < at]
        own = sorted(own, key=lambda row: (row["occurred_at"], row["recorded_at"], row["sequence"]))
        return own[-1]["rate"] if own else 1.0 if currency == "EUR" else float("nan")

    def active_at(self, deal: str, at: datetime) -> datetime | None:
        return max((row["occurred_at"] for row in self.known("activities", deal, at) if row["occurred_at"] <= at), default=None)

    def matter(self, at: datetime, since: datetime) -> list[str]:
        found = []
        for deal in sorted(row["deal_id"] for row in self.tables["deals"] if row["recorded_at"] < at):
            closed, won = self.state_since(deal, at), self.won_at(deal, at)
            if self.status(deal, at) == "open" or (closed and closed >= since) or (won and QUARTER.holds(won)):
                found.append(deal)
        return found


def past_of(told: Histories, folder: Path, end: datetime) -> DealsAsOf:
    return DealsAsOf.of(ledger_of(folder / "ledger", told.tables), end, "EUR")


@pytest.mark.parametrize("seed", range(6))
def test_deals_stand_as_the_facts_on_record_say(seed: int, tmp_path: Path) -> None:
    told = Histories(seed)
    past, seen = past_of(told, tmp_path, MOMENTS[-1]), set()
    for at in MOMENTS:
        since = at - timedelta(days=self_days(seed))
        table = past.standing(at, QUARTER, since)
        assert table["deal_id"].tolist() == told.matter(at, since)
        for row in table.to_dict("records"):
            deal, status, won = row["deal_id"], told.status(row["deal_id"], at), told.won_at(row["deal_id"], at)
            seen.add(status)
            assert row["status"] == status
            if status == "won":
                assert row["won_at"] == won
            currency = told.latest(deal, "currency", at) or "EUR"
            assert row["currency"] == currency
            np.testing.assert_equal(row["rate"], told.rate(currency, won if status == "won" and won else at))
            assert row["team"] == (told.latest(deal, "team", at) or "")
            for field in ("name", "stage", "forecast_category", "competitor", "amount"):
                expected = told.latest(deal, field, at)
                assert pd.isna(row[field]) if expected is None else row[field] == (float(expected) if field == "amount" else expected)
            for name, moment in (("close", told.latest(deal, "close_date", at)), ("active_at", told.active_at(deal, at))):
                assert pd.isna(row[name]) if moment is None else row[name] == moment
    assert seen >= {"open", "won"}
    assert ("lost" in seen) == (self_days(seed) > 0)


def self_days(seed: int) -> int:
    """How long before each moment closings still matter."""
    return [0, 10, 40][seed % 3]


def test_a_bare_ledger_has_open_deals_without_anything_else(tmp_path: Path) -> None:
    row = {"recorded_at": START, "occurred_at": START, "sequence": 1, "deal_id": "D1", "account_id": None}
    past = DealsAsOf.of(ledger_of(tmp_path / "ledger", {"deals": [row]}), QUARTER.start, "EUR")
    found = past.standing(QUARTER.start, QUARTER).iloc[0]
    assert (found["deal_id"], found["status"], found["team"], found["rate"]) == ("D1", "open", "", 1.0)
    assert pd.isna(found["amount"])
    assert pd.isna(found["close"])
    assert len(usual_silence(past)) == len(past_conversion(past, QUARTER.start, QUARTER)) == 0


@pytest.mark.parametrize("seed", range(6))
def test_the_longest_silences_of_won_deals(seed: int, tmp_path: Path) -> None:
    told, end = Histories(seed, deals=60), MOMENTS[-1]
    longest: dict[tuple[str, str | None], float] = {}
    for deal in (row["deal_id"] for row in told.tables["deals"] if row["recorded_at"] < end):
        if told.status(deal, end) != "won":
            continue
        won = told.won_at(deal, end)
        assert won is not None
        created = min(row["occurred_at"] for row in told.known("deals", deal, end))
        active = [row["occurred_at"] for row in told.known("activities", deal, end) if created < row["occurred_at"] < won]
        stages = [row for row in told.known("deal_changes", deal, end) if row["field"] == "stage" and row["recorded_at"] < won]
        for moment in {*active, *(row["recorded_at"] for row in stages), won}:
            last = max([one for one in active if one < moment] + ([created] if created < moment else []), default=None)
            before = sorted((row for row in stages if row["recorded_at"] < moment), key=lambda row: row["recorded_at"])
            if last is None or len({row["recorded_at"] for row in before}) < len(before):
                continue  # two stages at one instant have no order that matters here
            key = (deal, before[-1]["text"] if before else None)
            longest[key] = max(longest.get(key, 0.0), (moment - last) / timedelta(days=1))
    found = usual_silence(past_of(told, tmp_path, end), share=1.0)
    compared = {None if pd.isna(row["stage"]) else row["stage"]: (row["won"], row["days"]) for row in found.to_dict("records")}
    assert len(longest) > 10
    for stage in ("Early", "Late"):
        own = [days for (_, at), days in longest.items() if at == stage]
        assert compared[stage][1] == pytest.approx(max(own))
        assert compared[stage][0] >= len(own)


@pytest.mark.parametrize("seed", range(6))
def test_past_conversion_counts_what_was_open_and_due(seed: int, tmp_path: Path) -> None:
    told, now = Histories(seed, deals=60), datetime(2025, 9, 10, tzinfo=UTC)
    period, expected = Period.around(now), {}
    asked = [(QUARTER, QUARTER.end - (period.end - now))]
    for past, moment in asked:
        for deal in (row["deal_id"] for row in told.tables["deals"]):
            category, close = told.latest(deal, "forecast_category", moment), told.latest(deal, "close_date", moment)
            if category is None or told.status(deal, moment) != "open" or (close is not None and not past.holds(close)):
                continue
            won = any(
                row["outcome"] == "won" and moment <= row["recorded_at"] < past.end
                for row in told.tables["outcomes"]
                if row["deal_id"] == deal
            )
            deals, wins = expected.get(plain(category), (0, 0))
            expected[plain(category)] = (deals + 1, wins + won)
    found = past_conversion(past_of(told, tmp_path, now), now, period, periods=1)
    assert {row["category"]: (row["deals"], row["won"]) for row in found.to_dict("records")} == expected
    assert sum(deals for deals, _ in expected.values()) > 3
