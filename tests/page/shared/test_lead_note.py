"""What a list says of a lead."""

import pytest

from dealml.page.shared.lead_note import LeadNote, chances_sentence, company_text, mark_counts, touch_text


def test_marks_are_what_holds() -> None:
    assert touch_text(LeadNote("touched lately", 3)) == "touched lately · recycled"
    assert touch_text(LeadNote("", 1)) == "recycled"
    assert company_text(LeadNote("", 0, 2, 1, True)) == "company has an open deal, was won before, has left"
    assert company_text(LeadNote("", 0, 0, 0, False)) == company_text(LeadNote()) == touch_text(LeadNote()) == touch_text(None) == ""


def test_the_chances_are_a_sentence() -> None:
    note = LeadNote(chances=((7, 0.004), (30, 0.126)))
    assert chances_sentence(note, "Chance") == "Chance: under 1% within 7 days, 13% within 30 days."
    assert chances_sentence(LeadNote(), "Chance") == ""
    with pytest.raises(ValueError, match="within 7 days"):
        LeadNote(chances=((7, 1.2),))


def test_counts_come_with_the_most_first_and_recycled_last() -> None:
    marks = [("cold",), ("cold", "recycled"), ("recycled",), ("lately", "recycled"), ()]
    assert mark_counts(marks) == (("cold", 2), ("lately", 1), ("recycled", 3))
