"""Places of snapshots, and of the facts that they know."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dealml.as_of.connection import connect, temporary
from dealml.features import engine
from dealml.features.compiled_queries import compile_queries
from dealml.features.linear import spots
from dealml.features.linear.spots import spots_of
from dealml.features.point_in_time import is_known
from tests.features.account_history_fixtures import MOMENTS, published
from tests.features.linear.drafts import Drafted
from tests.features.linear.test_aggregation import table
from tests.features.test_account_oracle import SCHEMA
from tests.features.test_deal_oracle import mutated

DAY = timedelta(days=1)


def row(account: str, as_of: datetime, known_by: datetime) -> dict[str, Any]:
    return {"account_id": account, "as_of": as_of, "known_by": known_by}


def test_snapshots_are_in_turn_where_no_clock_runs_back() -> None:
    con, (first, second, third) = connect(), MOMENTS
    rows = [row("a", first, first), row("a", second, second), row("a", first, third), row("a", third, third), row("b", first, first)]
    moments = temporary(con, "moments", pa.Table.from_pylist(rows, SCHEMA))
    found = con.to_pyarrow(spots_of(Drafted(con), moments, "account_id", few=2)).to_pylist()
    places = {(r["account_id"], r["as_of"], r["known_by"]): (r["_place"], r["_is_linear"]) for r in found}
    expected = [(1, True), (2, True), (1, False), (3, True), (1, False)]
    assert [places[each["account_id"], each["as_of"], each["known_by"]] for each in rows] == expected


def test_a_fact_on_record_on_the_instant_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [{"account_id": "a0", "occurred_at": at - DAY, "recorded_at": at, "quantity": 2.0} for at in MOMENTS]
    ledger = published(tmp_path, {"usage": facts})
    rows = [{"account_id": "a0", "as_of": at, "known_by": at} for at in MOMENTS]
    monkeypatch.setattr(engine, "MANY_PAIRS", 0)
    monkeypatch.setattr(engine, "FEW", 0)
    monkeypatch.setattr(engine, "compile_queries", compile_queries.__wrapped__)  # written anew, and not kept for other tests
    assert table(ledger, rows)["days_since_use"].to_pylist() == [None, 8.604166666666666, 84.39583333333333]
    monkeypatch.setattr(spots, "is_known", mutated(is_known, "recorded_at < known_by", "recorded_at <= known_by"))
    assert table(ledger, rows)["days_since_use"].to_pylist() == [1, 1, 1]
