"""However a history is split over files, weeks and rows, the ledger tells the same of every deal."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import load_model
from features import activity, economics, stage, timing
from tests.conftest import ROOT
from tests.importing.company_fixtures import Company

Rows = list[list[str]]
START, WEEKS = date(2026, 1, 5), 5
END = datetime(2026, 3, 1, tzinfo=UTC)
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 8))]
HEADERS = {"deals": "id,account,created", "history": "id,deal,stage,amount,at", "calls": "deal,kind,at"}
EXTRACTS = """
      - file: deals{part}.csv
        into: deals
        columns: {{deal_id: id, account_id: account, occurred_at: created, recorded_at: created}}
      - file: history{part}.csv
        into: deal_changes
        columns: {{deal_id: deal, occurred_at: at, recorded_at: at, sequence: id}}
        attributes:
          stage: {{column: stage, order: [Talks, Offer, Signed, Dropped]}}
          amount: {{column: amount, type: amount}}
      - file: history{part}.csv
        into: outcomes
        where: {{stage: [Signed, Dropped]}}
        columns: {{deal_id: deal, outcome: {{column: stage, values: {{Signed: won, Dropped: lost}}}}, occurred_at: at, recorded_at: at}}
      - file: calls{part}.csv
        into: activities
        columns: {{deal_id: deal, activity: kind, occurred_at: at, recorded_at: at}}
    """


@cache
def spec() -> Model:
    features = (timing.age, economics.amount, activity.calls, activity.meetings, stage.stage, stage.moves_back, economics.amount_changes)
    return replace(load_model(ROOT, "deal_win"), features=features)


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def history(seed: int) -> dict[str, Rows]:
    """What a company did in some weeks, in the order of time; the last column of each row is its day."""
    draw = random.Random(seed)
    rows: dict[str, Rows] = {name: [] for name in HEADERS}
    closed = set[str]()
    for today in range(7 * WEEKS):
        if today % 2 == 0:
            rows["deals"].append([f"D{today:02}", f"A{today % 5}", day(today)])
        for (deal, *_), _ in zip(rows["deals"], range(40), strict=False):
            if deal not in closed and draw.random() < 0.2:
                step = draw.choice(["Talks", "Offer", "Offer", "Signed", "Dropped"])
                closed |= {deal} if step in ("Signed", "Dropped") else set()
                rows["history"].append([str(len(rows["history"])), deal, step, str(draw.choice([100, 250])), day(today)])
            if draw.random() < 0.2:
                rows["calls"].append([deal, draw.choice(["call", "meeting"]), day(today)])
    return rows


def imported(company: Company, at: str, parts: list[dict[str, Rows]]) -> None:
    """Import extracts of a day, each part in files of its own."""
    files = {
        f"{name}{number}": "\n".join([HEADERS[name], *(",".join(row) for row in rows)])
        for number, part in enumerate(parts)
        for name, rows in part.items()
    }
    company.week(at, "    extracts:" + "".join(EXTRACTS.format(part=number).rstrip() for number in range(len(parts))) + "\n", **files)


def at_once(company: Company, rows: dict[str, Rows], draw: random.Random) -> None:
    imported(company, day(7 * WEEKS), [rows])


def in_another_order(company: Company, rows: dict[str, Rows], draw: random.Random) -> None:
    imported(company, day(7 * WEEKS), [{name: draw.sample(part, len(part)) for name, part in rows.items()}])


def over_files(company: Company, rows: dict[str, Rows], draw: random.Random) -> None:
    parts: list[dict[str, Rows]] = [{name: [] for name in rows} for _ in range(2)]
    for name, table in rows.items():
        for row in table:
            draw.choice(parts)[name].append(row)
    imported(company, day(7 * WEEKS), parts)


def over_weeks(company: Company, rows: dict[str, Rows], draw: random.Random) -> None:
    for week in range(WEEKS):
        since, until = day(7 * week), day(7 * (week + 1))
        imported(company, until, [{name: [row for row in table if since <= row[-1] < until] for name, table in rows.items()}])


def all_again_each_week(company: Company, rows: dict[str, Rows], draw: random.Random) -> None:
    for week in range(WEEKS):
        until = day(7 * (week + 1))
        imported(company, until, [{name: [row for row in table if row[-1] < until] for name, table in rows.items()}])


def open_deals(company: Company) -> pd.DataFrame:
    return View.of(company.ledger, spec(), END).at_stake()


def facts(company: Company) -> dict[str, list[str]]:
    return {name: sorted(str(row) for row in company.facts(name)) for name in company.ledger.tables}


@pytest.mark.parametrize("split", [in_another_order, over_files, over_weeks, all_again_each_week])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_feature_depends_on_how_a_history_is_split(seed: int, split: Callable[..., None], tmp_path: Path) -> None:
    rows, draw = history(seed), random.Random(seed)
    plain, other = Company(tmp_path / "plain"), Company(tmp_path / "other")
    at_once(plain, rows, draw)
    split(other, rows, draw)
    assert len(plain.facts("activities")) == len(rows["calls"])
    assert facts(other) == facts(plain)
    if split is over_weeks:
        pd.testing.assert_frame_equal(open_deals(other), open_deals(plain))


FULL = """
    extracts:
      - file: deals.csv
        into: deals
        full: true
        columns: {deal_id: id, account_id: account, occurred_at: created, recorded_at: created}
        attributes:
          amount: {column: amount, type: amount}
          stage: {column: stage, order: [Talks, Offer, Signed, Dropped]}
      - file: deals.csv
        into: outcomes
        where: {stage: [Signed, Dropped]}
        columns: {deal_id: id, outcome: {column: stage, values: {Signed: won, Dropped: lost}}, occurred_at: closed, recorded_at: closed}
      - file: calls.csv
        into: activities
        columns: {deal_id: deal, activity: kind, occurred_at: at, recorded_at: at}
    """


def as_shown(rows: dict[str, Rows], until: str, deleted: dict[str, str]) -> dict[str, str]:
    """The files of a CRM that shows each deal as it is on a day, and none that was deleted before."""
    there = [row for row in rows["deals"] if row[-1] < until and deleted.get(row[0], "9") >= until]
    names = {row[0] for row in there}
    deals = ["id,account,created,amount,stage,closed"]
    for deal, account, created in there:
        past = [row for row in rows["history"] if row[1] == deal and row[-1] < until]
        _, _, step, amount, at = past[-1] if past else ("", "", "", "", "")
        deals.append(f"{deal},{account},{created},{amount},{step},{at if step in ('Signed', 'Dropped') else ''}")
    calls = [",".join(row) for row in rows["calls"] if row[-1] < until and row[0] in names]
    return {"deals": "\n".join(deals), "calls": "\n".join([HEADERS["calls"], *calls])}


def watched(company: Company) -> list[dict[str, Any]]:
    return open_deals(company)[["deal_id", "account_id", "age", "amount", "calls", "meetings", "stage"]].to_dict("records")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_extract_every_week_ends_in_what_the_last_one_shows(seed: int, tmp_path: Path) -> None:
    rows, weekly, last = history(seed), Company(tmp_path / "weekly"), Company(tmp_path / "last")
    deleted = {row[0]: day(7 * week) for week, row in enumerate(rows["deals"][1:9:3], 2)}
    for week in range(WEEKS):
        weekly.week(day(7 * (week + 1)), FULL, **as_shown(rows, day(7 * (week + 1)), deleted))
    last.week(day(7 * WEEKS), FULL, **as_shown(rows, day(7 * WEEKS), deleted))
    assert {row["record_id"] for row in weekly.facts("record_events")} == set(deleted)
    assert str(watched(weekly)) == str(watched(last)) != "[]"
