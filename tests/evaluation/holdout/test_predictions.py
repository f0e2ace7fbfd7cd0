"""Held-out rows: their accounts, their lists, and several folds as one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dealml.evaluation.holdout.predictions import HoldoutPredictions, clusters_of, pooled, weekly
from dealml.learning.training_rows import TrainingRows
from tests.learning.snapshot_fixtures import rows_of, snapshots


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    return rows_of(snapshots(deals=30))


def held(rows: TrainingRows, **names: float) -> HoldoutPredictions:
    return HoldoutPredictions(rows, {name: np.full(len(rows), p) for name, p in names.items()})


def test_rows_of_one_account_are_one_cluster_and_a_deal_without_one_is_its_own(rows: TrainingRows) -> None:
    table = rows.snapshots.assign(account_id=rows.snapshots["account_id"].where(rows.snapshots["deal_id"] > "D0009"))
    clusters = clusters_of(replace(rows, snapshots=table))
    account = table["account_id"].astype(object).to_numpy()[rows.snapshot_index]
    own = np.where(pd.isna(account), rows.entities, account)
    assert (pd.factorize(clusters)[0] == pd.factorize(own)[0]).all()
    assert pd.isna(account).any()


def test_an_account_named_like_a_deal_is_not_that_deal(rows: TrainingRows) -> None:
    table = rows.snapshots.assign(account_id=np.where(rows.snapshots["deal_id"] == "D0001", None, "D0001"))
    assert len(np.unique(clusters_of(replace(rows, snapshots=table)))) == 2


def test_accounts_are_their_own_clusters(rows: TrainingRows) -> None:
    accounts = replace(rows, entity="account_id")
    assert (pd.factorize(clusters_of(accounts))[0] == pd.factorize(accounts.entities)[0]).all()
    nameless = replace(rows, snapshots=rows.snapshots.drop(columns="account_id"))
    assert (pd.factorize(clusters_of(nameless))[0] == pd.factorize(rows.entities)[0]).all()


def test_in_a_cross_section_rows_that_agree_in_every_feature_are_one_cluster() -> None:
    table = pd.DataFrame({"deal_id": ["D3", "D1", "D2"], "as_of": pd.Timestamp(0, tz="UTC"), "size": ["big", "small", "big"]})
    rows = TrainingRows(table, np.arange(3), np.ones(3), np.array([1.0, 0.0, 1.0]), "deal_id", cross_section=True)
    assert clusters_of(rows).tolist() == [1, 0, 1]


def test_clusters_are_numbered_by_name_whatever_the_order_of_rows(rows: TrainingRows) -> None:
    kept = rows.keep(np.arange(len(rows))[::-1] % 2 == 0)
    assert (
        dict(zip(kept.entities, clusters_of(kept), strict=True)).items() <= dict(zip(rows.entities, clusters_of(rows), strict=True)).items()
    )


def test_folds_are_pooled_in_canonical_order_with_what_all_have(rows: TrainingRows) -> None:
    late = rows.as_of > np.median(rows.as_of.astype("int64")).astype("datetime64[us]")
    one = replace(held(rows.keep(late), model=0.2, base_rate=0.1), fold=np.full(late.sum(), "b", dtype=object))
    two = replace(held(rows.keep(~late), model=0.3, other=0.4, base_rate=0.1), fold=np.full((~late).sum(), "a", dtype=object))
    found = pooled([one, two])
    pd.testing.assert_frame_equal(found.rows.table(), rows.table())
    np.testing.assert_array_equal(found.rows.label, rows.label)
    assert list(found.probabilities) == ["model", "base_rate"]
    assert found.fold is not None
    np.testing.assert_array_equal(found.fold == "b", late)
    np.testing.assert_array_equal(found.probabilities["model"], np.where(late, 0.2, 0.3))


def test_a_list_is_a_monday(rows: TrainingRows) -> None:
    some = held(weekly(rows), model=0.5)
    assert (pd.factorize(some.lists)[0] == pd.factorize(some.rows.as_of)[0]).all()
    assert (some.rows.as_of.astype("datetime64[D]").astype(int) % 7 == 4).all()
    assert set(replace(some, has_lists=False).lists) == {0}


def test_repeats_share_a_weight_and_have_lists_of_their_own(rows: TrainingRows) -> None:
    undated = replace(rows, cross_section=True)
    parts = [replace(held(undated, model=0.5), fold=np.full(len(rows), f"repeat {number}", dtype=object)) for number in (1, 2)]
    found = pooled(parts, 2)
    assert found.weight.sum() == len(rows)
    moments = pd.Series(found.rows.as_of).astype(str) + found.fold
    assert (pd.factorize(found.lists)[0] == pd.factorize(moments)[0]).all()
