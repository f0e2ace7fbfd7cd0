"""Meetings, calls, mails, demos and shared assets: how busy a deal is says little about how it will end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array, days, working_moment
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.names import OWNERS
from dealml.simulate.paths import Paths
from dealml.simulate.process import unpack
from dealml.simulate.revisions import owner_names

KINDS = {"Email": 0.46, "Call": 0.22, "Meeting": 0.17, "Demo": 0.05, "Asset shared": 0.10}
ASSETS = ("ROI calculator", "Case study: logistics", "Security whitepaper", "Product tour", "Pricing guide")

_CHANNEL = {"Email": "mail", "Call": "phone", "Meeting": "video", "Demo": "video", "Asset shared": "web"}
_MINUTES = {"Call": 14.0, "Meeting": 45.0, "Demo": 50.0}
_PER_DAY = 0.16
"""Touches per day of an average deal, apart from those around its moves."""


def activity_rows(rng: np.random.Generator, paths: Paths, lives: DealLifecycles, owner: Array) -> pd.DataFrame:
    """One row per touch, logged within hours or days."""
    deal, occurred = _touches(rng, paths, lives, owner)
    count = len(deal)
    kind = np.array(list(KINDS), dtype=object)[rng.choice(len(KINDS), count, p=list(KINDS.values()))]
    minutes = np.array([_MINUTES.get(name, np.nan) for name in kind]) * rng.gamma(4.0, 0.25, count)
    inward = rng.random(count) < np.where(kind == "Asset shared", 0.0, 0.35)
    in_person = (kind == "Meeting") & (rng.random(count) < 0.3)
    return pd.DataFrame(
        {
            "deal": deal,
            "person": rng.choice(5, count, p=[0.40, 0.15, 0.10, 0.20, 0.15]),
            "Kind": kind,
            "Direction": np.where(inward, "Inbound", "Outbound").astype(object),
            "Channel": np.where(in_person, "in person", np.array([_CHANNEL[name] for name in kind], dtype=object)),
            "AssetName": _assets(rng, kind),
            "DoneBy": owner_names(owner[deal], occurred),
            "Minutes": ["" if np.isnan(value) else f"{value:.0f}" for value in minutes.tolist()],
            "occurred": occurred,
            "recorded": lives.recorded(rng, deal, occurred),
        }
    )


def _touches(rng: np.random.Generator, paths: Paths, lives: DealLifecycles, owner: Array) -> tuple[Array, Array]:
    """Touches at the pace of the deal's owner, whatever the progress; and some that come with a milestone."""
    pace = np.exp(0.4 * rng.standard_normal(len(OWNERS)))[owner] * rng.gamma(2.0, 0.5, len(owner))
    length = (lives.end - lives.created) / days(np.array(1))
    steady = np.repeat(np.arange(len(owner)), rng.poisson(pace * length * _PER_DAY))
    moment = lives.moments(rng, steady)
    open_ = lives.is_open(steady, moment)
    moved = (unpack(paths.before)[0] < unpack(paths.after)[0]) & (rng.random(len(paths.before)) < 0.6)
    deal = np.concatenate([steady[open_], paths.moved_deal[moved]])
    return deal, np.concatenate([moment[open_], working_moment(rng, paths.moved_day[moved])])


def _assets(rng: np.random.Generator, kind: Array) -> Array:
    assets = np.array(ASSETS, dtype=object)[rng.integers(0, len(ASSETS), len(kind))]
    return np.where(kind == "Asset shared", assets, "")
