"""What revises a deal's fields later: new and corrected amounts, pushed close dates, other and renamed owners."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import START, Array, Times, days, office_hours
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.names import OWNERS, RENAMED

_PUSHES = 8


def change_rows(rng: np.random.Generator, lives: DealLifecycles, deal: Array, occurred: Array, **fields: object) -> pd.DataFrame:
    """Changes of fields, recorded mostly in time."""
    recorded = lives.recorded(rng, deal, occurred)
    return pd.DataFrame({"deal": deal, "occurred": occurred, "recorded": recorded, **fields})


def repriced_rows(rng: np.random.Generator, lives: DealLifecycles, amount: Array, entered: Array) -> list[pd.DataFrame]:
    """New amounts, and corrections of those `entered` wrong.

    A correction is recorded days later, and occurred when the deal was created:
    it says what had been true all along.
    """
    wrong = np.flatnonzero(entered != amount)
    noticed = lives.entered[wrong] + days(rng.uniform(1, 10, len(wrong)))
    corrected = pd.DataFrame({"deal": wrong, "occurred": lives.created[wrong], "recorded": noticed, "amount": amount[wrong]})
    deal = np.repeat(np.arange(len(amount)), rng.poisson(0.7, len(amount)))
    deal, moment = _while_open(rng, lives, deal)
    changed = np.round(amount[deal] * np.exp(rng.normal(0, 0.18, len(deal))), -1)
    return [corrected, change_rows(rng, lives, deal, moment, amount=changed)]


def pushed_rows(rng: np.random.Generator, lives: DealLifecycles, close: Array) -> list[pd.DataFrame]:
    """Close dates move out, again and again, shortly before or after they pass."""
    planned, deal, parts = close.astype("datetime64[s]"), np.arange(len(close)), []
    for _ in range(_PUSHES):
        moment = office_hours(rng, planned[deal] + days(rng.uniform(-9, 4, len(deal))))
        open_ = lives.is_open(deal, moment)
        deal, moment = deal[open_], moment[open_]
        planned[deal] = planned[deal] + days(np.rint(rng.gamma(2.5, 14, len(deal))) + 7)
        parts.append(change_rows(rng, lives, deal, moment, close=planned[deal]))
    return parts


def owner_names(owner: Array, moment: Times) -> Array:
    """What each owner is called at a moment."""
    names = np.array(OWNERS, dtype=object)[owner]
    for number, (name, since) in _renamings().items():
        names[(owner == number) & (moment >= since)] = name
    return names


def owner_rows(rng: np.random.Generator, lives: DealLifecycles, owner: Array) -> list[pd.DataFrame]:
    """Handovers of single deals, and owners whose new name appears on all of their deals at once."""
    deal, moment = _while_open(rng, lives, np.flatnonzero(rng.random(len(owner)) < 0.03))
    lasting = [number for number in range(len(OWNERS)) if number not in RENAMED]
    taker = np.array(OWNERS, dtype=object)[rng.choice(lasting, len(deal))]
    parts = [change_rows(rng, lives, deal, moment, OwnerName=taker)]
    not_moved = ~np.isin(np.arange(len(owner)), deal)
    for number, (name, since) in _renamings().items():
        theirs = np.flatnonzero((owner == number) & not_moved & (lives.created < since))
        recorded = np.maximum(lives.entered[theirs], since)
        parts.append(pd.DataFrame({"deal": theirs, "occurred": since, "recorded": recorded, "OwnerName": name}))
    return parts


def _renamings() -> dict[int, tuple[str, Times]]:
    return {number: (name, START + days(np.array(430 + 170 * index + 0.4))) for index, (number, name) in enumerate(RENAMED.items())}


def _while_open(rng: np.random.Generator, lives: DealLifecycles, deal: Array) -> tuple[Array, Times]:
    moment = lives.moments(rng, deal)
    open_ = lives.is_open(deal, moment)
    return deal[open_], moment[open_]
