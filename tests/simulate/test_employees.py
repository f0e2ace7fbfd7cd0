"""The employee survey: one answer a person and quarter, recorded after it was given."""

import numpy as np

from dealml.simulate.employees import EMPLOYEES, answer_rows


def test_answers() -> None:
    rows = answer_rows(np.random.default_rng(1))
    assert rows["Score"].between(1, 5).all()
    assert rows["Respondent"].nunique() <= EMPLOYEES
    assert not rows.assign(month=rows["occurred"].dt.strftime("%Y-%m")).duplicated(["Respondent", "month"]).any()
    assert (rows["recorded"] >= rows["occurred"]).all()
    assert rows["recorded"].is_monotonic_increasing
