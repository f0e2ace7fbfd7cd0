"""One reader of "as of": whoever looks at a moment sees the same deals open, at the same amounts."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.as_of.readers import READERS, Open, of_spells
from tests.ledger_fixtures import ledger_of

Row = dict[str, Any]
START = datetime(2025, 12, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number - 1)


def fact(occurred: float, recorded: float, sequence: int | None = None, **columns: Any) -> Row:
    return {"occurred_at": day(occurred), "recorded_at": day(recorded), "sequence": sequence, **columns}


def amount(value: int | None, occurred: float, recorded: float, sequence: int | None = None, deal: str = "D") -> Row:
    return fact(occurred, recorded, sequence, deal_id=deal, field="amount", amount=value)


CREATED = fact(1, 1, deal_id="D", account_id="A")


def read(reader: str, folder: Path, at: datetime, **facts: list[Row]) -> Open:
    filler = {"outcomes": [fact(1, 1, deal_id="nobody", outcome="lost")], "deal_changes": [amount(None, 1, 1, deal="nobody")]}
    return READERS[reader](ledger_of(folder / "ledger", {"deals": [CREATED], **filler, **facts}), at)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("moment", "is_open"), [(8, True), (15, False), (25, True)])
def test_lost_and_reopened_by_the_recorded_clock(reader: str, moment: int, is_open: bool, tmp_path: Path) -> None:
    """Lost on the 10th, recorded on the 11th; reopened on the 5th, recorded on the 20th."""
    outcomes = [fact(10, 11, deal_id="D", outcome="lost"), fact(5, 20, deal_id="D", outcome="reopened")]
    assert ("D" in read(reader, tmp_path, day(moment), outcomes=outcomes)) == is_open


@pytest.mark.parametrize("reader", READERS)
def test_a_cleared_amount_is_unknown_and_not_the_one_before(reader: str, tmp_path: Path) -> None:
    changes = [amount(100, 1, 1), amount(None, 5, 5)]
    assert read(reader, tmp_path / "before", day(5), deal_changes=changes) == {"D": 100}
    assert read(reader, tmp_path / "after", day(6), deal_changes=changes) == {"D": None}


@pytest.mark.parametrize("reader", READERS)
def test_an_amount_that_was_true_earlier_does_not_replace_a_later_one(reader: str, tmp_path: Path) -> None:
    assert read(reader, tmp_path, day(9), deal_changes=[amount(100, 4, 4), amount(70, 2, 8)]) == {"D": 100}


@pytest.mark.parametrize("reader", READERS)
def test_what_is_recorded_at_the_moment_is_not_on_record_before_it(reader: str, tmp_path: Path) -> None:
    outcomes = [fact(7, 7, deal_id="D", outcome="won")]
    assert read(reader, tmp_path, day(7), deal_changes=[amount(100, 2, 2), amount(70, 7, 7)], outcomes=outcomes) == {"D": 100}


class Company:
    """Facts of some deals, full of ties, repeats, corrections, late records and cleared amounts; and of what became of their records."""

    MOMENTS = (3.0, 8.0, 8.5, 15.0, 20.0, 31.0)

    def __init__(self, seed: int, record_events: int = 0) -> None:
        self.draw, self.sequence = random.Random(seed), 0
        self.deals, self.outcomes, self.changes = list[Row](), list[Row](), list[Row]()
        for deal in (f"D{number:02d}" for number in range(20)):
            self.deals += [self._fact(1, 12, deal_id=deal, account_id="A") for _ in range(self.draw.choice([1, 1, 1, 2]))]
            for _ in range(self.draw.choice([0, 1, 1, 2, 5])):
                self.outcomes.append(self._fact(1, 32, deal_id=deal, outcome=self.draw.choice(["won", "won", "lost", "reopened"])))
            for _ in range(self.draw.choice([0, 1, 2, 5])):
                value = self.draw.choice([None, 100, 250, 0, 70])
                self.changes.append(self._fact(1, 32, deal_id=deal, field="amount", amount=value))
        self.events = [self._event() for _ in range(record_events)]

    def _event(self) -> Row:
        what = self.draw.choice(["deleted", "deleted", "restored", "restored", "merged"])
        loser, into = sorted(self.draw.sample([*(f"D{number:02d}" for number in range(20)), "N"], 2))
        return self._fact(2, 32, record_id=loser, kind="deal", event=what, into_id=into if what == "merged" else None)

    @property
    def facts(self) -> dict[str, list[Row]]:
        """The tables of a ledger."""
        tables = {"deals": self.deals, "outcomes": self.outcomes, "deal_changes": self.changes}
        return tables | ({"record_events": self.events} if self.events else {})

    def records(self, at: datetime) -> Callable[[str], str | None]:
        """What became of a deal's record by a moment: the id of the one that it is part of, None where that is deleted."""
        into, gone = dict[str, str](), set[str]()

        def survivor(deal: str) -> str:
            return survivor(into[deal]) if deal in into else deal

        ranks = ("merged", "deleted", "restored")
        told = [row for row in self.events if row["recorded_at"] < at]
        for row in sorted(told, key=lambda row: (row["recorded_at"], ranks.index(row["event"]), row["record_id"], row["into_id"] or "")):
            deal = row["record_id"]
            if row["event"] == "merged" and deal not in into and survivor(row["into_id"]) != deal:
                into[deal] = row["into_id"]
            elif row["event"] == "deleted" and deal not in into:
                gone.add(deal)
            elif row["event"] == "restored" and deal not in into:
                gone.discard(deal)
        return lambda deal: None if survivor(deal) in gone else survivor(deal)

    def _fact(self, first: int, last: int, **columns: Any) -> Row:
        self.sequence += 1
        recorded = self.draw.choice([float(self.draw.randint(first, last)), *(at for at in self.MOMENTS if first <= at <= last)])
        occurred = recorded - self.draw.choice([0, 0, 0, 2, 9, -3])
        return fact(occurred, recorded, self.sequence, **columns)

    def open_at(self, at: datetime) -> Open:
        """The rule in words: the last record says the state, the last occurrence the amount."""
        found: Open = {}
        record = self.records(at)
        for deal in sorted({name for row in self.deals if row["recorded_at"] < at and (name := record(row["deal_id"]))}):
            outcomes = [row for row in self.outcomes if record(row["deal_id"]) == deal and row["recorded_at"] < at]
            outcomes.sort(key=lambda row: (row["recorded_at"], row["occurred_at"], row["sequence"]))
            if outcomes and outcomes[-1]["outcome"] != "reopened":
                continue
            changes = [row for row in self.changes if record(row["deal_id"]) == deal and row["recorded_at"] < at]
            changes.sort(key=lambda row: (row["occurred_at"], row["recorded_at"], row["sequence"]))
            found[deal] = changes[-1]["amount"] if changes else None
        return found


def deep(*seeds: int) -> list[Any]:
    """Seeds of the slow proof."""
    return [pytest.param(seed, marks=pytest.mark.deep) for seed in seeds]


def agree(company: Company, folder: Path) -> None:
    ledger = ledger_of(folder / "ledger", company.facts)
    for at in (day(number) for number in Company.MOMENTS):
        expected = company.open_at(at)
        assert {name: reader(ledger, at) for name, reader in READERS.items()} == dict.fromkeys(READERS, expected)
        assert of_spells(ledger, at) == set(expected)


@pytest.mark.parametrize("seed", [0, *deep(1, 2, 3)])
def test_every_reader_sees_the_same_open_deals_at_the_same_amounts(seed: int, tmp_path: Path) -> None:
    agree(Company(seed), tmp_path)


@pytest.mark.parametrize("seed", [0, *deep(*range(1, 8))])
def test_every_reader_follows_records_that_are_deleted_restored_and_merged(seed: int, tmp_path: Path) -> None:
    agree(Company(seed, record_events=14), tmp_path)
