"""The table that the searches look at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.weekly_deals import MAIN, Company
from dealml.leaks import inspection_sample as module
from dealml.leaks.inspection_sample import InspectionSample
from tests.leaks.company_fixtures import with_column

FEATURES = ["segment", "amount"]


def test_training_comes_first_and_what_is_open_last(deals: Company) -> None:
    material = InspectionSample.of(deals.rows, deals.serving, FEATURES, MAIN)
    assert len(material.table) == len(deals.rows.snapshots) + len(deals.serving)
    assert material.serving == material.is_open.sum() == len(deals.serving)
    at_main = deals.rows.horizon == MAIN
    assert np.array_equal(material.labelled_rows, deals.rows.snapshot_index[at_main])
    assert np.array_equal(material.label, deals.rows.label[at_main])


def test_what_became_of_an_entity_is_the_label_of_its_last_snapshot(deals: Company) -> None:
    material = InspectionSample.of(deals.rows, deals.serving, FEATURES, MAIN)
    looks = deals.rows.snapshots.groupby("deal_id").agg(last=("as_of", "max"), won=("event_at", lambda moments: moments.notna().any()))
    end = deals.serving["as_of"].iloc[0]
    told = (looks["last"] + pd.Timedelta(days=MAIN) <= end) & ~looks.index.isin(deals.serving["deal_id"])
    assert np.sum(~np.isnan(material.had)) == told.sum()
    assert np.nansum(material.had) == looks.loc[told, "won"].sum()


def test_entities_whose_records_were_deleted_while_open_are_left_out(deals: Company) -> None:
    past = deals.rows.snapshots
    gone = past["deal_id"].drop_duplicates().iloc[::5]
    last = past["deal_id"].isin(gone) & ~past["deal_id"].duplicated(keep="last")
    snapshots = past.assign(censored_at=past["as_of"].where(last))
    material = InspectionSample.of(replace(deals.rows, snapshots=snapshots), deals.serving, FEATURES, MAIN)
    left = past[~past["deal_id"].isin(gone)]
    assert len(material.table) - material.serving == len(left) < len(past)
    assert len(material.hashes) == len(set(left["deal_id"]) | set(deals.serving["deal_id"]))


def test_many_snapshots_are_thinned_by_whole_entities(deals: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    named = with_column(deals, "name", lambda looks: looks["deal_id"])
    whole = InspectionSample.of(named.rows, named.serving, ["name"], MAIN)
    monkeypatch.setattr(module, "MOST_SNAPSHOTS", 8000)
    thinned = InspectionSample.of(named.rows, named.serving, ["name"], MAIN)
    assert 5000 < len(thinned.table) < 11_000
    counts, all_counts = (material.table["name"].value_counts() for material in (thinned, whole))
    assert (counts == all_counts.reindex(counts.index)).all()
    label = pd.Series(whole.label, whole.table["name"].iloc[whole.labelled_rows].to_numpy()).groupby(level=0).sum()
    again = pd.Series(thinned.label, thinned.table["name"].iloc[thinned.labelled_rows].to_numpy()).groupby(level=0).sum()
    assert (again == label.reindex(again.index)).all()


def test_without_a_main_horizon_the_next_shorter_one_counts(deals: Company) -> None:
    shorter = deals.rows.keep(deals.rows.horizon < MAIN)
    material = InspectionSample.of(shorter, None, FEATURES, MAIN)
    assert len(material.labelled_rows) == (shorter.horizon == 30).sum()
    assert material.serving == 0


def test_lots_are_even_and_independent(deals: Company) -> None:
    material = InspectionSample.of(deals.rows, deals.serving, FEATURES, MAIN)
    one, two = material.chance(1), material.chance(2)
    assert abs(one.mean() - 0.5) < 0.03
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.06
    assert abs(material.half.mean() - 0.5) < 0.04
    rows = material.chance_by_row(1)
    assert len(np.unique(rows)) > 0.99 * len(rows)
