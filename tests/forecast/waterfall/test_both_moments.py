"""The deals of a waterfall at both of its moments, where the CRM deletes, restores and merges records in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dealml.forecast.deals_as_of import DealsAsOf
from dealml.forecast.waterfall.both_moments import deals_then_and_now
from dealml.forecast.waterfall.decompose import DealStates, moves, waterfalls
from dealml.forecast.waterfall.reasons import move_reasons
from dealml.period import Period
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 1, tzinfo=UTC)
THEN, NOW = 10, 20


def fact(day: float, **columns: Any) -> dict[str, Any]:
    moment = START + timedelta(days=day)
    return {"occurred_at": moment, "recorded_at": moment, **columns}


def event(day: float, what: str, record: str, into: str | None = None) -> dict[str, Any]:
    return fact(day, record_id=record, kind="deal", event=what, into_id=into)


def sides(folder: Path, *events: dict[str, Any], cleared: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deals A, B and C, each of EUR 100, and what happened to their records; each counts half."""
    changes = [fact(1, deal_id=deal, field="amount", amount=100) for deal in "ABC"]
    facts = {
        "deals": [fact(1, deal_id=deal, account_id=deal) for deal in "ABC"],
        "deal_changes": changes + ([fact(15, deal_id="A", field="amount", amount=None)] if cleared else []),
        "outcomes": [fact(2, deal_id="Z", outcome="lost")],
        **({"record_events": list(events)} if events else {}),
    }
    now = START + timedelta(days=NOW)
    past = DealsAsOf.of(ledger_of(folder / "ledger", facts), now, "EUR")
    pair = deals_then_and_now(past, Period.around(now), START + timedelta(days=THEN), now)
    then, later = (side.assign(chance=(side["status"] == "open") / 2) for side in pair)
    return then, later


def fall(then: pd.DataFrame, now: pd.DataFrame) -> tuple[int, dict[str, int], int]:
    one, other = DealStates.of(then), DealStates.of(now)
    total, _ = waterfalls(one, other, moves(one, other))
    assert total.before + sum(total.by_category.values()) == total.after
    return total.before, {bar: cents for bar, cents in total.by_category.items() if cents}, total.after


CASES = {
    "nothing": ((), {}, ""),
    "deleted": ((event(12, "deleted", "A"),), {"record_changes": -5000}, "Deleted on 13 Jan 2026"),
    "merged into another": ((event(12, "merged", "A", "B"),), {"record_changes": -5000}, "Merged into B on 13 Jan 2026"),
    "deleted before": ((event(5, "deleted", "A"),), {}, ""),
    "restored": ((event(5, "deleted", "A"), event(12, "restored", "A")), {"record_changes": 5000}, "Restored on 13 Jan 2026"),
    "deleted and restored in between": ((event(12, "deleted", "A"), event(14, "restored", "A")), {}, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_no_money_is_lost_where_a_record_goes_or_comes_back(case: str, tmp_path: Path) -> None:
    events, expected, reason = CASES[case]
    then, now = sides(tmp_path, *events)
    _, parts, _ = fall(then, now)
    assert parts == expected
    if reason:
        row = now[now["deal_id"] == "A"].iloc[0].to_dict()
        assert move_reasons("record_changes", None, row, "EUR") == (reason,)


def test_records_merged_into_a_new_id_go_and_it_comes(tmp_path: Path) -> None:
    then, now = sides(tmp_path, event(12, "merged", "A", "N"), event(12, "merged", "B", "N"))
    assert dict(zip(then["deal_id"], then["status"], strict=True)) == {"A": "open", "B": "open", "C": "open", "N": "gone"}
    assert dict(zip(now["deal_id"], now["status"], strict=True)) == {"A": "gone", "B": "gone", "C": "open", "N": "open"}
    assert fall(then, now) == (15000, {"record_changes": -5000}, 10000)


def test_a_cleared_amount_is_less_money_and_balances(tmp_path: Path) -> None:
    assert fall(*sides(tmp_path, cleared=True)) == (15000, {"amount_down": -5000}, 10000)
