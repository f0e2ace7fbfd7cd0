"""Who a lead is: the attributes that it comes with, and how well they fit, in log-hazard units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array

# value: (share of leads, effect on the index)
SENIORITY = {"Staff": (0.34, -0.40), "Manager": (0.32, 0.10), "Director": (0.20, 0.35), "Executive": (0.14, 0.10)}
FUNCTION = {
    "Finance": (0.24, 0.30),
    "Operations": (0.22, 0.20),
    "IT": (0.20, 0.00),
    "Marketing": (0.18, -0.30),
    "Education": (0.16, -0.70),
}
FREE_MAIL = {"gmail.com": 0.09, "outlook.com": 0.05, "wp.pl": 0.03, "net.hr": 0.02, "walla.co.il": 0.01}
"""Domains that anybody may have an address of, and their shares of leads."""
FREE_MAIL_EFFECT = -0.55
CAMPAIGN = {
    "Newsletter": (0.24, -0.15),
    "Webinar: one source of data": (0.18, 0.10),
    "Trade fair": (0.16, 0.00),
    "Search ads": (0.22, -0.05),
    "Guide: closing the books": (0.20, 0.20),
}
SOURCE_EFFECT = {"Inbound": 0.30, "Outbound": -0.45, "Referral": 0.55, "Event": 0.00, "Partner": 0.25}
SIZE_EFFECT = {"SMB": 0.05, "Mid-market": 0.25, "Enterprise": -0.35}
INDUSTRY_EFFECT = {
    "Manufacturing": 0.20,
    "Logistics": 0.15,
    "Retail": 0.00,
    "Financial services": 0.05,
    "Healthcare": -0.20,
    "Public sector": -0.30,
}
"""Of the three that a lead shares with its deal, the shares are those of the deals."""

LATENT = 0.08
"""Spread of what is not recorded, in log-hazard units."""
BASE = -0.05
"""The index of a lead whose effects are all nil."""

_HEADCOUNT = {"SMB": 60.0, "Mid-market": 450.0, "Enterprise": 4_000.0}


def people(rng: np.random.Generator, companies: pd.DataFrame) -> pd.DataFrame:
    """A person for each company: its columns, those of the person, and the `index`.

    Parameters
    ----------
    companies
        `LeadSource`, `SizeClass` and `Industry` of each lead.
    """
    count = len(companies)
    kinds = {"Seniority": SENIORITY, "JobFunction": FUNCTION, "Campaign": CAMPAIGN}
    drawn = {column: _draw(rng, values, count) for column, values in kinds.items()}
    free = _draw(rng, {"": (1 - sum(FREE_MAIL.values()), 0.0)} | {name: (share, 0.0) for name, share in FREE_MAIL.items()}, count)
    index = BASE + FREE_MAIL_EFFECT * (free != "") + LATENT * rng.standard_normal(count)
    for column, values in kinds.items():
        index = index + pd.Series(drawn[column]).map({name: effect for name, (_, effect) in values.items()}).to_numpy(float)
    for column, effects in (("LeadSource", SOURCE_EFFECT), ("SizeClass", SIZE_EFFECT), ("Industry", INDUSTRY_EFFECT)):
        index = index + companies[column].map(effects).to_numpy(float)
    size = companies["SizeClass"].map(_HEADCOUNT).to_numpy(float) * np.exp(0.6 * rng.standard_normal(count))
    return companies.assign(**drawn, FreeMail=free, Headcount=np.rint(np.maximum(size, 1)), index=index)


def _draw(rng: np.random.Generator, values: dict[str, tuple[float, float]], count: int) -> Array:
    shares = [share for share, _ in values.values()]
    return np.array(list(values), dtype=object)[rng.choice(len(values), count, p=shares)]
