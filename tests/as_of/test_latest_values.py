"""One reader of "as of": whoever looks at a moment sees the same deals open, at the same amounts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.as_of.random_deals import Company, Row, day, fact
from tests.as_of.readers import READERS, Open, of_spells
from tests.ledger_fixtures import ledger_of


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
