"""An extract with clocks adds the same facts however it is split over files and weeks, in any order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.importing.company_fixtures import Company

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, account_id: account, occurred_at: at, recorded_at: at}
      - file: changes.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at, sequence: number}
        attributes: {stage: {column: stage, order: [Lead, Offer]}, amount: {column: amount, type: amount}}
      - file: calls.csv
        into: activities
        columns: {deal_id: id, activity: {constant: call}, occurred_at: at, recorded_at: at, minutes: amount}
    """
TABLES = ("deals", "deal_changes", "activities")


def rows(chance: random.Random) -> dict[str, tuple[str, list[str]]]:
    """Random rows of each file, with the header."""
    days = [f"2026-01-{day:02}" for day in range(1, 20)]
    changes = [f"D{chance.randrange(5)},{chance.choice(days)},{n},{chance.choice(['Lead', 'Offer'])},{n % 7}" for n in range(30)]
    calls = [f"D{chance.randrange(5)},{chance.choice(days)},{chance.randrange(3)}" for _ in range(20)]
    return {
        "deals": ("id,account,at", [f"D{n},A{n % 2},2026-01-01" for n in range(5)]),
        "changes": ("id,at,number,stage,amount", changes),
        "calls": ("id,at,amount", calls),
    }


@pytest.mark.parametrize("seed", range(3))
def test_splitting_and_repeating_an_extract_changes_no_fact(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files = rows(chance)
    whole, split, weekly = (Company(tmp_path / name) for name in ("whole", "split", "weekly"))
    whole.week("2026-02-01", MAPPING, **{name: "\n".join([head, *lines]) for name, (head, lines) in files.items()})
    shuffled = {name: (head, chance.sample(lines, len(lines))) for name, (head, lines) in files.items()}
    for week in range(3):
        at = f"2026-02-{week + 1:02}"
        third = {name: "\n".join([head, *lines[week::3]]) for name, (head, lines) in shuffled.items()}
        longer = {name: "\n".join([head, *lines[: len(lines) * (week + 1) // 3]]) for name, (head, lines) in shuffled.items()}
        # Many facts come before their deal: they wait for it.
        split.week(at, MAPPING, allow_quarantine=True, **third)
        weekly.week(at, MAPPING, allow_quarantine=True, **longer)
    assert whole.ledger.digest == split.ledger.digest == weekly.ledger.digest
    assert len(whole.facts("deal_changes")) == 60
