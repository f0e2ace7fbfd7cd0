"""What stands beside a model's number, in words."""

from datetime import date
from decimal import Decimal

import pytest

from dealml.page.review.annotation_text import close_date_sentence, expected_day, override_labels, override_sentence
from dealml.page.review.annotations import CloseDateNote, OverrideNote


def test_an_outlook_in_words() -> None:
    outlook = CloseDateNote(date(2026, 4, 12), date(2026, 3, 3), date(2026, 6, 1), 0.64)
    assert expected_day(outlook) == "likely 12 Apr 2026"
    assert close_date_sentence(outlook) == (
        "If it closes, then most likely around 12 Apr 2026; four times in five between 3 Mar 2026 and 1 Jun 2026; "
        "64% likely to be still open after its close date."
    )


def test_parts_that_are_not_known_are_left_out() -> None:
    assert (
        close_date_sentence(None)
        == close_date_sentence(CloseDateNote())
        == expected_day(None)
        == expected_day(CloseDateNote(slip=0.2))
        == ""
    )
    assert close_date_sentence(CloseDateNote(slip=0.2)) == "20% likely to be still open after its close date."
    assert override_sentence(None, "EUR") == ""
    assert override_labels(None, "EUR") == override_labels(OverrideNote("Marta", "so"), "EUR") == ("", "", "")


def test_a_judgement_in_words() -> None:
    judged = OverrideNote("Marta", "Signed.", None, 0.8, Decimal("120000"), date(2026, 3, 20))
    assert override_labels(judged, "EUR") == ("judged 80%", "judged €120,000", "judged 20 Mar 2026")
    assert override_sentence(judged, "EUR") == "Marta: 80%, €120,000, close on 20 Mar 2026. “Signed.”"


def test_a_judged_amount_keeps_its_own_currency() -> None:
    judged = OverrideNote("Marta", "Two sites fewer.", None, None, Decimal("48000"), currency="USD")
    assert override_labels(judged, "EUR") == ("", "judged $48,000", "")
    assert override_sentence(judged, "EUR") == "Marta: $48,000. “Two sites fewer.”"


def test_a_person_may_be_certain() -> None:
    assert [override_labels(OverrideNote("Marta", "so", None, said), "EUR")[0] for said in (0.0, 1.0)] == ["judged 0%", "judged 100%"]


def test_numbers_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match=r"slipping must lie between 0 and 1, not 1\.2"):
        CloseDateNote(slip=1.2)
    with pytest.raises(ValueError, match="judged probability must lie between 0 and 1, not nan"):
        OverrideNote("Marta", "so", probability=float("nan"))
    with pytest.raises(ValueError, match="judged amount must be a finite number"):
        OverrideNote("Marta", "so", amount=Decimal("inf"))
