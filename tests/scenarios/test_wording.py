"""Scenarios as sentences."""

from __future__ import annotations

from dealml.scenarios.matching import MatchedScenario
from dealml.scenarios.wording import MOST, scenario_sentence, scenario_sentences
from tests.scenarios.test_matching import PAIR, SINGLE


def test_a_sentence_has_the_counts_that_it_rests_on() -> None:
    sentence = "Winning scenario (segment: SMB · trigger: Audit): 50 of 100 closed deals won (50%, usually 30%)"
    assert scenario_sentence(MatchedScenario(PAIR)) == sentence
    assert scenario_sentence(MatchedScenario(SINGLE)).startswith("Losing scenario (trigger: Audit): ")


def test_what_is_unknown_is_to_be_asked() -> None:
    sentence = scenario_sentence(MatchedScenario(PAIR, ("champion_depth",)))
    assert sentence.startswith("May be in a winning scenario (segment: SMB")
    assert sentence.endswith("; unknown, ask: champion depth")


def test_few_sentences_are_shown_of_a_deal() -> None:
    assert len(scenario_sentences([MatchedScenario(PAIR)] * (MOST + 2))) == MOST
    assert scenario_sentences(()) == ()
