"""Win scenarios against planted ones.

    python -m benchmarks.scenarios [COMPANIES]

In each made company 6,000 closed deals of twelve quarters have seven features of three to six values, and four rules of one to three
conditions are planted, each of which 60 deals or more meet, at 1.5 to 3 times the rate of the other deals. What counts as planted is
what the truth says in the end: a rule whose deals have a true chance of at least 1.5 times the company's mean. A planted rule is back
where a winning scenario matches the same deals (Jaccard index at least 0.8). A scenario that matches no planted rule's deals is false;
of these, one whose deals have a true chance of 1.1 times the mean or more lies over a planted rule, too wide or too narrow. Outcomes of
100 further companies depend on nothing.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.common import say, show
from dealml import WinScenarios, per
from dealml.scenarios.mined import mined_scenarios

DEALS, QUARTERS, BASE = 6000, 12, 0.28
VALUES = (3, 6, 5, 6, 5, 4, 3)
PLANTED, FEWEST, MOST_SHARE = 4, 60, 0.15
LEAST_LIFT, SAME_DEALS, NO_LIFT = 1.5, 0.8, 1.1
NULLS = 100
SIZES = (60, 90, 150, 300, DEALS)
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def _feature(name: str) -> object:
    def value(change):  # type: ignore[no-untyped-def]
        return change.latest(change.text, where=change.field == name)

    value.__name__, value.__doc__ = name, f"The {name}."
    return per("deal_id", "deal_changes")(value)


NAMES = tuple(f"f{number}" for number in range(len(VALUES)))
DEFINITION = WinScenarios(features=tuple(_feature(name) for name in NAMES))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Company:
    """Closed deals, their true chances, and the deals of each planted rule."""

    closed: pd.DataFrame
    chance: Floats
    rules: list[Flags]
    """The deals of each planted rule, also of those that overlaps have weakened."""

    @property
    def planted(self) -> list[Flags]:
        """The rules whose true lift over the company is what is asked for."""
        return [matches for matches in self.rules if self.chance[matches].mean() >= LEAST_LIFT * self.chance.mean()]


def company(seed: int, rules: int = PLANTED) -> Company:
    """A made company; the rate moves from quarter to quarter."""
    rng = np.random.default_rng(seed)
    codes = np.stack([rng.choice(size, DEALS, p=rng.dirichlet(np.full(size, 6.0))) for size in VALUES], axis=1)
    quarter = np.sort(rng.integers(0, QUARTERS, DEALS))
    chance = BASE * np.exp(rng.normal(0, 0.1, QUARTERS))[quarter]
    planted: list[Flags] = []
    while len(planted) < rules:
        columns = rng.choice(len(VALUES), rng.integers(1, 4), replace=False)
        matches = (codes[:, columns] == codes[rng.integers(DEALS), columns]).all(axis=1)
        overlaps = any((matches & other).sum() > 0.2 * min(matches.sum(), other.sum()) for other in planted)
        if FEWEST <= matches.sum() <= MOST_SHARE * DEALS and not overlaps:
            chance = np.where(matches, np.minimum(chance * rng.uniform(1.5, 3.0), 0.95), chance)
            planted.append(matches)
    ended = np.datetime64("2023-01-15") + quarter * np.timedelta64(91, "D")
    closed = pd.DataFrame(codes.astype(str), columns=list(NAMES)).assign(
        had=(rng.random(DEALS) < chance).astype(float), ended_at=pd.to_datetime(ended, utc=True)
    )
    return Company(closed, chance, planted)


def mined(made: Company) -> list[Flags]:
    """The deals of each winning scenario."""
    scenarios, matches = mined_scenarios(made.closed, DEFINITION, datetime(2026, 1, 1, tzinfo=UTC))
    return matches[: len(scenarios.winning)]


def _same(one: Flags, other: Flags) -> bool:
    return bool((one & other).sum() >= SAME_DEALS * (one | other).sum())


def planted(companies: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each planted rule with its size, lift and whether it is back; each scenario with its true lift and whether it is a planted rule."""
    rules, scenarios = [], []
    for seed in range(companies):
        made = company(seed)
        winning, mean = mined(made), made.chance.mean()
        for matches in made.planted:
            back = any(_same(matches, other) for other in winning)
            rules.append({"deals": int(matches.sum()), "lift": made.chance[matches].mean() / mean, "back": back})
        for matches in winning:
            known = any(_same(matches, other) for other in made.rules)
            scenarios.append({"lift": made.chance[matches].mean() / mean, "planted": known})
    return pd.DataFrame(rules), pd.DataFrame(scenarios)


def main() -> None:
    """Print what comes back, by size, what is false, and what shuffled outcomes give."""
    companies = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rules, scenarios = planted(companies)
    sizes = pd.cut(rules["deals"], SIZES, right=False).astype(str)
    table = rules.groupby(sizes, sort=False).agg(rules=("back", "size"), back=("back", "mean"), lift=("lift", "mean")).sort_index()
    false = float((~scenarios["planted"]).mean())
    near = float((~scenarios["planted"] & (scenarios["lift"] >= NO_LIFT)).mean())
    empty = sum(not mined(company(10_000 + seed, rules=0)) for seed in range(NULLS))
    show(
        f"scenarios: {companies} companies of {DEALS:,} closed deals, planted rules by their number of deals",
        {str(name): row.round(3).to_dict() for name, row in table.iterrows()},
    )
    say(
        {
            "benchmark": "scenarios", "companies": companies, "planted": len(rules), "back": round(float(rules["back"].mean()), 4),
            "mined": len(scenarios), "false": round(false, 4), "false_but_near": round(near, 4), "empty_without_signal": empty, "of": NULLS,
        }
    )  # fmt: skip


if __name__ == "__main__":
    main()
