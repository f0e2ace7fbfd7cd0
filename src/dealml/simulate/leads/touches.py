"""What a lead and we did: forms, replies, events, calls and mails; and what says nothing, the mails opened and the pages viewed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array, Times, seconds, workday_start
from dealml.simulate.leads.candidates import Leads
from dealml.simulate.leads.clocks import HOUR, noted_by_machine, noted_by_us

_STRONG = {"Form": 0.40, "Reply": 0.35, "Event": 0.25}
_OURS = {"Call": 0.55, "Mail": 0.45}
_CHANNEL = {"Form": "web", "Reply": "mail", "Event": "event", "Call": "phone", "Mail": "mail", "Mail opened": "mail", "Page view": "web"}
_FIRST = {"Inbound": "Form", "Event": "Event"}
_PAGES = ("Pricing", "Product", "Customers", "Blog", "Careers")

OPENS, VIEWS = 0.030, 0.010
"""Mails opened and pages viewed per working day by a lead of average habits."""
HABIT = 0.7
"""Shape of the gamma distribution of habits: few open nearly everything."""
READS_ON, AT_MOST = 40, 130
"""Working days that a lead reads on after it was disqualified, and altogether."""


def touch_rows(rng: np.random.Generator, leads: Leads, moments: Times) -> pd.DataFrame:
    """One row a touch: `lead`, `Kind`, `Direction`, `Channel`, `AssetName`, `occurred` and `recorded`; in no order.

    `moments` are those of the events of the walks.
    """
    what = leads.walks.events["what"]
    theirs, ours = what.eq("touch").to_numpy(), what.isin(["answer", "call"]).to_numpy()
    events = leads.walks.events.assign(occurred=moments)
    strong = _strong(rng, leads, events[theirs])
    out = events.loc[ours, ["lead", "occurred"]].assign(Kind=_draw(rng, _OURS, int(ours.sum())), Direction="Outbound", AssetName="")
    out["recorded"] = noted_by_us(rng, out["occurred"].to_numpy("datetime64[s]"))
    theirs_all = pd.concat([strong, _visits(rng, strong), _habits(rng, leads)], ignore_index=True).assign(Direction="Inbound")
    theirs_all["recorded"] = noted_by_machine(rng, theirs_all["occurred"].to_numpy("datetime64[s]"))
    rows = pd.concat([theirs_all, out], ignore_index=True)
    return rows.assign(Channel=rows["Kind"].map(_CHANNEL))


def _strong(rng: np.random.Generator, leads: Leads, touches: pd.DataFrame) -> pd.DataFrame:
    kind = _draw(rng, _STRONG, len(touches))
    first = leads.who["LeadSource"].to_numpy()[touches["lead"]]
    came = pd.Series(first).map(_FIRST).to_numpy()
    kind = np.where(touches["day"].to_numpy() == 0, came, kind)
    return pd.DataFrame({"lead": touches["lead"].to_numpy(), "occurred": touches["occurred"].to_numpy(), "Kind": kind, "AssetName": ""})


def _visits(rng: np.random.Generator, strong: pd.DataFrame) -> pd.DataFrame:
    """The page that most leads view just before they fill in a form."""
    came = strong[(strong["Kind"] == "Form") & (rng.random(len(strong)) < 0.6)]
    before = came["occurred"].to_numpy("datetime64[s]") - seconds(rng.integers(30, 1200, len(came)))
    return pd.DataFrame({"lead": came["lead"].to_numpy(), "occurred": before, "Kind": "Page view", "AssetName": _pages(rng, len(came))})


def _habits(rng: np.random.Generator, leads: Leads) -> pd.DataFrame:
    """Mails opened and pages viewed: at a pace that is the lead's own, whatever becomes of it."""
    last = _reads_until(leads)
    parts = []
    for kind, pace in (("Mail opened", OPENS), ("Page view", VIEWS)):
        habit = rng.gamma(HABIT, 1 / HABIT, len(last))
        lead = np.repeat(np.arange(len(last)), rng.poisson(habit * pace * np.maximum(last - 1, 0)))
        day = leads.who["created_day"].to_numpy()[lead] + rng.integers(1, np.maximum(last[lead], 2))
        occurred = workday_start(day) + seconds(rng.integers(6 * HOUR, 23 * HOUR, len(lead)))
        asset = _pages(rng, len(lead)) if kind == "Page view" else np.full(len(lead), "Newsletter", dtype=object)
        parts.append(pd.DataFrame({"lead": lead, "occurred": occurred, "Kind": kind, "AssetName": asset}))
    return pd.concat(parts, ignore_index=True)


def _reads_until(leads: Leads) -> Array:
    """Working days after its creation until which a lead reads: to its conversion, or some time beyond its last disqualification."""
    walks = leads.walks
    dropped = walks.events[walks.events["what"] == "disqualified"].groupby("lead")["day"].max()
    end = dropped.reindex(range(len(walks.converted)), fill_value=AT_MOST).to_numpy() + READS_ON
    return np.minimum(np.where(walks.converted >= 0, walks.converted, end), AT_MOST)


def _pages(rng: np.random.Generator, count: int) -> Array:
    return np.array(_PAGES, dtype=object)[rng.integers(0, len(_PAGES), count)]


def _draw(rng: np.random.Generator, values: dict[str, float], count: int) -> Array:
    return np.array(list(values), dtype=object)[rng.choice(len(values), count, p=list(values.values()))]
