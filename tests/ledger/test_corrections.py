"""The form of corrections."""

from __future__ import annotations

import pytest

from dealml.ledger.corrections import CORRECTED, FIRST_RECORDED, REPLACED, correction_table, corrections_of
from dealml.ledger.schema import TABLES


@pytest.mark.parametrize("name", CORRECTED)
def test_a_correction_names_both_facts_by_all_their_columns(name: str) -> None:
    table, columns = correction_table(name), TABLES[name].schema.names
    assert table.name == corrections_of(name)
    assert set(table.schema.names) == {*columns, *(REPLACED + column for column in columns), FIRST_RECORDED}
