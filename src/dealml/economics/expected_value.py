"""The expected value of winning a deal, by one formula, and its interval.

``P(becomes a deal) × P(win) × (margin to payback + P(stays) × (margin after + expansion) + strategic value) − cost to pursue``

- The *monthly margin* is (price − costs that come again) ÷ months that the price pays for; which costs are paid once is a setting.
- *Payback* comes when the monthly margin has paid these and the acquisition cost: (acquisition + paid once) ÷ monthly margin, in months.
- The *margin to payback* is the monthly margin of the months until then that such a customer stays, less what is paid once; until the
  horizon where payback comes later or never.
- *P(stays)* is the chance to be a customer still at payback. The *margin after* is that of the months from payback to the horizon that
  such a customer stays if it was there at payback. *Expansion* is what grows on top of it, linearly with the months since the win.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dealml.economics.look_alikes import Floats, Z
from dealml.economics.settings import KINDS, EconomicsSettings
from dealml.economics.survival import SurvivalCurves
from dealml.economics.terms import Term

ESSENTIAL = (
    "becomes_a_deal", "win", "price", "goods", "services", "customisation", "third_party", "acquisition_cost", "stays", "cost_to_pursue",
)  # fmt: skip
"""Without one of these the expected value is unknown."""
ADDED = ("growth", "strategic_value")
"""Without one of these the expected value is without it, and says so."""
MOVED = tuple(name for name in (*ESSENTIAL, *ADDED) if name != "stays")
"""Terms that are numbers of their own; how long a customer stays is a curve."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """The terms of all cases by name (`MOVED`), and how long customers stay."""

    terms: Mapping[str, Term]
    curves: SurvivalCurves | None
    """None where nothing is known of customers who left, or a share is declared."""
    yearly_churn: float | None
    """Declared; used where there are no curves."""
    tenure: Floats
    """Months that the account has been a customer; 0 for a new one."""


@dataclass(frozen=True, eq=False)
class Results:
    """What follows for each case; nan is unknown. Money is in the project's currency."""

    gross_margin: Floats
    """Of what the price pays for, after everything that is paid once."""
    monthly_margin: Floats
    payback_months: Floats
    """Infinite where the monthly margin never pays."""
    margin_to_payback: Floats
    margin_after: Floats
    expansion: Floats
    stays: Floats
    """The chance to be a customer still at payback, or at the horizon where payback comes later."""
    parts: Mapping[str, Floats]
    """The parts of the expected value, which they add up to: by payback, after it, expansion, strategic value, cost to pursue."""
    expected_value: Floats


def evaluate(inputs: Inputs, settings: EconomicsSettings, moved: Mapping[str, Floats] | None = None, z: float = 0.0) -> Results:
    """Apply the formula.

    Parameters
    ----------
    moved
        Values that take the place of those of terms, by name.
    z
        By how many standard errors the survival of customers is moved.
    """
    value = {name: term.value for name, term in inputs.terms.items()} | dict(moved or {})
    horizon = settings.horizon_months
    zero = np.zeros(len(value["price"]))
    once = sum((value[kind] for kind in settings.paid_once), zero)
    again = sum((value[kind] for kind in KINDS if kind not in settings.paid_once), zero)
    monthly = (value["price"] - again) / settings.contract_months
    with np.errstate(divide="ignore", invalid="ignore"):
        payback = np.where(monthly > 0, (value["acquisition_cost"] + once) / monthly, np.where(np.isnan(monthly + once), np.nan, np.inf))
    until = np.minimum(payback, horizon)
    before, _ = _months_there(inputs, np.zeros(len(until)), until, z)
    later, later_by_age = _months_there(inputs, until, np.full(len(until), horizon), z)
    stays = _stays(inputs, until, z)
    to_payback, after = monthly * before - once, monthly * later / stays
    expansion = value["growth"] / 12 * monthly * later_by_age / stays
    chance = value["becomes_a_deal"] * value["win"]
    parts = {
        "margin_to_payback": chance * to_payback,
        "margin_after": chance * stays * after,
        "expansion": np.nan_to_num(chance * stays * expansion),
        "strategic_value": np.nan_to_num(chance * value["strategic_value"]),
        "cost_to_pursue": -value["cost_to_pursue"],
    }
    total = sum(parts.values(), np.zeros(len(chance)))
    margin = monthly * settings.contract_months - once
    return Results(margin, monthly, payback, to_payback, after, expansion, stays, parts, total)


def _stays(inputs: Inputs, months: Floats, z: float) -> Floats:
    """The chance of each case to be a customer still a number of months after the win."""
    if inputs.curves is not None:
        return inputs.curves.stays(months, inputs.tenure, z)
    if inputs.yearly_churn is not None:
        return np.asarray((1 - inputs.yearly_churn) ** (months / 12))
    return np.full(len(months), np.nan)


def _months_there(inputs: Inputs, since: Floats, until: Floats, z: float) -> tuple[Floats, Floats]:
    """Of a span after the win, the months that a customer is expected to be there, and these weighted by the months since the win.

    By the trapezoidal rule, in steps of a month at most.
    """
    steps = max(int(np.ceil(np.nanmax(until - since, initial=1.0))), 1)
    width = (until - since) / steps
    there, by_age = np.zeros(len(since)), np.zeros(len(since))
    for step in range(steps + 1):
        months = since + width * step
        part = _stays(inputs, months, z) * width * (0.5 if step in (0, steps) else 1.0)
        there += part
        by_age += part * months
    return there, by_age


def spread(inputs: Inputs, settings: EconomicsSettings, results: Results) -> tuple[Floats, dict[str, Floats]]:
    """Half of the 80 % interval of the expected value, and what each uncertain term contributes to it.

    Each term is moved to either end of its interval while the others stay; the halves of what this moves are added in quadrature, as
    those of independent terms are (Guide to the Expression of Uncertainty in Measurement, JCGM 100:2008, section 5.1.2).
    """
    moves = {}
    for name, term in inputs.terms.items():
        if np.isfinite(term.half_width).any():
            low, high = (evaluate(inputs, settings, {name: end}).expected_value for end in (term.low, term.high))
            moves[name] = np.where(np.isfinite(term.half_width), np.abs(high - low) / 2, 0.0)
    if inputs.curves is not None:
        low, high = (evaluate(inputs, settings, z=z).expected_value for z in (-Z, Z))
        moves["stays"] = np.abs(high - low) / 2
    total = np.sqrt(sum((np.nan_to_num(half) ** 2 for half in moves.values()), np.zeros(len(results.expected_value))))
    return np.where(np.isnan(results.expected_value), np.nan, total), moves
