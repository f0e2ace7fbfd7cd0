"""The section of qualification: a table for each class."""

from __future__ import annotations

from dealml.page.choosing.qualification_section import qualification_section
from tests.page.choosing.choosing_fixtures import qualified


def test_each_class_has_its_table_and_no_model_is_unknown() -> None:
    entities = [qualified("deal", "d1", "pursue", 0.5), qualified("deal", "d2", "nurture", None)]
    section = qualification_section(entities, {"deal": 90}, "EUR")
    assert [table.caption for table in section.tables] == ["Pursue: deals", "Nurture: deals"]
    assert section.tables[0].columns[:4] == ("deal", "amount", "chance within 90 days", "times the usual")
    assert [cell.value for cell in section.tables[1].rows[0]][2:5] == ["unknown", "–", "unknown"]
    assert qualification_section([], {}, "EUR").missing == "nothing is open"
