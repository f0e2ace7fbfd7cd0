"""How well a feature alone tells the outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.weekly_deals import MAIN, Company
from dealml.evaluation.metrics.metrics import auc
from dealml.leaks.binning import column_of
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.searches.single_feature_auc import Auc, AucMeasures, SingleFeatureAucs, by_power, out_of_line, separation


def strong(always: float, first: float = 0.6, end: float = 0.6, error: float = 0.01) -> SingleFeatureAucs:
    return SingleFeatureAucs(*(Auc(value, value - error) for value in (always, first, end)))


OTHERS = {f"honest {place}": strong(0.5 + place / 40, 0.5 + place / 60, 0.5 + place / 70) for place in range(10)}


@pytest.fixture(scope="module")
def material(deals: Company) -> InspectionSample:
    return InspectionSample.of(deals.rows, deals.serving, deals.features, MAIN)


def test_a_monotone_number_has_the_auc_of_its_ranks(material: InspectionSample) -> None:
    stage = material.table["stage_place"].to_numpy()[material.labelled_rows]
    expected = auc(material.label, stage / 5, np.ones(len(stage)))
    assert AucMeasures.of(material).power(material.column("stage_place")).always.value == pytest.approx(expected, abs=0.01)


def test_the_direction_has_no_part_in_it(material: InspectionSample) -> None:
    judges, stage = AucMeasures.of(material), material.table["stage_place"]
    down, up = (judges.power(column_of("stage", sign * stage)).always.value for sign in (-1, 1))
    assert down == pytest.approx(up, abs=0.003)


def test_rates_that_hold_by_chance_gain_nothing(few_deals: Company) -> None:
    material = InspectionSample.of(few_deals.rows, few_deals.serving, few_deals.features, MAIN)
    some = pd.Series((material.chance(8) * 50).astype(int)[material.entity]).map("T{}".format)
    assert abs(AucMeasures.of(material).power(column_of("name", some)).always.value - 0.5) < 0.06


def test_a_copy_of_the_label_stands_out(material: InspectionSample) -> None:
    label = np.random.default_rng(1).random(len(material.table))
    label[material.labelled_rows] = np.where(
        np.random.default_rng(2).random(len(material.labelled_rows)) < 0.08, 1 - material.label, material.label
    )
    found = AucMeasures.of(material).power(column_of("copy", pd.Series(label)))
    assert found.always.value > 0.88
    finding = out_of_line("copy", found, list(OTHERS.values()))
    assert finding is not None
    assert finding.search == "power"


@pytest.mark.parametrize(
    ("power", "why"),
    [
        (strong(0.97), "alone it has an AUC of 0.970; the limit"),
        (strong(0.9), "the strongest other feature has 0.725"),
        (strong(0.8, first=0.9), "first snapshot it alone tells the outcome"),
        (strong(0.8, end=0.9), "what became of it in the end"),
    ],
)
def test_each_limit_fires(power: SingleFeatureAucs, why: str) -> None:
    found = by_power({**OTHERS, "leak": power})
    assert [finding.feature for finding in found] == ["leak"]
    assert why in found[0].reason


def test_strong_honest_features_are_in_line() -> None:
    late_stage = {f"stage {place}": strong(0.9) for place in range(3)}
    assert by_power({**OTHERS, **late_stage, "recency": strong(0.72)}) == []


def test_few_entities_prove_little() -> None:
    assert out_of_line("leak", strong(0.97, 0.97, 0.97, error=0.15), list(OTHERS.values())) is None


def test_separation_is_that_of_normal_distributions() -> None:
    assert separation(0.5) == 0
    assert separation(0.7602) == pytest.approx(1.0, abs=0.001)
