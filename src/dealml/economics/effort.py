"""The cost to pursue: the hours that a deal will still take until it closes, by role, at what an hour costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dealml.economics.look_alikes import ratio
from dealml.economics.settings import EconomicsSettings
from dealml.economics.terms import Term, learned, missing

KEYS = ("stage", "segment")


def hours_to_come(deals: pd.DataFrame, stages: pd.DataFrame, roles: Sequence[str], settings: EconomicsSettings) -> dict[str, Term]:
    """By role, the hours that closed deals took from a moment in the same stage on; `stages` as of `cases.stage_hours`."""
    return {role: learned(ratio(stages, deals, KEYS, settings.look_alikes, role, "days"), 0.0) for role in roles}


def cost_to_pursue(hours: dict[str, Term], settings: EconomicsSettings, count: int) -> Term:
    """The hours of all roles at their cost; unknown where hours or the cost of a role's hour are."""
    if not hours:
        return missing(count, "no hours of closed deals on record (time_entries, or minutes of activities)")
    if unpriced := sorted(set(hours) - set(settings.cost_per_hour)):
        return missing(count, f"no cost of an hour of {', '.join(unpriced)}; add it to cost_per_hour in models/economics.toml")
    parts = [term.times(np.full(count, settings.cost_per_hour[role])) for role, term in hours.items()]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return Term(total.value, np.maximum(total.low, 0.0), total.high, total.source)
