"""Deals that the CRM deletes, restores and merges: in snapshots, labels and features, as of any moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dealml.forecast.deals_as_of import DealsAsOf
from dealml.forecast.record import Record
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from dealml.load_definitions import load_model
from dealml.period import Period
from dealml.sales_metrics.measure import measure
from features import activity, economics, timing
from tests.conftest import ROOT
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 5, tzinfo=UTC)
Row = dict[str, Any]


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def fact(at: float, **columns: Any) -> Row:
    return {"occurred_at": day(at), "recorded_at": day(at), **columns}


def deal(name: str, created: float, amount: int = 100, closed: tuple[str, float] | None = None) -> dict[str, list[Row]]:
    return {
        "deals": [fact(created, deal_id=name, account_id="A")],
        "deal_changes": [fact(created, deal_id=name, field="amount", amount=Decimal(amount))],
        "outcomes": [fact(closed[1], deal_id=name, outcome=closed[0])] if closed else [],
        "activities": [fact(created + step, deal_id=name, account_id="A", activity="call") for step in (1, 2)],
    }


def event(at: float, what: str, name: str, into: str | None = None) -> dict[str, list[Row]]:
    return {"record_events": [fact(at, record_id=name, kind="deal", event=what, into_id=into)]}


def ledger_from(folder: Path, *parts: dict[str, list[Row]]) -> Ledger:
    closed = deal("Z", -40, closed=("lost", -10))  # so that there are outcomes
    tables: dict[str, list[Row]] = {}
    for part in (closed, *parts):
        for name, rows in part.items():
            tables.setdefault(name, []).extend(rows)
    return ledger_of(folder, {name: rows for name, rows in tables.items() if rows})


@pytest.fixture(scope="module")
def spec() -> Model:
    return replace(load_model(ROOT, "deal_win"), features=(timing.age, economics.amount, activity.calls, activity.days_since_activity))


def open_deals(ledger: Ledger, spec: Model, at: datetime) -> pd.DataFrame:
    return View.of(ledger, spec, at).at_stake().set_index("deal_id")


def names(ledger: Ledger, spec: Model, at: float) -> list[str]:
    return sorted(open_deals(ledger, spec, day(at)).index)


def test_a_deleted_deal_is_open_before_and_gone_after(tmp_path: Path, spec: Model) -> None:
    ledger = ledger_from(tmp_path, deal("X", 1), deal("Y", 1), event(20, "deleted", "X"))
    assert (names(ledger, spec, 20), names(ledger, spec, 20.1)) == (["X", "Y"], ["Y"])


def test_a_restored_deal_is_as_it_would_have_been(tmp_path: Path, spec: Model) -> None:
    plain = ledger_from(tmp_path / "plain", deal("X", 1))
    restored = ledger_from(tmp_path / "restored", deal("X", 1), event(20, "deleted", "X"), event(25, "restored", "X"))
    assert names(restored, spec, 24) == []
    for at in (15, 20, 26, 40):
        pd.testing.assert_frame_equal(
            open_deals(plain, spec, day(at)).drop(columns="since"), open_deals(restored, spec, day(at)).drop(columns="since")
        )


def test_merged_deals_are_one_deal_with_both_histories(tmp_path: Path, spec: Model) -> None:
    merged = ledger_from(tmp_path, deal("X", 1, 100), deal("Y", 5, 300), event(20, "merged", "Y", "X"))
    assert (names(merged, spec, 20), names(merged, spec, 21)) == (["X", "Y"], ["X"])
    row = open_deals(merged, spec, day(21)).loc["X"]
    assert (row["age"], row["amount"], row["calls"]) == (20, 300, 4)


def test_scoring_after_a_merge_equals_scoring_the_merged_history(tmp_path: Path, spec: Model) -> None:
    merged = ledger_from(tmp_path / "merged", deal("X", 1, 100), deal("Y", 5, 300), event(20, "merged", "Y", "N"))
    parts = deal("N", 1, 100), deal("N", 5, 300)
    whole = ledger_from(tmp_path / "whole", *parts)
    after, history = open_deals(merged, spec, day(30)), open_deals(whole, spec, day(30))
    after = after.rename(index={"N": "N"})
    assert list(after.index) == ["N", "X"]
    one = ledger_from(tmp_path / "one", deal("X", 1, 100), deal("Y", 5, 300), event(20, "merged", "Y", "X"))
    pd.testing.assert_series_equal(
        open_deals(one, spec, day(30)).loc["X"].drop(["since"]), history.loc["N"].drop(["since"]), check_names=False
    )


def test_rows_of_a_deal_deleted_while_open_are_censored_at_the_deletion(tmp_path: Path, spec: Model) -> None:
    ledger = ledger_from(tmp_path, deal("X", 0, closed=None), deal("Y", 0, closed=("won", 200)), event(100, "deleted", "X"))
    view = View.of(ledger, spec, day(300))
    rows = view.labelled(view.history())
    table = rows.table().assign(label=rows.label)
    own = table[table["deal_id"] == "X"]
    over = own["as_of"] + pd.to_timedelta(own["horizon_days"], unit="D")
    assert len(own) > 0
    assert (over <= day(100)).all()
    assert (own["label"] == 0).all()


def test_rows_of_a_deal_deleted_after_its_win_stay(tmp_path: Path, spec: Model) -> None:
    kept = ledger_from(tmp_path / "kept", deal("X", 0, closed=("won", 60)))
    gone = ledger_from(tmp_path / "gone", deal("X", 0, closed=("won", 60)), event(70, "deleted", "X"))
    labels = []
    for ledger in (kept, gone):
        view = View.of(ledger, spec, day(300))
        labels.append(view.labelled(view.history()).label.sum())
    assert labels[0] == labels[1] > 0


def test_rows_of_a_merged_deal_learn_what_became_of_it(tmp_path: Path, spec: Model) -> None:
    ledger = ledger_from(tmp_path, deal("X", 0, closed=("won", 60)), deal("Y", 0), event(20, "merged", "Y", "X"))
    view = View.of(ledger, spec, day(300))
    rows = view.labelled(view.history())
    table = rows.table().assign(label=rows.label)
    assert set(table.loc[(table["deal_id"] == "Y") & (table["horizon_days"] == max(view.horizons)), "label"]) == {1.0}
    assert (table.loc[table["deal_id"] == "Y", "as_of"] <= day(20)).all()


@pytest.mark.parametrize("at", [15, 21, 24, 30])
def test_every_reader_has_the_same_open_deals_and_amounts(at: int, tmp_path: Path, spec: Model) -> None:
    ledger = ledger_from(
        tmp_path, deal("X", 1, 100), deal("Y", 5, 300), deal("D", 2, 50), deal("R", 3, 70),
        event(20, "merged", "Y", "X"), event(20, "deleted", "D"), event(20, "deleted", "R"), event(25, "restored", "R"),
        {"quotas": [fact(0, quota_id="Q", value=Decimal(1000), period_start=day(0), period_end=day(90))]},
    )  # fmt: skip
    features = open_deals(ledger, spec, day(at))["amount"].to_dict()
    record = Record.of(View.of(ledger, spec, day(40)), "EUR").open_at([day(at)])
    standing = DealsAsOf.of(ledger, day(40), "EUR").standing(day(at), Period(day(0), day(60)))
    assert dict(zip(record["deal_id"], record["amount"], strict=True)) == features
    still = standing[standing["status"] == "open"]
    assert dict(zip(still["deal_id"], still["amount"], strict=True)) == features
    values = measure(ledger, [Period(day(at), day(at + 10))], day(at) + timedelta(microseconds=1), "EUR")
    (coverage,) = [value for value in values if value.metric == "pipeline_coverage" and not value.item]
    assert (coverage.parts["open_deals"], coverage.parts["pipeline"]) == (len(features), sum(features.values()))
