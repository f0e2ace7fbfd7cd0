"""Which extracts may correct events."""

from __future__ import annotations

from dealml.importing.identity.events.corrected_events import KIND
from dealml.importing.identity.events.repeated_events import COUNTED
from dealml.ledger.corrections import CORRECTED
from dealml.ledger.schema import TABLES


def test_tables_whose_events_have_ids_can_be_corrected() -> None:
    assert set(CORRECTED) == set(KIND) == {name for name, identifier in COUNTED.items() if identifier}
    assert all(TABLES[name].column(column) for name, column in KIND.items())
