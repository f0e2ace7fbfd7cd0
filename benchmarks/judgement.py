"""What is said of people's overrides whose worth is known.

    python -m benchmarks.judgement [--decisions N] [--seeds N]

Each seed draws a company's overrides over a few quarters: some deals are overridden again before they end, deals of an account share some
of their luck. A deal's true log-odds are what everybody sees of it plus what is hidden; the model sees the first and is calibrated. What a
person knows of the hidden part, how much too hopeful they are and how noisily they say it is planted, for the probability and likewise for
the amount: the amount in the CRM is off the final one by a known spread, and the person's is off by another, or is too high.

"as good" differs from the model in every decision, with an expected log loss that is exactly the model's; "as good" amounts are as far off
as the CRM's. Which verdict is right follows from the expected gain, not from the draw. Nothing is fitted.
"""

from __future__ import annotations

import argparse
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr

from benchmarks.common import Floats, say, show
from dealml.judgement.value_added import IMPROVES, NOT_SHOWN, WORSENS, Decision, ValueAdded, value_added

SEEDS, DECISIONS = 200, 600
DEALS_A_DECISION, ACCOUNTS_A_DEAL = 0.6, 0.5
LEVEL, SEEN, HIDDEN = -0.6, 1.1, 1.2
"""Mean log-odds, and the spread of what everybody sees and of what is hidden."""
SHARED_LUCK = 0.15
"""The correlation of luck between deals of one account."""
OFF = 0.25
"""The spread of the CRM's amounts around the final ones, in logs."""
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
CATEGORIES, SHARES = np.array(["Best Case", "Commit", "Omitted", "Pipeline"]), (0.25, 0.2, 0.05, 0.5)


@dataclass(frozen=True)
class People:
    """What is planted: the spread of the hidden part that they know, hope and noise in log-odds; how far and how high amounts are."""

    known: float = 0.0
    hope: float = 0.0
    noise: float = 0.0
    amount_off: float = OFF
    amount_high: float = 0.0


@dataclass(frozen=True)
class Case:
    """What is planted, and the verdicts that are right: on log loss and Brier score, and on amounts."""

    people: People
    chances: tuple[str, ...]
    amounts: tuple[str, ...]
    least: int = 95
    """Of 100 seeds in which each measure's verdict must be a right one."""


@cache
def as_good() -> float:
    """The noise that takes away all that knowing a spread of 0.6 gains in expected log loss."""
    rng = np.random.default_rng(99)
    seen, known = SEEN * rng.normal(size=200_000), 0.6 * rng.normal(size=200_000)
    error = rng.normal(size=200_000)
    true, model = _expected(LEVEL + seen + known, np.sqrt(HIDDEN**2 - 0.6**2)), _expected(LEVEL + seen, HIDDEN)

    def gain(noise: float) -> float:
        said = expit(logit(true) + noise * error)
        return float((_loss(model, true) - _loss(said, true)).mean())

    return float(brentq(gain, 0.05, 3.0, xtol=1e-4))


def cases() -> dict[str, Case]:
    better, worse, not_better = (IMPROVES,), (WORSENS,), (WORSENS, NOT_SHOWN)
    return {
        "skill": Case(People(known=1.0, amount_off=0.12), better, better, 80),
        "skill, too hopeful": Case(People(known=1.0, hope=2.2, amount_off=0.12, amount_high=0.35), worse, worse, 80),
        "only hope": Case(People(hope=1.2, amount_high=0.25), worse, worse, 80),
        "only noise": Case(People(noise=0.8, amount_off=0.4), not_better, not_better),
        "as good": Case(People(known=0.6, noise=as_good()), (NOT_SHOWN,), (NOT_SHOWN,)),
        "the same": Case(People(), (NOT_SHOWN,), (NOT_SHOWN,)),
    }


def drawn(people: People, decisions: int, seed: int) -> list[Decision]:
    rng, deals = np.random.default_rng(seed), int(DEALS_A_DECISION * decisions)
    deal = np.concatenate([np.arange(deals), rng.integers(deals, size=decisions - deals)])
    account = rng.integers(int(ACCOUNTS_A_DEAL * deals), size=deals)
    shared = np.sqrt(SHARED_LUCK) * rng.normal(size=deals)[account]
    luck = ndtr(shared + np.sqrt(1 - SHARED_LUCK) * rng.normal(size=deals))
    seen, known = SEEN * rng.normal(size=deals), people.known * rng.normal(size=deals)
    rest = np.sqrt(HIDDEN**2 - people.known**2)
    won = luck < expit(LEVEL + seen + known + rest * rng.normal(size=deals))
    model, knowing = _expected(LEVEL + seen, HIDDEN), _expected(LEVEL + seen + known, rest)
    said = expit(logit(knowing)[deal] + people.hope + people.noise * rng.normal(size=decisions))
    final = np.exp(rng.normal(10, 1, deals))
    crm, off = (spread * rng.normal(size=decisions) for spread in (OFF, people.amount_off))
    # Where a person has nothing to add to the CRM's amount, they say the same.
    amount = final[deal] * np.exp((crm if people == People() else off) + people.amount_high)
    days, category = rng.choice([12.0, 40.0, 75.0, 120.0], size=decisions), rng.choice(CATEGORIES, size=decisions, p=SHARES)
    return [
        Decision(
            deal_id=f"D{d}",
            account=f"A{account[d]}",
            days=float(days[i]),
            category=str(category[i]),
            won=bool(won[d]),
            probability=float(said[i] if people != People() else model[d]),
            model_probability=float(model[d]),
            amount=float(amount[i]),
            model_amount=float(final[d] * np.exp(crm[i])),
            final_amount=float(final[d]),
        )
        for i, d in enumerate(deal)
    ]


def judged(name: str, decisions: int, seed: int) -> ValueAdded:
    return value_added(drawn(cases()[name].people, decisions, seed), seed=seed)


def told(name: str, found: list[ValueAdded]) -> dict[str, object]:
    """How often each measure's verdict was a right one, and how often any cell of the two tables spoke up wrongly."""
    case, row, met = cases()[name], {}, True
    for place, measure in enumerate(("log_loss", "brier", "amount_error")):
        right = case.amounts if measure == "amount_error" else case.chances
        verdicts = Counter(one.overall.gains[place].verdict for one in found)
        share = 100 * sum(verdicts[verdict] for verdict in right) / len(found)
        # The expected Brier score of "as good" is not exactly the model's.
        counts = not (name == "as good" and measure == "brier")
        met = met and (share >= case.least or not counts)
        row |= {f"{measure} right %": round(share, 1)} | {f"{measure} gain": round(float(np.mean([_gain(one, place) for one in found])), 4)}
    wrong = {"improves": [IMPROVES], "worsens": [WORSENS], "either": [IMPROVES, WORSENS]}[
        "improves" if WORSENS in case.chances else "worsens" if IMPROVES in case.chances else "either"
    ]
    tables = [any(_says(cell, wrong) for cell in cells) for one in found for cells in (one.by_horizon, one.by_category)]
    return row | {"tables with a wrong log loss %": round(100 * float(np.mean(tables)), 1), "target": f">= {case.least}", "met": met}


def _gain(one: ValueAdded, place: int) -> float:
    return one.overall.gains[place].gain.value


def _says(cell: object, verdicts: list[str]) -> bool:
    return any(gain.measure == "log_loss" and gain.verdict in verdicts for gain in cell.gains)  # type: ignore[attr-defined]


def _expected(log_odds: Floats, spread: float) -> Floats:
    """The mean probability over a hidden part of normal spread: what a calibrated forecast says that does not know it."""
    return np.asarray(expit(log_odds[:, None] + spread * NODES) @ (WEIGHTS / WEIGHTS.sum()))


def _loss(p: Floats, true: Floats) -> Floats:
    return np.asarray(-(true * np.log(p) + (1 - true) * np.log1p(-p)))


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.judgement")
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        found = {name: told(name, list(pool.map(partial(judged, name, asked.decisions), range(asked.seeds)))) for name in cases()}
    show(f"judgement: {asked.seeds} seeds, {asked.decisions:,} overrides each", found)
    met = all(row["met"] for row in found.values())
    say({"benchmark": "judgement", "seeds": asked.seeds, "decisions": asked.decisions, "found": found, "met": met})


if __name__ == "__main__":
    main()
