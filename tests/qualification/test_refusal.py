"""The draft of an honest no gives its reasons in the company's language."""

from __future__ import annotations

import pytest

from dealml.load_definitions import load_qualification
from dealml.qualification.refusal import refusal
from tests.conftest import ROOT
from tests.qualification.tests_fixtures import FIT, SPONSOR


def test_the_reasons_are_those_of_the_failed_tests() -> None:
    draft = refusal("en", [SPONSOR, FIT])
    assert "- nobody decides" in draft
    assert draft.startswith("Dear …,")
    assert "speaks against" not in refusal("en", [FIT])  # it gives no reason


@pytest.mark.parametrize("kind", ["deals", "leads"])
def test_every_reason_that_is_shipped_has_polish_words(kind: str) -> None:
    definition = load_qualification(ROOT)
    for test in getattr(definition, kind):
        draft = refusal("pl", [test])
        assert test.refusal not in draft
        assert draft.startswith("Szanowni")
