"""Thresholds proposed from the past: those that part won deals from lost ones best."""

from __future__ import annotations

from itertools import product

import numpy as np

from dealml.qualification.class_outcomes import PastDecisions
from dealml.qualification.thresholds import Decline, KindThresholds, Pursue
from dealml.wilson_interval import wilson_interval

WIN_RATES = tuple(np.round(np.arange(0.2, 1.61, 0.1), 1).tolist())
DECLINED_SHARE = 0.5
"""The share of declined deals that were won must lie below this multiple of the share of all, up to its upper bound."""
FEWEST_DEALS = 50


def proposed(past: PastDecisions, present: KindThresholds) -> KindThresholds:
    """The thresholds of pursuing and declining that the past speaks for.

    Pursuing takes the pair with the largest share of won deals kept less the share of lost ones kept. Declining takes the largest class of
    which, up to the upper bound of its 95 % interval, less than half as many were won as of all; where there is none, the present ones.

    Notes
    -----
    The difference of the two shares is the index of Youden (1950), Cancer 3.
    """
    ratio, failed = past.probability / past.usual, past.tested.failed
    most = len(past.tested.tests)
    pairs = list(product(WIN_RATES, range(most + 1)))
    youden = [_youden(past, (ratio >= rate) & (failed <= limit)) for rate, limit in pairs]
    win_rate, most_failed = pairs[int(np.argmax(youden))]
    pursue = Pursue(win_rate, most_failed, present.pursue.fewest_passed_alone)
    best, largest = present.decline, 0
    for rate, fewest in product([rate for rate in WIN_RATES if rate <= win_rate], range(1, most + 1)):
        declined = (ratio <= rate) & (failed >= fewest) & ~((ratio >= win_rate) & (failed <= most_failed))
        deals = int(declined.sum())
        if deals > largest and deals >= FEWEST_DEALS and _loses(past, declined):
            best, largest = Decline(rate, fewest, present.decline.fewest_failed_alone), deals
    decline = Decline(min(best.win_rate, win_rate), best.fewest_failed, best.fewest_failed_alone)
    return KindThresholds(pursue, decline)


def _youden(past: PastDecisions, pursued: np.ndarray) -> float:
    return float(pursued[past.won].mean() - pursued[~past.won].mean())


def _loses(past: PastDecisions, declined: np.ndarray) -> bool:
    _, high = wilson_interval(float(past.won[declined].mean()), float(declined.sum()))
    return bool(high < DECLINED_SHARE * past.won.mean())
