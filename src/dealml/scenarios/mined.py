"""The scenarios of a company as of a moment: mined from its closed deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from dealml.scenarios.candidates import Candidates, Codes, Flags, Floats
from dealml.scenarios.conditions import EncodedValues, as_texts, encoded
from dealml.scenarios.definition import WinScenarios
from dealml.scenarios.estimates import prior_strength, shrunken_rate, usual_rates
from dealml.scenarios.mining import mine
from dealml.scenarios.scenario import HalfYear, Scenario

FEWEST_OUTCOMES = 40
"""Won deals, and lost ones, below which nothing is mined."""


@dataclass(frozen=True)
class MinedScenarios:
    """The scenarios that a company's closed deals show."""

    as_of: datetime
    deals: int
    won: int
    features: tuple[str, ...]
    """Those with at least two values."""
    rules: int
    """Rules that enough deals share, all of which were compared."""
    winning: tuple[Scenario, ...]
    losing: tuple[Scenario, ...]
    notes: tuple[str, ...] = ()
    """What cannot be shown, and why."""

    @property
    def all(self) -> tuple[Scenario, ...]:
        """Winning and losing ones."""
        return self.winning + self.losing


def mined_scenarios(closed: pd.DataFrame, definition: WinScenarios, as_of: datetime) -> tuple[MinedScenarios, list[Flags]]:
    """Mine a company's closed deals.

    Parameters
    ----------
    closed
        A row a deal: the features, `had` (1 for won) and `ended_at`, which a cross-section lacks.

    Returns
    -------
    scenarios, matched
        The scenarios, and for each the deals that it matches: arrays (n,).
    """
    texts = as_texts(closed, definition.names, definition.bands)
    values, past = encoded(texts), _PastDeals.of(closed)
    candidates = Candidates.of(values.codes, definition.fewest_deals, definition.most_conditions)
    pairs = [] if past.are_few else _scenarios_of(past, values, candidates, definition)
    winning = _ranked([pair for pair in pairs if _wins(pair[0], definition)], falling=True)
    losing = _ranked([pair for pair in pairs if _loses(pair[0], definition)], falling=False)
    result = MinedScenarios(
        as_of=as_of,
        deals=len(past.won),
        won=int(past.won.sum()),
        features=values.names,
        rules=len(candidates),
        winning=tuple(scenario for scenario, _ in winning),
        losing=tuple(scenario for scenario, _ in losing),
        notes=tuple(_obstacles(past, texts, values)),
    )
    return result, [matches for _, matches in winning + losing]


@dataclass(frozen=True)
class _PastDeals:
    """How the closed deals ended, and when: arrays (n,)."""

    won: Flags
    quarters: Codes
    half_years: pd.Series | None
    """None in a cross-section."""

    @classmethod
    def of(cls, closed: pd.DataFrame) -> _PastDeals:
        won = closed["had"].to_numpy(float) == 1
        if "ended_at" not in closed:
            return cls(won, np.zeros(len(won), np.int64), None)
        return cls(won, _quarters(closed["ended_at"]), _half_years(closed["ended_at"]))

    @property
    def are_few(self) -> bool:
        return bool(min(self.won.sum(), (~self.won).sum()) < FEWEST_OUTCOMES)


def _scenarios_of(
    past: _PastDeals, values: EncodedValues, candidates: Candidates, definition: WinScenarios
) -> list[tuple[Scenario, Flags]]:
    """The scenarios of all chosen rules, and the deals that each matches."""
    usual = usual_rates(past.won, past.quarters)
    rules = mine(candidates, past.won, usual, past.quarters, definition.false_discoveries)
    matched = [candidates.matches(rule.rule) for rule in rules]
    deals, won, rates = (
        np.array([of(m) for m in matched], float) for of in (np.sum, lambda m: past.won[m].sum(), lambda m: usual[m].mean())
    )
    strength = prior_strength(deals, won, rates)
    pairs = []
    for rule, matches, n, k, rate in zip(rules, matched, deals, won, rates, strict=True):
        conditions = tuple(values.condition(column, code) for column, code in candidates.conditions(rule.rule))
        shrunken = shrunken_rate(int(n), int(k), float(rate), strength)
        halves = () if past.half_years is None else _by_half_year(past.half_years[matches], past.won[matches], usual[matches])
        pairs.append((Scenario(conditions, int(n), int(k), shrunken, rule.false_share, halves), matches))
    return pairs


def _obstacles(past: _PastDeals, texts: pd.DataFrame, values: EncodedValues) -> list[str]:
    notes = []
    if past.are_few:
        counts = f"{int(past.won.sum()):,} won and {int((~past.won).sum()):,} lost"
        notes.append(f"scenarios need {FEWEST_OUTCOMES} won and {FEWEST_OUTCOMES} lost deals; there are {counts}")
    empty = [str(name) for name in texts if name not in values.names]
    if empty:
        notes.append(f"without two values in this ledger, so in no rule: {', '.join(empty)}")
    return notes


def _by_half_year(halves: pd.Series, won: Flags, usual: Floats) -> tuple[HalfYear, ...]:
    numbers, names = pd.factorize(halves, sort=True)
    deals, wins, expected = (np.bincount(numbers, weights) for weights in (np.ones(len(won)), won, usual))
    return tuple(
        HalfYear(str(name), int(count), int(won_), float(sum_ / count))
        for name, count, won_, sum_ in zip(names, deals, wins, expected, strict=True)
    )


def _wins(scenario: Scenario, definition: WinScenarios) -> bool:
    """Whether its rate is well above the usual one; a rule may be chosen for what it adds to others, and differ little by itself."""
    rate = scenario.rate
    return rate.lift >= definition.least_lift and rate.low > rate.usual


def _loses(scenario: Scenario, definition: WinScenarios) -> bool:
    rate = scenario.rate
    return rate.lift <= 1 / definition.least_lift and rate.high < rate.usual


def _ranked(pairs: Sequence[tuple[Scenario, Flags]], *, falling: bool) -> list[tuple[Scenario, Flags]]:
    return sorted(pairs, key=lambda pair: (-pair[0].rate.lift if falling else pair[0].rate.lift, pair[0].name))


def _quarters(moments: pd.Series) -> Codes:
    return np.asarray(pd.factorize(moments.dt.year * 4 + moments.dt.quarter, sort=True)[0])


def _half_years(moments: pd.Series) -> pd.Series:
    halves: pd.Series = moments.dt.year.astype(str) + np.where(moments.dt.month <= 6, "H1", "H2")
    return halves
