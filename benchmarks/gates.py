"""The promotion gate against challengers whose worth is known.

    python -m benchmarks.gates [--deals N]

Each seed draws the held-out quarter of a mid-size company: 1,500 deals of 600 accounts, each scored on every Monday that it is open (nine
on average, at most 40), won or not within the horizon. That is the last quarter of about 6,000 deals in three years. A deal's true
log-odds are what everybody sees of it, plus what is hidden, plus a walk from week to week; deals of an account share some of their luck.
With --deals the company has so many, and two accounts for five of them.

The champion sees what everybody sees and is calibrated. What a challenger sees of the hidden part, and how it errs, is planted so that the
expected log loss stands to the champion's as each case says. `judge` with the default gate decides; nothing is fitted.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr

from benchmarks.common import Floats, say, show
from dealml.evaluation.decisions.promotion import Judgement, check_gate
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.metrics.metrics import auc
from dealml.learning.promotion_gate import Gate
from dealml.learning.training_rows import TrainingRows

SEEDS, DEALS, ACCOUNTS_A_DEAL = 100, 1500, 0.4
SEGMENTS, SHARES = np.array(["commercial", "enterprise", "public", "small", "start-up"]), (0.3, 0.25, 0.2, 0.15, 0.1)
BAD = "enterprise"
LEVEL, SEEN, PART, HIDDEN, WALK = -1.4, 1.1, 0.8, 1.2, 0.15
"""Mean log-odds, and the spread of what everybody sees, of a part of that, of what is hidden, and of a week's step."""
SHARED_LUCK = 0.15
"""The correlation of luck between deals of one account."""
BETTER = 0.02
"""Log loss by which a challenger that is to be accepted is better, and by which planted ones still are, in all but the one error."""
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)


@dataclass(frozen=True)
class Company:
    """Weekly rows of deals: what is seen and hidden of each, and luck."""

    deal: npt.NDArray[np.intp]
    account: npt.NDArray[np.intp]
    week: npt.NDArray[np.intp]
    segment: npt.NDArray[np.object_]
    seen: Floats
    of_seen: Floats
    """The part of it that some challengers see, of the spread `PART`."""
    walk: Floats
    hidden: Floats
    """Two parts of one unit each: rows × 2."""
    luck: Floats
    """Uniform; a row has the outcome where its true probability is above."""


Forecast = Callable[[Company, float], Floats]
"""A challenger's probabilities, by how much of the hidden part it knows."""


def drawn(seed: int, deals: int) -> Company:
    rng, accounts = np.random.default_rng(seed), int(ACCOUNTS_A_DEAL * deals)
    weeks = np.minimum(rng.geometric(1 / 9, deals), 40)
    deal = np.repeat(np.arange(deals), weeks)
    account, hidden = rng.integers(accounts, size=deals), rng.normal(size=(deals, 2))
    part, rest = PART * rng.normal(size=deals), np.sqrt(SEEN**2 - PART**2) * rng.normal(size=deals)
    luck = ndtr(np.sqrt(SHARED_LUCK) * rng.normal(size=accounts)[account] + np.sqrt(1 - SHARED_LUCK) * rng.normal(size=deals))
    walk = np.concatenate([np.cumsum(rng.normal(0, WALK, count)) for count in weeks])
    segment = rng.choice(SEGMENTS, deals, p=SHARES).astype(object)
    week = np.concatenate([np.arange(count) for count in weeks])
    return Company(deal, account[deal], week, segment[deal], (part + rest)[deal], part[deal], walk, hidden[deal], luck[deal])


def truth(company: Company, known: float) -> Floats:
    """The true probability, where `known` is the spread of the hidden part that a challenger knows."""
    hidden = known * company.hidden[:, 0] + np.sqrt(HIDDEN**2 - known**2) * company.hidden[:, 1]
    return np.asarray(expit(LEVEL + company.seen + company.walk + hidden))


def expected(log_odds: Floats, spread: float) -> Floats:
    """The mean probability over a hidden part of normal spread: what a calibrated forecast says that does not know it."""
    return np.asarray(expit(log_odds[:, None] + spread * NODES) @ (WEIGHTS / WEIGHTS.sum()))


def champion(company: Company) -> Floats:
    return expected(LEVEL + company.seen + company.walk, HIDDEN)


def calibrated(company: Company, known: float) -> Floats:
    """Sees what everybody sees, and `known` of the hidden part."""
    return expected(LEVEL + company.seen + company.walk + known * company.hidden[:, 0], np.sqrt(HIDDEN**2 - known**2))


def of_other_facts(company: Company, known: float) -> Floats:
    """Sees a part of what everybody sees, and `known` of the hidden part instead."""
    unseen = np.sqrt(HIDDEN**2 - known**2 + SEEN**2 - PART**2)
    return expected(LEVEL + company.of_seen + company.walk + known * company.hidden[:, 0], unseen)


def optimistic(company: Company, known: float) -> Floats:
    return np.asarray(expit(logit(calibrated(company, known)) + 0.6))


def overconfident(company: Company, known: float) -> Floats:
    return np.asarray(expit(1.8 * logit(calibrated(company, known))))


def blind_in_one(company: Company, known: float) -> Floats:
    """Calibrated, but in one segment it sees nothing but the walk."""
    blind = expected(LEVEL + company.walk, np.sqrt(HIDDEN**2 + SEEN**2))
    return np.where(company.segment == BAD, blind, calibrated(company, known))


@dataclass(frozen=True)
class Case:
    """A challenger, its expected gain in log loss over the champion, and what the gate should say in how many of 100 seeds."""

    challenger: Forecast
    gain: float
    accept: bool
    least: int


CASES = {
    "better": Case(calibrated, BETTER, True, 80),
    "equal": Case(of_other_facts, 0.0, False, 95),
    "worse": Case(of_other_facts, -0.01, False, 95),
    "optimistic": Case(optimistic, BETTER, False, 95),
    "overconfident": Case(overconfident, BETTER, False, 95),
    "one bad segment": Case(blind_in_one, BETTER, False, 95),
}


def loss(p: Floats, true: Floats) -> float:
    """Expected log loss."""
    return float(-(true * np.log(p) + (1 - true) * np.log1p(-p)).mean())


@cache
def large() -> Company:
    """Enough rows that what is expected of a case can be read off."""
    return drawn(seed=10_000, deals=20_000)


@cache
def known_by(name: str) -> float:
    """How much of the hidden part a case's challenger must know for its gain."""
    case, company = CASES[name], large()

    def miss(known: float) -> float:
        true = truth(company, known)
        return loss(champion(company), true) - loss(case.challenger(company, known), true) - case.gain

    return float(brentq(miss, 0, HIDDEN, xtol=1e-4))


def planted(name: str) -> dict[str, object]:
    """What is wrong with a case's challenger."""
    company, known = large(), known_by(name)
    true, p = truth(company, known), CASES[name].challenger(company, known)
    tenth = pd.qcut(p, 10, labels=False)
    bad, won = company.segment == BAD, (company.luck < true).astype(np.float64)
    one = np.ones(bad.sum())
    return {
        "gain": CASES[name].gain,
        "calibration error": round(float(pd.Series(p - true).groupby(tenth).mean().abs().mean()), 3),
        f"AUC lost in {BAD}": round(auc(won[bad], champion(company)[bad], one) - auc(won[bad], p[bad], one), 3),
    }


def rows_of(company: Company, true: Floats) -> TrainingRows:
    at = pd.Timestamp("2025-01-06", tz="UTC") + pd.to_timedelta(7 * company.week, unit="D")
    deal, account = (pd.Series(codes).astype(str) for codes in (company.deal, company.account))
    snapshots = pd.DataFrame({"deal_id": deal, "account_id": account, "since": at, "as_of": at})
    count = len(true)
    return TrainingRows(snapshots, np.arange(count), np.full(count, 90.0), (company.luck < true).astype(np.float64), "deal_id")


def held_of(name: str, deals: int, seed: int) -> tuple[HoldoutPredictions, Company]:
    """What the gate sees of a case. The rep knows as much as the champion, sees it through noise, and is too sure."""
    company, known = drawn(seed, deals), known_by(name)
    true = truth(company, known)
    noise = np.random.default_rng((seed, 1)).normal(size=company.deal.max() + 1)[company.deal]
    stage = np.digitize(company.seen + company.walk, (-0.8, 0.0, 0.8))
    probabilities = {
        "model": CASES[name].challenger(company, known),
        "champion": champion(company),
        "base_rate": np.full(len(true), true.mean()),
        "stage_rates": (np.bincount(stage, true) / np.bincount(stage))[stage],
        "rep_probability": np.asarray(expit(LEVEL + 1.3 * (company.seen + company.walk + noise))),
    }
    return HoldoutPredictions(rows_of(company, true), probabilities), company


def judged(name: str, deals: int, seed: int) -> Judgement:
    held, company = held_of(name, deals, seed)
    return Judgement(check_gate(Gate(), held, "champion", company.segment))


def told(name: str, judgements: list[Judgement]) -> dict[str, object]:
    case = CASES[name]
    accepted = sum(judgement.passed for judgement in judgements)
    right = accepted if case.accept else len(judgements) - accepted
    failed = Counter(condition for judgement in judgements for condition in judgement.failed)
    return planted(name) | {
        "accepted": accepted,
        "refused": len(judgements) - accepted,
        "target": f"{'accepted' if case.accept else 'refused'} >= {case.least}",
        "met": right >= case.least * len(judgements) / 100,
        "failed conditions": ", ".join(f"{condition} {count}" for condition, count in failed.most_common()),
    }


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.gates")
    parser.add_argument("--deals", type=int, default=DEALS, help="in the held-out window")
    deals, found = parser.parse_args().deals, {}
    with ProcessPoolExecutor(2) as pool:
        for name in CASES:
            found[name] = told(name, list(pool.map(partial(judged, name, deals), range(SEEDS))))
    show(f"gates: {SEEDS} seeds, {deals:,} deals with weekly rows, default gate", found)
    say({"benchmark": "gates", "seeds": SEEDS, "deals": deals, "against": found, "met": all(part["met"] for part in found.values())})


if __name__ == "__main__":
    main()
