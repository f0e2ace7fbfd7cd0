"""States of promises, rule by rule."""

from __future__ import annotations

import pandas as pd
import pytest

from dealml.commitments.check import checked
from tests.commitments.promise_fixtures import RULES

DAY = pd.Timestamp("2024-01-10", tz="UTC")


@pytest.mark.parametrize(
    ("commitment", "value", "approval", "state", "decides"),
    [
        (0, 0.1, None, "free", False),
        (0, 0.1001, None, "not requested", True),
        (0, 0.3, "requested", "requested", True),
        (0, 0.3, "granted", "approved", False),
        (0, 0.3, "refused", "refused", False),
        (0, 0.3001, "granted", "not on offer", False),
        (1, 60, None, "free", False),
        (1, 59, None, "not requested", True),
        (1, 29, "granted", "not on offer", False),
        (2, 0, None, "free", False),
        (2, 1, "granted", "not on offer", False),
    ],
)
def test_each_state_follows_from_value_and_approval(commitment: int, value: float, approval: str | None, state: str, decides: bool) -> None:
    promises = pd.DataFrame({"deal_id": ["d"], "commitment": [commitment], "value": [value], "promised_at": [DAY], "approval": [approval]})
    (row,) = checked(promises, RULES).to_dict("records")
    assert row["state"] == state
    assert row["subject"] == RULES[commitment].subject
    assert pd.notna(row["decide_by"]) == decides
    if decides:
        assert row["decide_by"] == DAY + pd.Timedelta(RULES[commitment].days, "D")


def test_no_promise_is_an_empty_table() -> None:
    promises = pd.DataFrame({"deal_id": [], "commitment": [], "value": [], "promised_at": pd.to_datetime([], utc=True), "approval": []})
    assert checked(promises, RULES).empty
