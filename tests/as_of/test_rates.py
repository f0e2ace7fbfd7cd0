"""The rate of a currency at a moment: the latest that occurred, of those recorded before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dealml.as_of.rates import running_rates
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.judgement.crm_values import rates
from dealml.learning.view import View
from tests.as_of.readers import END, SPEC
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number - 1)


# A rate for the 8th that is recorded on the 12th does not replace the rate for the 10th.
TOLD = [(5, 5, 0.9), (10, 10, 0.8), (8, 12, 7.0), (20, 20, 0.7)]
EXPECTED = [(5, None), (6, 0.9), (10, 0.9), (11, 0.8), (13, 0.8), (20, 0.8), (21, 0.7)]


def test_the_rate_from_each_record_on() -> None:
    con = duckdb.connect()
    con.register(
        "rates", pd.DataFrame([("USD", occurred, recorded, rate, occurred) for occurred, recorded, rate in TOLD]).set_axis(
            ["currency", "occurred_at", "recorded_at", "rate", "_order"], axis=1
        )
    )  # fmt: skip
    rows = con.sql(f"SELECT recorded_at, rate FROM ({running_rates()}) ORDER BY recorded_at").fetchall()
    assert rows == [(5, 0.9), (10, 0.8), (12, 0.8), (20, 0.7)]


@pytest.mark.parametrize(("moment", "expected"), EXPECTED)
def test_reviews_and_judgement_use_the_same_rate(moment: int, expected: float | None, tmp_path: Path) -> None:
    rows = [
        {"currency": "USD", "occurred_at": day(occurred), "recorded_at": day(recorded), "rate": rate} for occurred, recorded, rate in TOLD
    ]
    facts = {
        "deals": [{"deal_id": "D", "occurred_at": day(1), "recorded_at": day(1)}],
        "outcomes": [{"deal_id": "D", "outcome": "lost", "occurred_at": day(30), "recorded_at": day(30)}],
    }
    ledger = ledger_of(tmp_path / "ledger", {**facts, "rates": rows})
    view, asked = View.of(ledger, SPEC, END), pd.DataFrame({"currency": ["USD"], "rated_at": pd.to_datetime([day(moment)]).as_unit("us")})
    found = rates(view.con, view.tables, [("USD", day(moment))], "EUR").get(("USD", day(moment)))
    (reviewed,) = DealsAsOf.of(ledger, END, "EUR").rates(asked)
    assert found == expected
    assert (None if pd.isna(reviewed) else reviewed) == expected
