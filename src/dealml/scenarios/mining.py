"""Mining: which rules the company wins or loses in more than its rate of the same time and the other rules say.

One rule after the other is added to a logistic model of the outcomes; the next is the one whose deals deviate most from what those
chosen before explain. How large a deviation chance alone produces is read off shuffled outcomes. In the end every rule that the later
ones explain is taken out again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.scenarios.candidates import Candidates, Codes, Flags, Floats

FAMILY_ERROR = 0.03
"""The chance that anything at all is reported where outcomes depend on nothing."""
SHUFFLES, SHUFFLES_AT_ONCE = 300, 20
MOST_RULES = 20
SEED = 16
MOST_EXCHANGES = 6
SAME_SURPRISE = 1e-6
MOST_DEALS = 60_000
"""Of more closed deals a sample is searched; rates and counts are of all."""
LEAST_STRENGTH = 3.0
"""How many standard errors the effect of a rule must keep in a model with the rules that came after it."""
LEAST_VARIANCE = 0.05
"""The share of a rule's variance that must be left after the rules before it; with less, it is another form of them."""


@dataclass(frozen=True)
class MinedRule:
    """A rule that was chosen: its number among the candidates, and its effect in a model with the other rules."""

    rule: int
    effect: float
    """Log-odds of winning that the rule adds to what the company's rate and the other rules say."""
    false_share: float
    """The share of the rules chosen so far that shuffled outcomes would give."""


Chosen = dict[int, float]
"""The chosen rules, each with its false share."""


def mine(candidates: Candidates, won: Flags, usual: Floats, periods: Codes, false_discoveries: float) -> list[MinedRule]:
    """Choose rules until the next is as likely as not to be chance.

    Parameters
    ----------
    candidates
        The rules.
    won : array (n,)
        Which deals were won.
    usual : array (n,)
        The company's win rate of each deal's time, above 0 and below 1.
    periods : array (n,)
        The period of each deal, from 0; outcomes are shuffled within one.
    false_discoveries
        The share of the chosen rules that may be chance.

    Returns
    -------
    list of MinedRule
        In the order in which they were chosen.

    Notes
    -----
    The maximum over shuffled outcomes is that of Westfall and Young (1993), Resampling-Based Multiple Testing; the limit for the rule
    number k grows with k, as in Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57.
    """
    if not len(candidates) or not 0 < won.sum() < len(won):
        return []
    if len(won) > MOST_DEALS:
        sample = np.sort(np.random.default_rng(SEED).choice(len(won), MOST_DEALS, replace=False))
        candidates, won, usual, periods = candidates.sampled(sample), won[sample], usual[sample], periods[sample]
    fit = _Fit(won.astype(float), np.log(usual / (1 - usual)))
    penalty = _penalty(candidates.lengths())
    highest = _highest_by_chance(candidates, fit, periods, penalty)
    chosen: Chosen = {}
    for _ in range(MOST_EXCHANGES):
        _grow(candidates, fit, chosen, penalty, highest, false_discoveries)
        if not _exchange(candidates, fit, chosen, penalty):
            break
    return _pruned(fit, chosen)


def _grow(candidates: Candidates, fit: _Fit, chosen: Chosen, penalty: Floats, highest: Floats, false_discoveries: float) -> None:
    """Add the most surprising rule, again and again, until chance may give the next."""
    while len(chosen) < MOST_RULES:
        surprise = _surprise(_deviations(candidates, fit), penalty)
        rule = _first_of_highest(surprise)
        p_value = (1 + int((highest >= surprise[rule]).sum())) / (1 + len(highest))
        # Rules that chance alone would give, over rules chosen.
        false_share = -np.log1p(-min(p_value, 1 - 1e-12)) / (len(chosen) + 1)
        if false_share > (false_discoveries if chosen else min(FAMILY_ERROR, false_discoveries)):
            return
        chosen[rule] = false_share
        fit.add(rule, candidates.matches(rule))


class _Fit:
    """A logistic model of the outcomes with an indicator for each rule, and the company's rate as the offset."""

    def __init__(self, won: Floats, offset: Floats) -> None:
        self.won, self.offset = won, offset
        self.rules: list[int] = []
        self.indicators = np.ones((len(won), 1))
        self._solve(np.zeros(1))

    def add(self, rule: int, indicator: Flags) -> None:
        self.rules.append(rule)
        self.indicators = np.column_stack([self.indicators, indicator.astype(float)])
        self._solve(np.append(self.effects, 0.0))

    def remove(self, rule: int) -> None:
        column = self.rules.index(rule) + 1
        self.rules.remove(rule)
        self.indicators = np.delete(self.indicators, column, axis=1)
        self._solve(np.delete(self.effects, column))

    def _solve(self, effects: Floats) -> None:
        """Newton's method with a weak ridge, so that a rule without a loss has a finite effect."""
        ridge = np.diag([0.0] + [0.5] * (len(effects) - 1))
        for _ in range(25):
            self._set(effects)
            gradient = self.indicators.T @ (self.won - self.expected) - ridge @ effects
            step = np.linalg.solve(self.information + ridge, gradient)
            effects = effects + np.clip(step, -2, 2)
            if np.abs(step).max() < 1e-8:
                break
        self._set(effects)

    def _set(self, effects: Floats) -> None:
        self.effects = effects
        self.expected = 1 / (1 + np.exp(-(self.offset + self.indicators @ effects)))
        self.variance = self.expected * (1 - self.expected)
        self.information = self.indicators.T @ (self.indicators * self.variance[:, None])


def _exchange(candidates: Candidates, fit: _Fit, chosen: Chosen, penalty: Floats) -> bool:
    """Replace each rule by the one that explains the outcomes best in a model with the others; whether any was replaced."""
    replaced = False
    for rule in list(fit.rules):
        fit.remove(rule)
        best = _first_of_highest(_surprise(_deviations(candidates, fit), penalty))
        chosen[best] = chosen.pop(rule)
        fit.add(best, candidates.matches(best))
        replaced |= best != rule
    return replaced


def _deviations(candidates: Candidates, fit: _Fit) -> Floats:
    """The score statistic of each rule, in standard errors; 0 for rules that are nearly another form of those chosen."""
    score = candidates.sums(fit.won - fit.expected)
    variance = candidates.sums(fit.variance)
    shared = candidates.sums(fit.variance[:, None] * fit.indicators)
    left = variance - np.einsum("ij,ij->i", shared, np.linalg.solve(fit.information, shared.T).T)
    new = left > LEAST_VARIANCE * variance
    return np.where(new, score / np.sqrt(np.where(new, left, 1.0)), 0.0)


def _penalty(lengths: Codes) -> Floats:
    """The logarithm of the number of rules of the same length: a rule of three conditions is one of very many."""
    return np.asarray(np.log(np.maximum(np.bincount(lengths), 1))[lengths])


def _first_of_highest(surprise: Floats) -> int:
    """The first rule of the highest surprise: a feature of two values gives two rules that differ in the last digits of sums alone."""
    return int(np.flatnonzero(surprise >= surprise.max() - SAME_SURPRISE)[0])


def _surprise(deviations: Floats, penalty: Floats) -> Floats:
    """How much better a rule explains the outcomes than none, in log-likelihood, beyond what the number of such rules gives."""
    return np.asarray(deviations**2 / 2 - penalty)


def _highest_by_chance(candidates: Candidates, fit: _Fit, periods: Codes, penalty: Floats) -> Floats:
    """The largest surprise of any rule, for outcomes that were shuffled within their periods: array (SHUFFLES,)."""
    rng = np.random.default_rng(SEED)
    order = np.argsort(periods, kind="stable")
    variance = candidates.sums(fit.variance)
    left = np.maximum(variance - variance**2 / fit.information[0, 0], 1e-12)
    highest = []
    for size in [SHUFFLES_AT_ONCE] * (SHUFFLES // SHUFFLES_AT_ONCE):
        shuffled = np.empty((len(order), size))
        for column in range(size):
            shuffled[order, column] = fit.won[order[np.lexsort((rng.random(len(order)), periods[order]))]]
        deviations = candidates.sums(shuffled - fit.expected[:, None]) / np.sqrt(left)[:, None]
        highest.append(_surprise(deviations, penalty[:, None]).max(axis=0))
    return np.concatenate(highest)


def _pruned(fit: _Fit, chosen: Chosen) -> list[MinedRule]:
    """Without the rules that the other ones explain."""
    while fit.rules:
        errors = np.sqrt(np.diag(np.linalg.inv(fit.information)))[1:]
        strength = np.abs(fit.effects[1:]) / errors
        weakest = int(np.argmin(strength))
        if strength[weakest] >= LEAST_STRENGTH:
            break
        fit.remove(fit.rules[weakest])
    return [MinedRule(rule, float(effect), chosen[rule]) for rule, effect in zip(fit.rules, fit.effects[1:], strict=True)]
