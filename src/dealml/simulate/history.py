"""The field history of deals: the fields as first entered, the stages, and what revises them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array, days, office_hours, working_moment
from dealml.simulate.company import Deals
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.money import from_eur, written
from dealml.simulate.names import HOSTILE
from dealml.simulate.paths import Paths
from dealml.simulate.process import unpack
from dealml.simulate.revisions import change_rows, owner_names, owner_rows, pushed_rows, repriced_rows

STAGES = ("Discovery", "Evaluation", "Proposal", "Negotiation")
_STAGE_AT = np.array([0, 0, 1, 2, 3, 3])
"""The stage that fits a number of milestones."""
_CATEGORIES = ("Pipeline", "Pipeline", "Best Case", "Commit")


def history_rows(
    rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles, currency: Array, names: Array, owner: Array
) -> pd.DataFrame:
    """One row a change, with the changed fields only.

    `currency`, `names` and `owner` (a number of `OWNERS`) are those of each deal.
    """
    amount = from_eur(deals.amount_eur, currency)
    first = _first_rows(rng, deals, lives, currency, names, owner, amount)
    parts = [
        first,
        _competitor_rows(rng, deals, lives),
        _stage_rows(rng, paths, lives),
        *repriced_rows(rng, lives, amount, first["amount"].to_numpy()),
        *pushed_rows(rng, lives, first["close"].to_numpy()),
        *owner_rows(rng, lives, owner),
        _renamed_rows(rng, lives, names),
        _closed_rows(lives),
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows["CloseDate"] = rows["close"].dt.strftime("%Y-%m-%d")
    rows["Amount"] = written(rows["amount"].to_numpy())
    return rows


def _first_rows(
    rng: np.random.Generator, deals: Deals, lives: DealLifecycles, currency: Array, names: Array, owner: Array, amount: Array
) -> pd.DataFrame:
    """The fields as first entered; a few amounts a zero too long or too short."""
    slip = rng.random(len(deals))
    entered = np.where(slip < 0.02, amount * 10, np.where(slip < 0.04, np.round(amount / 10, 2), amount))
    stage = _STAGE_AT[unpack(deals.first_state)[0]]
    close = lives.created + days(np.rint(np.clip(rng.normal(80, 30, len(deals)), 14, 240)))
    called = names.copy()
    called[len(called) // 2] = HOSTILE
    return pd.DataFrame(
        {
            "deal": np.arange(len(deals)),
            "occurred": lives.created,
            "recorded": lives.entered,
            "OpportunityName": called,
            "StageName": np.array(STAGES, dtype=object)[stage],
            "ForecastCategory": np.array(_CATEGORIES, dtype=object)[stage],
            "CurrencyIso": currency,
            "OwnerName": owner_names(owner, lives.created),
            "amount": entered,
            "close": close,
        }
    )


def _stage_rows(rng: np.random.Generator, paths: Paths, lives: DealLifecycles) -> pd.DataFrame:
    """Stages follow milestones; some changes are forgotten, some are taken back for a week."""
    before, after = _STAGE_AT[unpack(paths.before)[0]], _STAGE_AT[unpack(paths.after)[0]]
    moved = (before != after) & (rng.random(len(before)) < 0.9)
    deal, old, new = paths.moved_deal[moved], before[moved], after[moved]
    occurred = working_moment(rng, paths.moved_day[moved])
    back = np.flatnonzero(rng.random(len(deal)) < 0.06)
    retreat = office_hours(rng, occurred[back] + days(rng.uniform(2, 6, len(back))))
    again = office_hours(rng, retreat + days(rng.uniform(4, 9, len(back))))
    deal = np.concatenate([deal, deal[back], deal[back]])
    stage = np.concatenate([new, old[back], new[back]])
    occurred = np.concatenate([occurred, retreat, again])
    open_ = lives.is_open(deal, occurred)
    deal, stage, occurred = deal[open_], stage[open_], occurred[open_]
    called = np.where(rng.random(len(deal)) < 0.85, stage, rng.integers(0, 4, len(deal)))
    return change_rows(
        rng,
        lives,
        deal,
        occurred,
        StageName=np.array(STAGES, dtype=object)[stage],
        ForecastCategory=np.array(_CATEGORIES, dtype=object)[called],
    )


def _competitor_rows(rng: np.random.Generator, deals: Deals, lives: DealLifecycles) -> pd.DataFrame:
    """Who else is in the running: mostly noted when the deal is entered, sometimes days later."""
    deal = np.arange(len(deals))
    return change_rows(rng, lives, deal, lives.created, Competitor=deals.competitor)


def _renamed_rows(rng: np.random.Generator, lives: DealLifecycles, names: Array) -> pd.DataFrame:
    deal = np.flatnonzero(rng.random(len(names)) < 0.01)
    moment = lives.moments(rng, deal)
    open_ = lives.is_open(deal, moment)
    deal, moment = deal[open_], moment[open_]
    return change_rows(rng, lives, deal, moment, OpportunityName=names[deal] + " II")


def _closed_rows(lives: DealLifecycles) -> pd.DataFrame:
    """Closing moves the stage, as reopening moves it back; recorded with the outcome itself."""
    stage = {"Won": "Closed Won", "Lost": "Closed Lost", "Reopened": "Evaluation"}
    rows = lives.closings
    closed = rows["status"] != "Reopened"
    return rows[["deal", "occurred", "recorded"]].assign(
        StageName=rows["status"].map(stage),
        ForecastCategory=np.where(closed, "Closed", "Pipeline"),
        close=rows["occurred"].where(closed),
    )
