"""What to ask next: the value of each answer against a loop over answers, one deal at a time."""

from __future__ import annotations

import numpy as np
import pytest

from dealml import QualificationTest, Question, Sign
from dealml.jobs.choosing import ask_next as module
from dealml.jobs.choosing.ask_next import ask_next, only
from dealml.jobs.choosing.open_population import OpenPopulation, open_population
from dealml.learning.view import View
from dealml.qualification.answers import answers_by_stage
from tests.conftest import CUT, Company

DEPTH = Question("executive_depth", "Which executive?", unknown=(0,))
COMPETITOR = Question("competitor", "Who else?", unknown=("No competitor",))
UNSEEN = Question("champion_seniority", "Which level?", unknown=(1, 2, 3, 4))
SIGNS = ((Sign("yes", "executive_depth", at_least=2),), (Sign("no", "pushes", at_least=2),))
TEST = QualificationTest("sponsor", "A sponsor", *SIGNS, questions=(DEPTH, COMPETITOR, UNSEEN))


@pytest.fixture(scope="module")
def population(company: Company) -> OpenPopulation:
    return open_population(company.project, "deal_win", (TEST,), CUT)


def test_each_answer_is_scored_by_the_model(population: OpenPopulation, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    table, break_even = population.table, 0.3
    rows = np.arange(len(table))
    whole = ask_next(company.project, population, (TEST,), rows, break_even)
    monkeypatch.setattr(module, "MOST_ROWS", 40)  # many batches give the same
    questions = ask_next(company.project, population, (TEST,), rows, break_even)
    assert questions == whole
    past = View.of(company.project.ledger, population.spec, CUT, company.project.query_settings).closed_deals(30)
    at_stages, of_all = answers_by_stage(DEPTH, past["executive_depth"], past["stage"])
    assert population.served is not None
    compared = 0
    for row in np.flatnonzero(table["executive_depth"] == 0)[:5]:
        answers = at_stages.get(table["stage"][row], of_all)
        one = table.iloc[[row]]
        scores = [population.served.fitted.probabilities(one.assign(executive_depth=value), [180])[0, 0] for value in answers.values]
        best = sum(share * max(p - break_even, 0) for share, p in zip(answers.shares, scores, strict=True))
        now = max(sum(share * p for share, p in zip(answers.shares, scores, strict=True)) - break_even, 0)
        question = next(question for question in questions[row] if question.feature == "executive_depth")
        assert question.value == pytest.approx((best - now) * table["amount_base"][row], abs=1e-6)
        compared += 1
    assert compared == 5


def test_what_would_move_the_decision_most_comes_first(population: OpenPopulation, company: Company) -> None:
    for questions in ask_next(company.project, population, (TEST,), np.arange(30), population.usual).values():
        worth = [-1.0 if question.value is None else question.value for question in questions]
        assert worth == sorted(worth, reverse=True)
        for question in questions:
            assert (question.value is None) == (question.feature == "champion_seniority")  # which the model does not see


def test_a_new_competitor_brings_our_record_against_it(population: OpenPopulation) -> None:
    table = population.table
    record = table.drop_duplicates("competitor").set_index("competitor")["competitor_win_lift"].drop("No competitor")
    row = int(np.flatnonzero(table["competitor"] == "No competitor")[0])
    for name, lift in record.dropna().items():
        changed = module._with_answers(population, "competitor", np.array([row]), [name])
        assert population.served is not None
        by_hand = table.iloc[[row]].assign(competitor=name, competitor_win_lift=lift)
        assert changed == pytest.approx(population.served.fitted.probabilities(by_hand, [180])[:, 0])


def test_a_specification_of_some_features_has_what_they_need(population: OpenPopulation) -> None:
    names = {feature.name for feature in only(population.spec, ["champion_cooled", "segment_win_lift"]).all_features}
    assert names == {"champion_cooled", "champion_depth", "champion_depth_now", "segment_win_lift", "segment"}
