"""Slices by hand, on frames of a few deals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from dealml import Shown
from dealml.evaluation.holdout.predictions import HoldoutPredictions, weekly
from dealml.evaluation.report.amounts import Amounts, amounts_of
from dealml.evaluation.report.slices import by_age, by_amount, by_horizon, by_life, by_text, life_end, slices_of, texts_of
from dealml.learning.training_rows import TrainingRows, labelled
from tests.learning.snapshot_fixtures import SPEC

END = datetime(2025, 6, 2, tzinfo=UTC)


def deal(name: str, since: str, weeks: int, event: str | None = None, **features: object) -> pd.DataFrame:
    """A deal with a snapshot on each of so many Mondays after it was created."""
    start = pd.Timestamp(since, tz="UTC")
    first = start.normalize() + pd.Timedelta(days=7 - start.day_of_week)
    mondays = [first + pd.Timedelta(days=7 * week) for week in range(weeks)]
    when = pd.Timestamp(event, tz="UTC") if event else pd.NaT
    return pd.DataFrame({"deal_id": name, "since": start, "as_of": mondays, "event_at": when} | features)


def rows_of(*deals: pd.DataFrame, horizons: tuple[int, ...] = (30,)) -> TrainingRows:
    table = pd.concat(deals, ignore_index=True)
    times = {name: pd.to_datetime(table[name], utc=True).astype("datetime64[us, UTC]") for name in ("since", "as_of", "event_at")}
    return labelled(table.assign(**times), "deal_id", horizons, END)


def held(rows: TrainingRows) -> HoldoutPredictions:
    return HoldoutPredictions(rows, {"model": np.full(len(rows), 0.5), "base_rate": np.full(len(rows), 0.5)})


WON = deal("won", "2025-01-06", 11, "2025-03-24 12:00")
LOST = deal("lost", "2025-01-06", 8)
OPEN = deal("open", "2025-02-03", 16)  # seen until the last Monday of all, the 26th of May


def test_a_won_deal_ends_at_its_win_and_a_lost_one_a_week_after_it_was_last_seen() -> None:
    rows = rows_of(WON, LOST, OPEN)
    ends = pd.DataFrame({"deal": rows.entities, "end": life_end(rows)}).groupby("deal")["end"].first()
    assert ends["won"] == pd.Timestamp("2025-03-24 12:00")
    assert ends["lost"] == pd.Timestamp("2025-03-10")
    assert pd.isna(ends["open"])


def test_a_reopened_deal_has_two_lives() -> None:
    """Lost in February, opened again and won in May: the win is not the end of the first life."""
    first, second = deal("D", "2025-01-06", 4, "2025-05-07"), deal("D", "2025-04-01", 5, "2025-05-07")
    rows = rows_of(first, second, OPEN)
    ends = pd.Series(life_end(rows))[rows.entities == "D"]
    assert ends.unique().tolist() == [pd.Timestamp("2025-02-10"), pd.Timestamp("2025-05-07")]


def test_at_a_share_of_its_life_a_deal_has_its_last_row_by_then() -> None:
    """The lost deal lives 63 days: 25 % are 15.75, so the row of day 14; 50 % are 31.5, day 28; 66 % are 41.58, day 35."""
    rows = rows_of(LOST, OPEN)
    day = (rows.as_of - rows.since) / np.timedelta64(1, "D")
    found = {share: (rows.entities[which].tolist(), day[which].tolist()) for share, which in by_life(rows).items()}
    assert found == {"25%": (["lost"], [14.0]), "50%": (["lost"], [28.0]), "66%": (["lost"], [35.0])}


def test_a_deal_without_a_row_by_then_is_left_out() -> None:
    short = deal("short", "2025-01-06", 2)  # lives 21 days, first seen on the 7th: a third of its life
    found = by_life(rows_of(short, LOST, OPEN))
    rows = rows_of(short, LOST, OPEN)
    assert rows.entities[found["25%"]].tolist() == ["lost"]
    assert sorted(rows.entities[found["50%"]]) == ["lost", "short"]


def test_ages_and_horizons() -> None:
    rows = rows_of(LOST, OPEN, horizons=(7, 30))
    ages = by_age(rows)
    assert sum(which.sum() for which in ages.values()) == len(rows)
    assert set(((rows.as_of - rows.since) / np.timedelta64(1, "D"))[ages["7-14"]]) == {7.0}
    assert {name: set(rows.horizon[which]) for name, which in by_horizon(rows).items()} == {"7": {7.0}, "30": {30.0}}


def test_texts_are_ranked_and_the_rare_ones_share_a_slice() -> None:
    texts = np.array(["b", "a", "b", "c", "d", "a", "b"], dtype=object)
    found = by_text(texts, 2)
    assert list(found) == ["b", "a", "all others"]
    assert found["all others"].tolist() == [False, False, False, True, True, False, False]
    assert list(by_text(texts)) == ["a", "b", "c", "d"]


def test_a_missing_text_is_not_set() -> None:
    rows = rows_of(deal("one", "2025-01-06", 1, segment="SMB"), deal("two", "2025-01-06", 1, segment=None))
    assert texts_of(rows, "segment").tolist() == ["SMB", "not set"]


def test_amounts_fall_into_quartiles_that_say_what_they_hold() -> None:
    values = np.array([1000.0, 2000, 3000, 4000, np.nan])
    found = by_amount(Amounts(values, "EUR"))
    assert {name: values[which].tolist() for name, which in list(found.items())[:-1]} == {
        "under €1,750": [1000.0],
        "€1,750 to €2,500": [2000.0],
        "€2,500 to €3,250": [3000.0],
        "€3,250 and more": [4000.0],
    }
    assert found["no amount"].tolist() == [False] * 4 + [True]
    assert sum(which.sum() for which in found.values()) == 5


def test_equal_amounts_make_fewer_bands() -> None:
    assert list(by_amount(Amounts(np.full(9, 500.0), ""))) == ["under 500", "500 and more", "no amount"]


def test_money_is_what_was_converted_or_else_in_the_projects_currency() -> None:
    shown = Shown(amount_converted="base", amount="own", currency="unit")
    one = {"base": np.nan, "own": 7.0, "unit": "EUR"}
    rows = rows_of(
        deal("a", "2025-01-06", 1, base=5.0, own=9.0, unit="USD"),
        deal("b", "2025-01-06", 1, **one),
        deal("c", "2025-01-06", 1, **one | {"unit": "USD"}),
        deal("d", "2025-01-06", 1, **one | {"unit": None, "own": -3.0}),
        deal("e", "2025-01-06", 1, **one | {"own": -3.0}),
    )
    found = amounts_of(rows, shown, "EUR")
    assert found is not None
    np.testing.assert_array_equal(found.values, [5.0, 7.0, np.nan, np.nan, -3.0])
    np.testing.assert_array_equal(found.counted, [5.0, 7.0, 0.0, 0.0, 0.0])
    assert found.unknown == 2
    assert amounts_of(rows, Shown(amount="own", currency="unit")) is None
    assert amounts_of(rows, Shown(), "EUR") is None


def test_what_cannot_be_cut_is_told() -> None:
    rows = weekly(rows_of(WON, LOST, OPEN))
    found = slices_of(replace(SPEC, stage="colour", shown=Shown(segment="segment")), held(rows), None)
    assert set(found.masks) == {"age", "life"}
    assert found.absent == {
        "segment": "the ledger gives no segment",
        "stage": "the ledger gives no colour",
        "amount": "no row has an amount in the project's currency",
    }


def test_a_cross_section_has_no_ages_and_accounts_have_no_end_of_life() -> None:
    rows = rows_of(LOST, OPEN)
    undated = slices_of(SPEC, replace(held(replace(rows, cross_section=True)), fold=np.full(len(rows), "repeat 1", dtype=object)), None)
    assert set(undated.masks) == {"repeat"}
    assert {undated.absent[kind] for kind in ("horizon", "age", "life")} == {"the source has no dates"}
    accounts = slices_of(SPEC, held(replace(rows, lives_once=False)), None)
    assert set(accounts.masks) == {"age"}


@pytest.mark.parametrize("origin", ["2025-01-01", "2025-02-01"])
def test_origins_are_slices(origin: str) -> None:
    rows = rows_of(LOST, OPEN)
    fold = np.where(rows.entities == "lost", "2025-01-01", "2025-02-01").astype(object)
    found = slices_of(SPEC, replace(held(rows), fold=fold), None).masks["origin"]
    assert (found[origin] == (fold == origin)).all()
