"""Persons behind leads: what they are decides how well they fit."""

import numpy as np
import pandas as pd

from dealml.simulate.leads.people import BASE, CAMPAIGN, FREE_MAIL_EFFECT, FUNCTION, LATENT, SENIORITY, people


def test_the_index_is_the_sum_of_the_effects():
    kind = {"LeadSource": "Event", "SizeClass": "SMB", "Industry": "Retail"}
    drawn = people(np.random.default_rng(1), pd.DataFrame([kind] * 4_000))
    expected = 0.05 + BASE + FREE_MAIL_EFFECT * (drawn["FreeMail"] != "")
    for column, values in (("Seniority", SENIORITY), ("JobFunction", FUNCTION), ("Campaign", CAMPAIGN)):
        expected = expected + drawn[column].map({name: effect for name, (_, effect) in values.items()})
    rest = drawn["index"] - expected
    assert abs(rest.mean()) < 4 * LATENT / np.sqrt(len(rest))
    assert abs(rest.std() / LATENT - 1) < 0.1
    assert abs((drawn["FreeMail"] != "").mean() - 0.2) < 0.03
    assert (drawn["Headcount"] >= 1).all()
