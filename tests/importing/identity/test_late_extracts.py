"""An older full extract that is imported late changes nothing from the next full one on: any order of weeks tells the same."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dealml.importing.identity.full_extracts import FULL_EXTRACTS
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import load_model
from features import economics, owner, stage, timing
from tests.conftest import ROOT
from tests.importing.company_fixtures import Company

WEEKLY = """
    extracts:
      - file: deals.csv
        into: deals
        full: true
        columns: {deal_id: id, account_id: client, occurred_at: made, recorded_at: made}
        attributes:
          amount: {column: amount, type: amount}
          owner: {column: owner}
          stage: {column: stage, order: [Talks, Offer, Signed]}
      - file: deals.csv
        into: outcomes
        where: {stage: [Signed, Dropped]}
        columns: {deal_id: id, outcome: {column: stage, values: {Signed: won, Dropped: lost}}, occurred_at: ended, recorded_at: ended}
    """
START = datetime(2026, 3, 2, tzinfo=UTC)
CASES = [(0, 3), (1, 3), *(pytest.param(seed, 4, marks=pytest.mark.deep) for seed in range(2, 40))]
Week = dict[str, tuple[str, ...]]


@cache
def watched() -> Model:
    features = (economics.amount, owner.owner, stage.stage, timing.age)
    return replace(load_model(ROOT, "deal_win"), features=features)


def day(week: int, days: int = 0) -> str:
    return (START + timedelta(days=7 * week + days)).date().isoformat()


def weeks(seed: int, number: int = 4) -> list[Week]:
    """What the CRM shows each Monday: by deal its client, day of creation, amount, owner, stage and day of closing."""
    draw = random.Random(seed)
    shown: Week = {f"D{number}": ("A1", "2026-01-05", "10", "Ann", "Talks", "") for number in range(6)}
    gone: Week = {}
    result = []
    for week in range(number):
        for deal in list(shown):
            client, made, amount, owner, stage_now, ended = shown[deal]
            client, amount = draw.choice(["A1", "A1", "A2"]), draw.choice(["10", "10", "20", ""])
            owner = draw.choice(["Ann", "Bob"])
            if draw.random() < 0.4:
                stage_now = draw.choice(["Talks", "Offer", "Signed", "Dropped"])
                ended = day(week, -3) if stage_now in ("Signed", "Dropped") else ""
            shown[deal] = (client, made, amount, owner, stage_now, ended)
        for deal in draw.sample(sorted(shown), draw.choice([0, 0, 1, 2]) if week else 0):
            gone[deal] = shown.pop(deal)
        for deal in draw.sample(sorted(gone), min(len(gone), draw.choice([0, 1]))):
            shown[deal] = gone.pop(deal)
        shown[f"N{week}"] = ("A3", day(week, -2), "5", "Ann", "Talks", "")
        result.append(dict(shown))
    return result


def import_week(company: Company, shown: Week, week: int) -> None:
    rows = "".join(",".join([deal, *cells]) + "\n" for deal, cells in shown.items())
    company.week(day(week), WEEKLY, deals="id,client,made,amount,owner,stage,ended\n" + rows)


def open_on(company: Company, week: int) -> pd.DataFrame:
    """The open deals at noon of a week's Monday."""
    view = View.of(company.ledger, watched(), START + timedelta(days=7 * week, hours=12))
    return view.at_stake().sort_values("deal_id", ignore_index=True)


@pytest.mark.parametrize(("seed", "number"), CASES)
def test_weeks_in_another_order_tell_the_same(seed: int, number: int, tmp_path: Path) -> None:
    shown = weeks(seed, number)
    in_order, late = Company(tmp_path / "in_order"), Company(tmp_path / "late")
    order = random.Random(seed).choice([*itertools.permutations(range(number))][1:])
    for week in range(number):
        import_week(in_order, shown[week], week)
        import_week(late, shown[order[week]], order[week])
    for week in range(number):
        pd.testing.assert_frame_equal(open_on(in_order, week), open_on(late, week))


DEAL = ("A1", "2026-01-05", "10", "Ann", "Talks", "")
CHANGED = ("A2", "2026-01-05", "11", "Bob", "Dropped", "2026-03-06")


def made(day_of_creation: str) -> tuple[str, ...]:
    return (DEAL[0], day_of_creation, *DEAL[2:])


LATER = [
    ("D3", "deleted", "2026-03-09"),
    ("D3", "restored", "2026-03-16"),
    ("D4", "deleted", "2026-03-16"),
]


def test_what_an_older_extract_adds_holds_until_the_next_one(company: Company) -> None:
    """The middle one of three weeks comes last: it lacks D3, shows D4 and other values of D1, and has no D2 yet."""
    import_week(company, {"D1": DEAL, "D3": DEAL}, 0)
    import_week(company, {"D1": DEAL, "D2": made("2026-03-15"), "D3": DEAL}, 2)
    import_week(company, {"D1": CHANGED, "D4": made("2026-03-08")}, 1)
    assert [(row[0], row[1], row[3]) for row in company.days("record_events", "record_id", "event")] == LATER
    for week, deals in enumerate([["D1", "D3"], ["D4"], ["D1", "D2", "D3"]]):
        open_deals = open_on(company, week).set_index("deal_id")
        assert list(open_deals.index) == deals
    assert [*open_deals.loc["D1", ["account_id", "amount", "owner", "stage"]]] == ["A1", 10, "Ann", "Talks"]
    assert ("reopened", "2026-03-16", "2026-03-16") in company.days("outcomes", "outcome")


FLAGGED = WEEKLY.replace("full: true", 'full: true\n        deleted: {gone: "yes"}\n        merged_into: master').replace(
    "        columns: {deal_id: id, account_id", "        where: {kind: [New]}\n        columns: {deal_id: id, account_id", 1
)


ALWAYS = "D0,A1,2026-01-05,5,Ann,Dropped,2026-01-20,,,New", "D1,A1,2026-01-05,10,Ann,Talks,,,,New"


def flagged_week(company: Company, week: int, *rows: str) -> None:
    """Import a week's deals, each with its id, amount, flag of deletion, master and kind."""
    cells = (row.split(",") for row in rows)
    lines = [f"{id_},A1,2026-01-05,{amount},Ann,Talks,,{gone},{master},{kind}" for id_, amount, gone, master, kind in cells]
    head = "id,client,made,amount,owner,stage,ended,gone,master,kind"
    company.week(day(week), FLAGGED, deals="\n".join([head, *ALWAYS, *lines]) + "\n")


@pytest.mark.parametrize("order", [(0, 2, 1), (1, 0, 2)])
@pytest.mark.parametrize(
    ("weeks_of_d7", "open_in_week"),
    [
        ([None, "D7,7,,,New", "D7,7,yes,,New"], 1),
        (["D7,7,,,New", "D7,7,,D1,New", None], 0),
        (["D7,7,,,New", "D7,8,,,Old", "D7,9,,,New"], 1),
    ],
    ids=["flagged", "merged", "not taken"],
)
def test_a_row_that_is_flagged_merged_or_not_taken_shows_no_values(
    company: Company, order: tuple[int, ...], weeks_of_d7: list[str | None], open_in_week: int
) -> None:
    for week in order:
        flagged_week(company, week, *filter(None, [weeks_of_d7[week]]))
    open_deals = [open_on(company, week).set_index("deal_id")["amount"].to_dict() for week in range(3)]
    assert [table["D1"] for table in open_deals] == [10, 10, 10]
    assert open_deals[open_in_week].get("D7") == 7
    assert ("D7" in open_deals[2]) == (weeks_of_d7[2] == "D7,9,,,New")


def test_lists_that_an_older_dealml_wrote_are_read_too(company: Company) -> None:
    """They have no column that says what was taken: every record counts as taken."""
    import_week(company, {"D1": DEAL, "D3": DEAL}, 0)
    import_week(company, {"D1": DEAL, "D3": DEAL}, 2)
    for path in company.ledger.folder.rglob(f"{FULL_EXTRACTS}.parquet"):
        pq.write_table(pq.read_table(path).drop_columns(["is_taken"]), path)
    import_week(company, {"D1": CHANGED}, 1)
    import_week(company, {"D1": DEAL, "D3": DEAL}, 3)
    assert [*open_on(company, 2)["deal_id"]] == [*open_on(company, 3)["deal_id"]] == ["D1", "D3"]
    assert [row[1] for row in company.days("record_events", "record_id", "event")] == ["deleted", "restored"]
