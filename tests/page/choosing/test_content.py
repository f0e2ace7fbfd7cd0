"""What the page says, before it is drawn."""

from __future__ import annotations

from tests.page.choosing.choosing_fixtures import choosing_page


def test_each_section_has_an_anchor_of_its_own_and_a_table_or_a_reason() -> None:
    sections = choosing_page().sections
    assert len({section.key for section in sections}) == len(sections)
    assert all(bool(section.tables) != bool(section.missing) for section in sections)
