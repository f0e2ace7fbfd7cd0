"""Words for outcomes: every model with a page has one."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from dealml.learning.outcomes.outcome import OUTCOME_WORDS, Outcome, outcome_word
from dealml.load_definitions import leading_models, load_model

HOME = Path(__file__).parents[3]


def test_a_lead_whose_deal_is_won_buys() -> None:
    assert outcome_word("lead_id", "won") == "buy"
    assert outcome_word("deal_id", "won") == "win"
    assert outcome_word("lead_id", "converted") == "convert"


@pytest.mark.parametrize("name", leading_models(HOME))
def test_each_outcome_of_a_model_with_a_page_has_a_word(name: str) -> None:
    for outcome in load_model(HOME, name).outcomes:
        assert outcome.outcome_name in OUTCOME_WORDS


def test_which_outcomes_may_be_on_record_from_some_moment_on_only() -> None:
    truncated = [outcome.__name__ for outcome in get_args(Outcome) if outcome.may_be_truncated]
    assert truncated == ["Cancelled", "Converted", "LeadWon"]
