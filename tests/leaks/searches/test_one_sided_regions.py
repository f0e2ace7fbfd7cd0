"""Regions that all but decide the outcome from the start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.weekly_deals import MAIN, Company
from dealml.leaks.binning import column_of
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.searches.one_sided_regions import region_outcomes
from dealml.leaks.searches.searcher import Searcher
from tests.leaks.company_fixtures import found, with_column


def test_a_region_is_counted_by_settled_entities(deals: Company) -> None:
    material = InspectionSample.of(deals.rows, deals.serving, ["segment"], MAIN)
    column = material.column("segment")
    last = deals.rows.snapshots.assign(
        label=pd.Series(deals.rows.label[deals.rows.horizon == MAIN], deals.rows.snapshot_index[deals.rows.horizon == MAIN])
    )
    last = last.sort_values("as_of").groupby("deal_id").tail(1)
    last = last[~last["deal_id"].isin(deals.serving["deal_id"])].dropna(subset=["label"])
    expected = last.groupby("segment")["label"].agg(["size", "sum"])
    counted = region_outcomes(material, column)
    for place, label in enumerate(column.labels[1:], 1):
        assert (counted.entities[place], counted.had[place]) == tuple(expected.loc[label.strip("'")])


def test_the_chance_falls_with_what_the_region_decides() -> None:
    kinds = pd.Series(["pure"] * 60 + ["plain"] * 540)
    had = np.array([1.0] * 60 + [1.0, 0.0, 0.0] * 180)
    material = made(had)
    chance = region_outcomes(material, column_of("kind", kinds)).chance(8.0)
    assert chance[1] > 0.9
    assert chance[2] < 1e-3
    half = region_outcomes(material, column_of("kind", pd.Series(["mixed"] * 90 + ["plain"] * 510))).chance(8.0)
    assert half[2] > 0.5


def made(had: np.ndarray) -> InspectionSample:
    """Settled entities of one snapshot each."""
    size = len(had)
    zeros = np.zeros(size)
    return InspectionSample(
        table=pd.DataFrame(index=range(size)),
        entity=np.arange(size),
        as_of=zeros,
        since=zeros,
        hashes=np.arange(size, dtype=np.uint64),
        is_open=np.zeros(size, dtype=bool),
        labelled_rows=np.arange(size),
        label=had,
        had=had,
        serving=0,
        dated=False,
    )


@pytest.mark.parametrize(("share_of_open", "fires"), [(0.0, True), (0.12, False)])
def test_a_one_sided_region_is_honest_where_open_deals_have_it_too(deals: Company, share_of_open: float, fires: bool) -> None:
    """A renewal is won nearly always; it is no leak, for among open deals there are as many."""

    def kind(looks: pd.DataFrame) -> np.ndarray:
        return np.where(np.where(looks["open"], looks["lot"] < share_of_open, looks["won"] & (looks["lot"] < 0.25)), "renewal", "new")

    assert bool(found(deals, "kind", kind)) == fires


@pytest.mark.parametrize(("share", "fires"), [(0.3, True), (0.0, False)])
def test_without_anything_open_a_one_sided_region_has_to_be_more_so(deals: Company, share: float, fires: bool) -> None:
    planted = with_column(deals, "note", lambda looks: np.where(looks["won"] & (looks["lot"] < share), "thanks", "none"))
    settled = replace(planted.rows, cross_section=True)
    material = InspectionSample.of(settled, None, ["note", "segment"], MAIN)
    searcher = Searcher.of(material)
    assert [finding.search for finding in searcher.findings(material.column("note"))] == (["purity"] if fires else [])
    assert searcher.findings(material.column("segment")) == []
