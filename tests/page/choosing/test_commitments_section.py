"""The section of commitments: what somebody has to decide."""

from __future__ import annotations

from dealml.page.choosing.commitments_section import commitments_section
from tests.page.choosing.choosing_fixtures import AS_OF, promises


def test_free_promises_need_no_line() -> None:
    section = commitments_section(promises(), (), AS_OF)
    assert [row[0].value for row in section.tables[0].rows] == ["d1"]
    assert section.tables[0].rows[0][-1].note == "overdue"
    assert commitments_section(promises().iloc[1:], (), AS_OF).missing == "no promise is on record"
