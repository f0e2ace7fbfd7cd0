"""Leads that are followed day by day come to what the exact truth says."""

import numpy as np
import pytest

from dealml.simulate.leads.chain import COLD, LEVEL_STEP, LEVELS, NEW, QUICK, lead_chain, pack
from dealml.simulate.leads.truth import converted_within
from dealml.simulate.leads.walk import AT_ONCE, walk_leads

DRAWS = 20_000


@pytest.mark.parametrize(("source", "level", "steps"), [("Inbound", 8, 65), ("Referral", -5, 130), ("Event", 14, 22)])
def test_truth_is_what_becomes_of_leads(source: str, level: int, steps: int):
    chain = lead_chain()
    walks = walk_leads(np.random.default_rng(steps), np.full(DRAWS, level * LEVEL_STEP), np.full(DRAWS, source, dtype=object), chain)
    became = float(((walks.converted > 0) & (walks.converted <= steps)).mean())
    strong = source != "Referral"
    start = [pack(np.array(0 if strong else COLD), np.array(int(strong)), np.array(answer), np.array(NEW)) for answer in (QUICK, 0)]
    quick, waiting = converted_within(chain, [steps])[0, LEVELS // 2 + level, start]
    exact = AT_ONCE * quick + (1 - AT_ONCE) * waiting
    assert abs(became - exact) < 4 * np.sqrt(exact * (1 - exact) / DRAWS)
