"""Record events name a kind of record and what became of it, in words of a closed vocabulary."""

from dealml.importing.identity.lives.record_events import RECORD_KINDS
from dealml.importing.record_vocabulary import EVENTS, KINDS
from dealml.ledger.schema import TABLES


def test_the_vocabulary_is_the_data_contracts() -> None:
    contract = {column.name: column.meaning for column in TABLES["record_events"].columns}
    assert all(kind in contract["kind"] for kind in KINDS)
    assert all(event in contract["event"] for event in EVENTS)
    assert sorted(RECORD_KINDS.values()) == sorted(KINDS)
