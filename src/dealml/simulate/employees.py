"""What the company's own people answer when they are asked how satisfied they are (ESAT)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import days, delay

STREAM = 4
"""Answers are drawn from a stream of their own, so that the rest of a company stays what it was without them."""

EMPLOYEES, ANSWERING = 60, 0.7
_SURVEYS = np.arange(np.datetime64("2023-02"), np.datetime64("2025-12"), np.timedelta64(3, "M")).astype("datetime64[s]")


def answer_rows(rng: np.random.Generator) -> pd.DataFrame:
    """One row an answer, from 1 to 5, in the second month of each quarter."""
    mood = np.cumsum(rng.normal(0, 0.08, len(_SURVEYS)))
    survey, person = np.nonzero(rng.random((len(_SURVEYS), EMPLOYEES)) < ANSWERING)
    character = rng.normal(0, 0.6, EMPLOYEES)[person]
    score = np.clip(np.rint(3.9 + mood[survey] + character + rng.normal(0, 0.6, len(survey))), 1, 5).astype(int)
    occurred = _SURVEYS[survey] + days(rng.uniform(9.3, 20.7, len(survey)))
    rows = pd.DataFrame({"Respondent": [f"E{number + 1:03d}" for number in person.tolist()], "Score": score, "occurred": occurred})
    rows["recorded"] = rows["occurred"] + delay(rng, len(rows), late=0.02)
    return rows.sort_values(["recorded", "Respondent"], kind="stable", ignore_index=True)
