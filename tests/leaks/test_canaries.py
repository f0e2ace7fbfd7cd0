"""Planted leaks: as strong as they claim, the same every time, and found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.weekly_deals import MAIN, Company
from dealml.evaluation.metrics.metrics import auc
from dealml.leaks.canaries import outcomes, plant
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.linear_probe import LinearProbe, auc_of


@pytest.fixture(scope="module")
def material(deals: Company) -> InspectionSample:
    return InspectionSample.of(deals.rows, deals.serving, deals.features, MAIN)


@pytest.fixture(scope="module")
def baseline(material: InspectionSample, deals: Company) -> LinearProbe:
    return LinearProbe.of(material, [material.column(name) for name in deals.features])


def test_the_baseline_is_about_as_good_as_a_model(baseline: LinearProbe) -> None:
    assert 0.62 < baseline.auc < 0.85


def test_a_flag_that_tells_nothing_adds_nothing(baseline: LinearProbe, material: InspectionSample) -> None:
    assert abs(baseline.gain(material.chance(99) < 0.2)) < 0.002


def test_weak_canaries_are_weak(baseline: LinearProbe, material: InspectionSample) -> None:
    """They add about one point of AUC: to the quick linear model itself, by the flag that says whom they touch."""
    for canary in plant(material, baseline):
        if canary.strength == "weak":
            values = canary.values.to_numpy()
            touched = np.zeros(len(material.hashes), dtype=bool)
            filled = canary.values.notna().to_numpy() if values.dtype == object else values < 0
            touched[material.entity[filled]] = True
            assert 0.005 < baseline.gain(touched) < 0.02, canary.name


def test_no_canary_knows_what_becomes_of_open_deals(baseline: LinearProbe, material: InspectionSample) -> None:
    now = slice(len(material.table) - material.serving, None)
    copy, field, note, number = (canary.values.iloc[now] for canary in plant(material, baseline))
    assert field.isna().all()
    assert note.isna().all()
    assert (number > 0).all()
    assert 0.05 < (copy > 0.5).mean() < 0.6


def test_outcomes_are_those_of_the_labels(material: InspectionSample, deals: Company) -> None:
    had = outcomes(material)
    assert np.isnan(had).sum() == len(deals.serving)
    won = deals.rows.snapshots.loc[deals.rows.snapshot_index[(deals.rows.label == 1) & (deals.rows.horizon == MAIN)], "deal_id"].nunique()
    assert np.nansum(had) + (had[material.is_open] == 1).sum() == won


def test_the_order_of_rows_and_columns_has_no_part_in_it(deals: Company, material: InspectionSample, baseline: LinearProbe) -> None:
    order = np.random.default_rng(5).permutation(len(deals.rows.snapshots))
    rows = replace(
        deals.rows,
        snapshots=deals.rows.snapshots.iloc[order].reset_index(drop=True),
        snapshot_index=np.argsort(order)[deals.rows.snapshot_index],
    )
    again = InspectionSample.of(rows, deals.serving.iloc[::-1], deals.features[::-1], MAIN)
    other = plant(again, LinearProbe.of(again, [again.column(name) for name in deals.features[::-1]]))
    past = len(order)
    for one, two in zip(plant(material, baseline), other, strict=True):
        assert one.share == pytest.approx(two.share, rel=1e-6)
        assert one.values.iloc[:past].iloc[order].reset_index(drop=True).equals(two.values.iloc[:past])


def test_auc_counts_ties_as_halves() -> None:
    score, won = np.array([0.1, 0.4, 0.4, 0.8, 0.8, 0.9]), np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
    assert auc_of(score, won) == pytest.approx(auc(won, score, np.ones(6)))
    assert auc_of(score, np.ones(6)) == 0.5
