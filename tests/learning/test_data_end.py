"""The end of the data: the earliest of the latest extracts that say when they were taken, else the last event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dealml.as_of.connection import connect
from dealml.learning.data_end import data_end
from dealml.ledger.ledger import Ledger
from tests.ledger_fixtures import ledger_of as facts_of


def at(day: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)


def clocks(day: int) -> dict[str, Any]:
    return {"occurred_at": at(day), "recorded_at": at(day)}


OLD = {"deals": [{"deal_id": "d", **clocks(0)}], "outcomes": [{"deal_id": "d", "outcome": "won", **clocks(9)}]}


class Dated(Ledger):
    """A ledger whose batches say when their extracts were taken."""

    extracts: tuple[dict[str, datetime], ...] = ()

    def _batches(self) -> Any:
        parts = super()._batches()
        texts = ({name: moment.isoformat() for name, moment in each.items()} for each in self.extracts)
        return [(folder, replace(manifest, extracted=text)) for (folder, manifest), text in zip(parts * 9, texts, strict=False)]


def end_of(folder: Path, *extracts: dict[str, datetime], **options: Any) -> datetime:
    ledger = Dated(facts_of(folder, OLD).folder)
    ledger.extracts = extracts or ({},)
    return data_end(connect(), ledger, **options) - timedelta(microseconds=1)


def test_costs_and_quotas_do_not_move_the_end_of_the_data(tmp_path: Path) -> None:
    ahead = {
        "costs": [{"cost_id": "k", "kind": "sales", "value": 1, **clocks(90)}],
        "quotas": [{"quota_id": "q", "value": 1, **clocks(99)}],
    }
    alone, both = facts_of(tmp_path / "alone", OLD), facts_of(tmp_path / "both", OLD | ahead)
    assert data_end(connect(), alone) == data_end(connect(), both) == at(9) + timedelta(microseconds=1)
    lead = facts_of(tmp_path / "lead", OLD | {"leads": [{"lead_id": "l", "event": "created", **clocks(20)}]})
    assert data_end(connect(), lead) > at(20)


def test_an_extract_without_news_moves_the_end(tmp_path: Path) -> None:
    assert end_of(tmp_path, {"deals": at(30), "outcomes": at(30)}) == at(30)


def test_of_several_extracts_of_a_table_the_latest_counts_and_of_the_tables_the_earliest(tmp_path: Path) -> None:
    assert end_of(tmp_path, {"deals": at(30), "outcomes": at(40)}, {"deals": at(50)}) == at(40)


def test_extracts_of_other_tables_and_those_without_a_date_do_not_count(tmp_path: Path) -> None:
    assert end_of(tmp_path / "deals", {"activities": at(20)}) == at(9)
    assert end_of(tmp_path / "accounts", {"activities": at(20), "subscriptions": at(25)}, tables=("subscriptions",)) == at(25)
