"""What is open, with its scenarios and its probability where a model is served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dealml import InputError, QualificationTest, Question, Sign
from dealml.jobs.choosing.open_population import COUNTS, open_population, probabilities
from dealml.project import Project
from tests.conftest import CUT, Company

TEST = QualificationTest(
    "fit", "A fit", (Sign("small", "segment", one_of=("SMB",)),), (Sign("old", "age", at_least=90),), (Question("segment", "Which?"),)
)


def test_deals_have_the_served_probability_of_the_longest_horizon(company: Company) -> None:
    population = open_population(company.project, "deal_win", (TEST,), CUT)
    assert population.served is not None
    scores = population.served.fitted.probabilities(population.table, [180])[:, 0]
    assert np.array_equal(population.probability, scores)
    assert population.usual == pytest.approx(scores.mean())
    assert population.table[list(COUNTS)].isna().all(axis=None)  # none are stored
    assert any("run dealml scenarios" in note for note in population.notes)


def test_without_a_model_the_probability_is_unknown(company: Company) -> None:
    population = open_population(company.project, "lead_conversion", (), CUT)
    assert np.isnan(population.probability).all()
    assert len(population.table) > 20
    assert any("the tests alone count" in note for note in population.notes)
    assert np.isnan(probabilities(None, population.table)).all()


def test_a_test_of_a_feature_that_the_model_lacks_is_refused(copied: Callable[[Path], Project], company: Company) -> None:
    test = QualificationTest("fit", "A fit", (Sign("a", "nonsense", at_least=1),), (Sign("b", "age", at_least=1),), ())
    with pytest.raises(InputError, match=r"qualification\.py: the test 'fit' reads 'nonsense', which deal_win does not have"):
        open_population(company.project, "deal_win", (test,), CUT)
    with pytest.raises(InputError, match="account_churn is no model of deals or leads"):
        open_population(company.project, "account_churn", (), CUT)
