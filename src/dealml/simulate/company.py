"""The deals that the company meets: what is known of each from its first day, and how that helps or hurts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.simulate.clock import WORKDAYS, Array
from dealml.simulate.process import level_of, pack

# value: (share of deals, effect on the index)
SEGMENT = {"SMB": (0.40, 0.12), "Mid-market": (0.38, 0.10), "Enterprise": (0.22, -0.30)}
INDUSTRY = {
    "Manufacturing": (0.24, 0.06),
    "Logistics": (0.20, 0.06),
    "Retail": (0.18, 0.00),
    "Financial services": (0.16, 0.00),
    "Healthcare": (0.12, -0.10),
    "Public sector": (0.10, -0.12),
}
PROBLEM = {
    "Manual reporting": (0.28, 0.28),
    "Scattered data": (0.24, 0.22),
    "Slow planning": (0.18, -0.34),
    "Compliance risk": (0.16, 0.24),
    "High costs": (0.14, -0.42),
}
TRIGGER = {
    "No trigger": (0.30, -0.40),
    "New executive": (0.18, 0.18),
    "Regulation deadline": (0.14, 0.30),
    "System end of life": (0.16, 0.30),
    "Funding or merger": (0.12, 0.16),
    "Audit finding": (0.10, 0.16),
}
COMPETITOR = {
    "No competitor": (0.30, 0.30),
    "Spreadsheets": (0.22, 0.24),
    "Datavero": (0.20, -0.24),
    "Northbeam BI": (0.16, -0.30),
    "In-house build": (0.12, -0.26),
}
SOURCE = {
    "Inbound": (0.34, 0.10),
    "Outbound": (0.30, -0.30),
    "Referral": (0.16, 0.24),
    "Event": (0.12, 0.00),
    "Partner": (0.08, 0.16),
}
DEAL_TYPE = {"New": (0.52, -0.25), "Expansion": (0.48, 0.30)}

# Where the company's scenario fits more, or less, than its parts add up to.
SCENARIOS = (
    ({"segment": "Mid-market", "problem": "Manual reporting"}, 0.25),
    ({"problem": "Compliance risk", "trigger": "Regulation deadline"}, 0.30),
    ({"segment": "Enterprise", "competitor": "Northbeam BI"}, -0.30),
)

TYPICAL_AMOUNT = {"SMB": 9_000.0, "Mid-market": 32_000.0, "Enterprise": 115_000.0}
"""Median amount in EUR."""
AMOUNT_SPREAD = 0.5
AMOUNT_EFFECT = -0.10
"""Effect of an amount one spread above its segment's typical one."""

LATENT = 0.08
"""Spread of what is not recorded, in log-hazard units: small, so that records carry nearly the whole state."""
CENTRE = 0.16
"""Mean of the effects, taken off so that the index is about zero on average."""


@dataclass(frozen=True)
class Deals:
    """What is fixed about each deal, one array element a deal, in order of creation."""

    created_day: Array
    segment: Array
    industry: Array
    problem: Array
    trigger: Array
    competitor: Array
    source: Array
    deal_type: Array
    amount_eur: Array
    level: Array
    first_state: Array

    def __len__(self) -> int:
        """Number of deals."""
        return len(self.level)


def meet_deals(rng: np.random.Generator, count: int) -> Deals:
    """Draw `count` deals, created evenly over the three years."""
    kinds = {
        name: _draw(rng, values, count)
        for name, values in (
            ("segment", SEGMENT),
            ("industry", INDUSTRY),
            ("problem", PROBLEM),
            ("trigger", TRIGGER),
            ("competitor", COMPETITOR),
            ("source", SOURCE),
            ("deal_type", DEAL_TYPE),
        )
    }
    size = rng.standard_normal(count)
    typical = np.array([TYPICAL_AMOUNT[name] for name in kinds["segment"]])
    index = fit(kinds) + AMOUNT_EFFECT * size + LATENT * rng.standard_normal(count)
    return Deals(
        created_day=np.sort(rng.integers(0, WORKDAYS, count)),
        amount_eur=np.round(typical * np.exp(AMOUNT_SPREAD * size), -2),
        level=level_of(index),
        first_state=_first_state(rng, kinds["deal_type"] == "Expansion"),
        **kinds,
    )


def fit(kinds: dict[str, Array]) -> Array:
    """How well deals' scenarios fit: the sum of their effects, in log-hazard units."""
    tables = {
        "segment": SEGMENT,
        "industry": INDUSTRY,
        "problem": PROBLEM,
        "trigger": TRIGGER,
        "competitor": COMPETITOR,
        "source": SOURCE,
        "deal_type": DEAL_TYPE,
    }
    total = np.full(len(kinds["segment"]), -CENTRE)
    for name, values in tables.items():
        total += np.array([values[value][1] for value in kinds[name]])
    for conditions, effect in SCENARIOS:
        holds = np.logical_and.reduce([kinds[name] == value for name, value in conditions.items()])
        total += effect * holds
    return total


def _draw(rng: np.random.Generator, values: dict[str, tuple[float, float]], count: int) -> Array:
    shares = [share for share, _ in values.values()]
    return np.array(list(values), dtype=object)[rng.choice(len(values), count, p=shares)]


def _first_state(rng: np.random.Generator, customer: Array) -> Array:
    count = len(customer)
    milestones = rng.choice(3, count, p=[0.70, 0.22, 0.08])
    stranger = rng.choice(5, count, p=[0.45, 0.35, 0.15, 0.05, 0.0])
    friend = rng.choice(5, count, p=[0.15, 0.35, 0.30, 0.15, 0.05])
    aware = rng.random(count) < np.where(customer, 0.22, 0.06)
    return pack(milestones, np.where(customer, friend, stranger), aware.astype(int))
