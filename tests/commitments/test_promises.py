"""Promises as of a moment: the latest offer, since when as much was offered, and approvals since then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd

from dealml.as_of.connection import connect
from dealml.commitments.promises import open_tables, promises
from dealml.ledger.ledger import Ledger
from tests.commitments.promise_fixtures import RULES, START, approval, ledger_with, offer, promised


def promises_of(ledger: Ledger, day: float) -> pd.DataFrame:
    con = connect()
    open_tables(con, ledger, START + timedelta(days=day))
    return promises(con, RULES)


def price(ledger: Ledger, day: float) -> tuple[float, float, str | None]:
    (row,) = (row for row in promises_of(ledger, day).to_dict("records") if row["commitment"] == 0)
    return row["value"], (row["promised_at"] - START) / timedelta(days=1), row["approval"] if isinstance(row["approval"], str) else None


def test_the_latest_offer_counts_and_an_approval_of_less_does_not(tmp_path: Path) -> None:
    ledger = ledger_with(
        tmp_path, offer("d", 1, discount=0.2), approval("d", 2, "requested"), approval("d", 3, "granted"), offer("d", 5, discount=0.25),
        approval("d", 8, "refused"), offer("d", 10, discount=0.15), deals=["d"],
    )  # fmt: skip
    assert price(ledger, 2) == (0.2, 1, None)
    assert price(ledger, 2.5) == (0.2, 1, "requested")
    assert price(ledger, 4) == (0.2, 1, "granted")
    assert price(ledger, 6) == (0.25, 5, None)  # more than was approved
    assert price(ledger, 9) == (0.25, 5, "refused")
    assert price(ledger, 11) == (0.15, 1, "refused")  # what was offered since day 1, with the last answer


def test_an_offer_that_says_nothing_of_a_subject_leaves_it(tmp_path: Path) -> None:
    ledger = ledger_with(tmp_path, offer("d", 1, discount=0.2), offer("d", 2, roadmap_promise=True), deals=["d", "e"])
    rows = promises_of(ledger, 3).set_index("commitment")
    assert rows["value"].to_dict() == {0: 0.2, 2: 1.0}
    assert set(rows["deal_id"]) == {"d"}


def test_fewer_days_than_before_are_a_new_promise(tmp_path: Path) -> None:
    ledger = ledger_with(tmp_path, promised("d", 1, 90), promised("d", 4, 40), deals=["d"])
    (row,) = promises_of(ledger, 5).to_dict("records")
    assert (row["value"], row["promised_at"]) == (40, START + timedelta(days=4))


def test_what_is_recorded_later_is_not_seen(tmp_path: Path) -> None:
    ledger = ledger_with(tmp_path, offer("d", 1, discount=0.2), deals=["d"], won={"d": 6})
    assert promises_of(ledger, 1).empty
    assert promises_of(ledger, 6)["status"].tolist() == ["open"]
    assert promises_of(ledger, 7)["status"].tolist() == ["won"]
