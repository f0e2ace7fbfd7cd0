"""How a question is likely to be answered, counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml import Question
from dealml.qualification.answers import MOST_ANSWERS, answers_by_stage


def test_texts_count_where_they_are_on_record() -> None:
    values = pd.Series(["yes"] * 30 + ["no"] * 10 + ["Unknown"] * 9 + [None] + ["no"] * 5)
    stages = pd.Series(["early"] * 50 + ["late"] * 5)
    at_stages, of_all = answers_by_stage(Question("budget", "?", unknown=("Unknown",)), values, stages)
    assert list(at_stages) == ["early"]  # five records are too few
    assert at_stages["early"].values == ("yes", "no")
    assert at_stages["early"].shares == pytest.approx([0.75, 0.25])
    assert of_all.shares == pytest.approx([30 / 45, 15 / 45])


def test_a_zero_that_stands_for_no_record_is_the_answer_no() -> None:
    at_stages, _ = answers_by_stage(Question("depth", "?", unknown=(0,)), pd.Series([0.0] * 30 + [2.0] * 10), pd.Series(["early"] * 40))
    assert dict(zip(at_stages["early"].values, at_stages["early"].shares, strict=True)) == {0.0: 0.75, 2.0: 0.25}


def test_many_numbers_are_summed_up() -> None:
    _, of_all = answers_by_stage(Question("size", "?"), pd.Series(np.arange(600.0)), pd.Series(["early"] * 600))
    assert len(of_all.values) == MOST_ANSWERS
    assert of_all.shares == pytest.approx([1 / MOST_ANSWERS] * MOST_ANSWERS)
    assert np.mean(of_all.values) == pytest.approx(299.5)


def test_without_a_record_there_is_no_answer() -> None:
    at_stages, of_all = answers_by_stage(Question("size", "?"), pd.Series([np.nan, np.nan]), pd.Series(["early", "late"]))
    assert (at_stages, of_all.values) == ({}, ())
