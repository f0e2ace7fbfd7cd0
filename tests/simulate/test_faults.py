"""Every promised fault is in the export, and no more."""

from dealml.simulate.faults import BROKEN
from tests.simulate.conftest import Simulated


def test_broken_cells_are_there(small: Simulated):
    assert 10 <= len(BROKEN) <= 20
    for name, column, text in BROKEN:
        table = small.table(name)
        rows = table[table[column] == text]
        assert len(rows) == 1, (name, column)


def test_rows_come_twice(small: Simulated):
    for name in ("Activity", "OpportunityHistory", "usage_weekly"):
        assert small.table(name).duplicated().sum() >= 10, name


def test_deals_and_outcomes_stay_sound(small: Simulated):
    assert small.table("Opportunity")["OpportunityNumber"].is_unique
    assert not small.table("OpportunityClosing").duplicated().any()
