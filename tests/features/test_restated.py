"""Records that the CRM merges, deletes and restores: every feature is as if the history had been that of one record all along."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import load_model
from tests.conftest import ROOT
from tests.features.deal_history_fixtures import LENGTH, START, make_case
from tests.ledger_fixtures import ledger_of

Tables = dict[str, list[dict[str, Any]]]
MERGED, DELETED, RESTORED, END = (START + timedelta(days=days) for days in (30, 40, 50, LENGTH + 40))
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 6))]
COLUMNS = {"deal": "deal_id", "account": "account_id", "contact": "contact_id"}


SUBJECTS = ("history", "stage", "stakeholders", "activity")
"""What the quick examples compute: how each kind of feature is made; the slow proof computes all."""


@cache
def spec(every_feature: bool) -> Model:
    model = load_model(ROOT, "deal_win")
    keys = ("industry", "problem", "trigger", "competitor", "source", "segment")
    few = tuple(feature for feature in model.all_features if feature.subject in SUBJECTS or feature.name in keys)
    return model if every_feature else replace(model, features=few)


def company(seed: int) -> Tables:
    """A random company in which something is open and something closed."""
    tables = make_case(seed, 14).tables
    return tables | {"outcomes": [row for row in tables["outcomes"] if row["deal_id"] != "d0"]}


def event(at: datetime, kind: str, what: str, record: str, into: str | None = None) -> dict[str, Any]:
    return {"occurred_at": at, "recorded_at": at, "record_id": record, "kind": kind, "event": what, "into_id": into}


def renamed(tables: Tables, kind: str, loser: str, into: str) -> Tables:
    """The tables of a company in which two records were one from the beginning."""
    column = COLUMNS[kind]
    one = {name: [row | ({column: into} if row.get(column) == loser else {}) for row in rows] for name, rows in tables.items()}
    if kind == "deal" and any(row["deal_id"] == into and row["account_id"] for row in tables["deals"]):
        # The account of the deal that stays holds.
        one["deals"] = [row | ({"account_id": None} if row["deal_id"] == loser else {}) for row in tables["deals"]]
        one["deals"] = [row | ({"deal_id": into} if row["deal_id"] == loser else {}) for row in one["deals"]]
    return one


def scored(folder: Path, tables: Tables, at: datetime = END, every_feature: bool = False) -> pd.DataFrame:
    """What is open, with features that a model of deals sees."""
    return View.of(ledger_of(folder, tables), spec(every_feature), at).at_stake().drop(columns="since")


def never_closed(tables: Tables) -> list[str]:
    closed = {row["deal_id"] for row in tables["outcomes"]}
    return sorted({row["deal_id"] for row in tables["deals"]} - closed - {"d0"})


@pytest.mark.parametrize("seed", SEEDS)
def test_features_after_merges_are_those_of_the_merged_history(seed: int, tmp_path: Path) -> None:
    tables = company(seed)
    loser, into = never_closed(tables)[0], random.Random(seed).choice(["d0", "d1", "new"])
    merges = [("deal", loser, into), ("account", "a1", "ä3"), ("contact", "c1", "c2"), ("contact", "c2", "c9")]
    whole = tables
    for merge in merges:
        whole = renamed(whole, *merge)
    events = [event(MERGED + timedelta(hours=n), kind, "merged", loser, into) for n, (kind, loser, into) in enumerate(merges)]
    after = scored(tmp_path / "merged", tables | {"record_events": events}, every_feature=seed > 0)
    assert len(after) > 1
    pd.testing.assert_frame_equal(after, scored(tmp_path / "whole", whole, every_feature=seed > 0))


@pytest.mark.parametrize("seed", SEEDS)
def test_deleting_and_restoring_changes_no_feature(seed: int, tmp_path: Path) -> None:
    tables = company(seed)
    records = [*(("deal", f"d{number}") for number in range(0, 14, 2)), ("account", "a1"), ("contact", "c1")]
    moments = (("deleted", DELETED), ("restored", RESTORED))
    events = [event(at, kind, what, record) for kind, record in records for what, at in moments]
    after = scored(tmp_path / "restored", tables | {"record_events": events}, every_feature=seed > 0)
    assert len(after) > 1
    pd.testing.assert_frame_equal(after, scored(tmp_path / "plain", tables, every_feature=seed > 0))


def test_a_deleted_deal_counts_in_no_record_until_it_is_back(tmp_path: Path) -> None:
    tables = company(0)
    won = {row["deal_id"] for row in tables["outcomes"] if row["outcome"] == "won" and row["recorded_at"] < DELETED}
    events = [event(at, "deal", what, deal) for deal in sorted(won) for what, at in (("deleted", DELETED), ("restored", RESTORED))]
    events += [event(MERGED, "account", "merged", "x", "y"), event(MERGED, "contact", "merged", "x", "y")]
    tables |= {"record_events": events}
    at = DELETED + timedelta(days=2)
    gone = scored(tmp_path / "gone", tables, at)
    none = {name: [row for row in rows if row.get("deal_id") not in won] for name, rows in tables.items() if name != "record_events"}
    without = scored(tmp_path / "without", none, at)
    counts = ["deal_id", "account_deals_won_1y", "account_deals_lost_1y", "won_days_at_stage"]
    pd.testing.assert_frame_equal(gone[counts], without[counts])


def test_a_contact_that_was_merged_is_met_once_from_then_on(tmp_path: Path) -> None:
    clocks = {"occurred_at": START, "recorded_at": START}
    tables: Tables = {
        "deals": [clocks | {"deal_id": "D", "account_id": "A"}],
        "outcomes": [clocks | {"deal_id": "nobody", "outcome": "lost"}],
        "stakeholders": [clocks | {"deal_id": "D", "contact_id": name, "role": "champion", "engagement": 3} for name in ("p", "q", "r")],
        "record_events": [event(MERGED, "contact", "merged", "p", "q"), event(RESTORED, "contact", "deleted", "r")],
    }
    for at, people in ((MERGED, 3), (DELETED, 2), (END, 2)):
        (row,) = scored(tmp_path / f"{at:%j}", tables, at).to_dict("records")
        assert (row["people_known"], row["supporters"]) == (people, people)
