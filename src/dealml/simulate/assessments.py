"""What people and the CRM said of each deal's chance: the rep's probability, and the fixed figure of each stage."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import WORKDAYS, Array, Times, workday_of
from dealml.simulate.company import Deals
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.paths import Paths
from dealml.simulate.process import Chain
from dealml.simulate.truth import won_within

STAGE_PERCENT = {"Discovery": 10, "Evaluation": 25, "Proposal": 50, "Negotiation": 75}
"""What the CRM shows for a stage, whatever the deal."""

STREAM = 1
"""Assessments are drawn from a stream of their own, so that the rest of a company stays what it was without them."""

AT_ALL = 500
"""Working days after which hardly a deal is open any more."""

REP_SHARE, LATE = 0.9, 0.15
"""Share of stage changes at which a rep gives a probability, and of those noted days later."""
HOPE, TEMPER, NOISE = 0.5, 0.3, 0.6
"""By how much a rep's log-odds are too high, and how far reps differ from each other and from themselves."""


def assessment_rows(
    rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles, chain: Chain, history: pd.DataFrame
) -> pd.DataFrame:
    """One row for each probability that went on record at a change of stage.

    Parameters
    ----------
    history
        The deals' field history, in order of recording.
    """
    named = history.assign(AssessedBy=history.groupby("deal")["OwnerName"].ffill())
    moves = named[named["StageName"].isin(STAGE_PERCENT)]
    moves = moves[["deal", "OpportunityNumber", "StageName", "AssessedBy", "occurred", "recorded"]]
    crm = moves.assign(Kind="CRM", Percent=moves["StageName"].map(STAGE_PERCENT), AssessedBy="")
    rows = pd.concat([crm, _by_reps(rng, deals, paths, lives, chain, moves)])
    rows = rows.sort_values(["recorded", "deal", "Kind"], kind="stable", ignore_index=True)
    return rows.assign(number=np.arange(1, len(rows) + 1))


def _by_reps(
    rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles, chain: Chain, moves: pd.DataFrame
) -> pd.DataFrame:
    """Biased upwards and noisy around the truth, in steps of five percent."""
    assessed = moves[rng.random(len(moves)) < REP_SHARE]
    deal, occurred = assessed["deal"].to_numpy(), assessed["occurred"].to_numpy()
    truth = won_within(chain, [AT_ALL])[0, deals.level[deal], _state_at(deals, paths, deal, occurred)]
    reps, rep = np.unique(assessed["AssessedBy"].to_numpy(dtype=str), return_inverse=True)
    temper = rng.normal(0, TEMPER, len(reps))[rep]
    log_odds = np.log(truth / (1 - truth)) + HOPE + temper + rng.normal(0, NOISE, len(assessed))
    percent = np.clip(np.rint(20 / (1 + np.exp(-log_odds))) * 5, 5, 95).astype(int)
    recorded = lives.recorded(rng, deal, occurred, LATE)
    rows = assessed.assign(Kind="Rep", Percent=percent, recorded=recorded)
    return rows[lives.is_open(deal, recorded)]


def _state_at(deals: Deals, paths: Paths, deal: Array, moment: Times) -> Array:
    """The state that the day of each moment leaves a deal in."""
    whose = np.concatenate([np.arange(len(deals)), paths.moved_deal])
    day = np.concatenate([np.full(len(deals), -1), paths.moved_day])
    state = np.concatenate([deals.first_state, paths.after])
    order = np.lexsort((day, whose))
    key = (whose * (WORKDAYS + 2) + day)[order]
    return np.asarray(state[order][np.searchsorted(key, deal * (WORKDAYS + 2) + workday_of(moment), side="right") - 1])
