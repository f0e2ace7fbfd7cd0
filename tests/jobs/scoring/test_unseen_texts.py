"""Texts that a model did not learn are counted with examples, or refused."""

import pytest

from dealml.errors import InputError
from dealml.jobs.scoring.unseen_texts import notes_of_unseen, require_seen
from dealml.learning.encoding import UnseenTexts

UNSEEN = {"stage": UnseenTexts(1200, ("Demo", "Legal"))}


def test_they_are_noted_with_examples() -> None:
    assert list(notes_of_unseen(UNSEEN)) == [
        "1,200 × unseen_category: stage: a text that training did not tell apart, such as 'Demo', 'Legal' counts as missing"
    ]
    require_seen(UNSEEN, "deal_win", "count")


def test_they_can_be_refused() -> None:
    require_seen({}, "deal_win", "refuse")
    with pytest.raises(InputError, match=r"^deal_win: 1,200 × stage: .*'Demo', 'Legal'; train again, .*\[scores\] unseen_category"):
        require_seen(UNSEEN, "deal_win", "refuse")
