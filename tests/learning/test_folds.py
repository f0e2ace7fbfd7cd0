from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.learning.folds import origins, splits, stratified
from dealml.learning.training_rows import TrainingRows, labelled
from dealml.moments import as_utc64
from tests.learning.snapshot_fixtures import END, rows_of, snapshots


@pytest.fixture(scope="module")
def rows(table: pd.DataFrame) -> TrainingRows:
    return rows_of(table)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 50), st.integers(1, 8), st.sampled_from([14, 60, 150]))
def test_origins_keep_the_embargo_and_a_deal_on_one_side(seed: int, count: int, horizon: int) -> None:
    rows = rows_of(snapshots(deals=60, seed=seed))
    judged = np.zeros(len(rows))
    for cut in origins(rows, horizon, as_utc64(END), count):
        assert (rows.resolved_at[cut.earlier] <= cut.at).all()
        assert (rows.as_of[cut.later] >= cut.at).all()
        assert not set(rows.codes[cut.earlier]) & set(rows.codes[cut.later])
        judged += cut.later
    assert judged.max() <= 1


def test_a_deal_is_followed_for_as_long_as_it_lives(rows: TrainingRows) -> None:
    for cut in origins(rows, 60, as_utc64(END), 4):
        for deal in set(rows.codes[cut.later]):
            assert cut.later[rows.codes == deal].all()


def test_each_origin_knows_more_of_the_rarer_outcome(rows: TrainingRows) -> None:
    known = [min(rows.keep(cut.earlier).outcomes()) for cut in origins(rows, 60, as_utc64(END), 5)]
    assert len(known) == 5
    assert all(np.diff(known) > 0)
    assert known[0] >= 0.3 * min(rows.outcomes())


def test_followed_origins_all_have_rows_of_the_horizon(rows: TrainingRows) -> None:
    """Half of the wins are known in the last year; origins that step through all of them end where nothing is settled."""
    horizon = 150
    plain, followed = (origins(rows, horizon, as_utc64(END), 6, followed=asked) for asked in (False, True))
    settled = [[int((cut.later & (rows.horizon == horizon)).sum()) for cut in cuts] for cuts in (plain, followed)]
    assert len(followed) == 6
    assert min(settled[1]) > 0
    assert settled[0][-1] < settled[1][-1]
    assert all(cut.at <= as_utc64(END) - np.timedelta64(horizon, "D") for cut in followed)


def test_accounts_are_judged_by_the_calendar(table: pd.DataFrame) -> None:
    rows = labelled(table.drop_duplicates(["account_id", "as_of"]), "account_id", [14, 60], END)
    cuts = origins(rows, 60, as_utc64(END), 4)
    for cut, following in zip(cuts, cuts[1:], strict=False):
        assert (rows.as_of[cut.later] < following.at).all()
        assert cut.later.sum() == ((rows.as_of >= cut.at) & (rows.as_of < following.at)).sum()


def test_a_cross_section_is_held_out_by_lot_each_entity_once_a_repeat(rows: TrainingRows) -> None:
    parts = list(stratified(rows, 5, repeats=3))
    assert len(parts) == 15
    for repeat in range(3):
        judged = sum(part.later.astype(int) for part in parts[5 * repeat : 5 * repeat + 5])
        assert (judged == 1).all()
    shares = []
    for part in parts:
        assert not set(rows.codes[part.earlier]) & set(rows.codes[part.later])
        had, had_not = rows.keep(part.later).outcomes()
        shares.append(had / (had + had_not))
    assert np.ptp(shares) < 0.02
    assert (parts[0].later != parts[5].later).any()
    assert parts[0].at is None


def test_it_is_by_time_where_there_is_time(rows: TrainingRows) -> None:
    assert all(cut.at is not None for cut in splits(rows, 60, as_utc64(END), 3))
    assert [cut.at for cut in splits(replace(rows, cross_section=True), 60, as_utc64(END), 3)] == [None] * 3
