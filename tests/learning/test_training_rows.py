from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from dealml.learning.folds import split_at, split_in_time
from dealml.learning.training_rows import labelled
from dealml.moments import as_utc64
from tests.learning.snapshot_fixtures import END, rows_of

MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def one(event_at: datetime | None, as_of: datetime = MONDAY) -> pd.DataFrame:
    frame = pd.DataFrame({"deal_id": ["D1"], "as_of": [as_of], "event_at": [event_at]})
    return frame.astype({"as_of": "datetime64[us, UTC]", "event_at": "datetime64[us, UTC]"})


@pytest.mark.parametrize(
    ("event_at", "label"),
    [
        (MONDAY, 1.0),  # not known at the snapshot yet, so it came within the horizon
        (MONDAY + timedelta(days=30) - TICK, 1.0),
        (MONDAY + timedelta(days=30), 0.0),  # on record only after the horizon was over
        (None, 0.0),
    ],
)
def test_a_label_is_what_went_on_record_within_the_horizon(event_at: datetime | None, label: float) -> None:
    end = MONDAY + timedelta(days=400)
    assert labelled(one(event_at), "deal_id", [30], end).label.tolist() == [label]
    assert labelled(one(event_at), "deal_id", [30], end, is_absence_of_event=True).label.tolist() == [1.0 - label]


def test_a_row_enters_when_its_horizon_is_over_and_not_before() -> None:
    over = MONDAY + timedelta(days=30)
    assert labelled(one(None), "deal_id", [30, 60], over).horizon.tolist() == [30]
    assert len(labelled(one(MONDAY), "deal_id", [30, 60], over - TICK)) == 0


def test_the_end_of_the_data_is_a_moment_whatever_its_time_zone() -> None:
    over = (MONDAY + timedelta(days=30)).astimezone(timezone(timedelta(hours=-9)))
    assert len(labelled(one(None), "deal_id", [30], over)) == 1


def test_labels_agree_with_a_loop(table: pd.DataFrame) -> None:
    rows = rows_of(table)
    found = {(e, a, h): w for e, a, h, w in zip(rows.entities, rows.as_of, rows.horizon, rows.label, strict=True)}
    expected = {}
    for deal, as_of, event in zip(table["deal_id"], table["as_of"], table["event_at"], strict=True):
        for days in (14, 60, 150):
            over = as_of + pd.Timedelta(days=days)
            if over <= END:
                expected[deal, np.datetime64(as_of.tz_localize(None), "us"), float(days)] = float(not pd.isna(event) and event < over)
    assert found == expected
    assert len(found) == len(rows)


def test_the_order_of_rows_is_canonical(table: pd.DataFrame) -> None:
    rows, shuffled = rows_of(table), rows_of(table.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(rows.table(), shuffled.table())
    np.testing.assert_array_equal(rows.label, shuffled.label)


def test_outcomes_count_entities(table: pd.DataFrame) -> None:
    rows = rows_of(table)
    frame = pd.DataFrame({"deal": rows.entities, "won": rows.label}).groupby("deal")["won"].max()
    assert rows.outcomes() == (int(frame.sum()), int((1 - frame).sum()))


@pytest.mark.parametrize("at", ["2023-06-05", "2024-01-01", "2024-06-03T13:00"])
def test_a_split_keeps_a_deal_on_one_side_and_the_embargo(table: pd.DataFrame, at: str) -> None:
    rows, cut = rows_of(table), np.datetime64(at, "us")
    split = split_at(rows, cut)
    assert split.earlier.any()
    assert split.later.any()
    assert not set(rows.entities[split.earlier]) & set(rows.entities[split.later])
    assert (rows.resolved_at[split.earlier] <= cut).all()
    assert (rows.as_of[split.later] >= cut).all()
    left_out = ~split.earlier & ~split.later
    assert set(rows.entities[left_out & (rows.as_of >= cut)]) <= set(rows.entities[split.earlier])


def test_accounts_may_stand_on_both_sides_but_labels_may_not_overlap(table: pd.DataFrame) -> None:
    snapshots = table.drop_duplicates(["account_id", "as_of"])
    rows = labelled(snapshots, "account_id", [14, 60], END)
    split = split_at(rows, np.datetime64("2024-01-01", "us"))
    assert set(rows.entities[split.earlier]) & set(rows.entities[split.later])
    assert rows.resolved_at[split.earlier].max() <= np.datetime64("2024-01-01", "us") <= rows.as_of[split.later].min()


def test_a_split_in_time_leaves_the_horizon_and_a_quarter_for_later(table: pd.DataFrame) -> None:
    rows, end = rows_of(table), as_utc64(END)
    split = split_in_time(rows, 60, end)
    assert end - split.at == np.timedelta64(60, "D") + (end - rows.as_of.min()) // 4
    assert (rows.horizon[split.later] == 60).any()


def test_rows_kept_are_the_rows_asked_for(table: pd.DataFrame) -> None:
    rows = rows_of(table)
    which = rows.horizon == 60
    kept = rows.keep(which)
    np.testing.assert_array_equal(kept.entities, rows.entities[which])
    np.testing.assert_array_equal(kept.label, rows.label[which])
    assert kept.lives_once == rows.lives_once
