"""Words outside a closed vocabulary of the data contract are counted."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from dealml.ledger.schema import TABLES
from tests.importing.company_fixtures import Company

OFFERS = """
    extracts:
      - file: offers.csv
        into: offers
        columns: {deal_id: id, event: what, occurred_at: at, recorded_at: at}
    """


def test_they_are_counted_with_an_example(company: Company) -> None:
    company.maps(OFFERS)
    company.has("id,what,at\nD1,sent,2025-01-02\nD1,Sent,2025-01-03\nD2,posted,2025-01-03\n", "offers.csv")
    report = company.imports()
    assert [(note.kind, note.count) for note in report.notes] == [("unknown_word", 2)]
    assert report.notes[0].examples[0].text == "what: Sent: is none of created, sent, returned, accepted, cancelled, refused"
    assert len(company.facts("offers")) == 3


def test_they_can_be_quarantined_or_refused(company: Company) -> None:
    company.maps(OFFERS)
    company.has("id,what,at\nD1,sent,2025-01-02\nD1,Sent,2025-01-03\n", "offers.csv")
    with pytest.raises(InputError, match=r"^offers\.csv:3: what: 1 × unknown_word: 'Sent'"):
        company.imports(settings=ImportSettings(actions={"unknown_word": "refuse"}))
    assert company.imports(settings=ImportSettings(actions={"unknown_word": "quarantine"})).quarantined_kinds == {"unknown_word": 1}
    assert company.column("event", "offers") == ["sent"]


def test_a_translation_to_another_word_is_looked_at_too(company: Company) -> None:
    company.maps(OFFERS.replace("event: what", "event: {column: what, values: {Out: send}}"))
    company.has("id,what,at\nD1,Out,2025-01-02\n", "offers.csv")
    assert [note.kind for note in company.imports().notes] == ["unknown_word"]


def test_every_closed_vocabulary_stands_in_the_contract_s_words() -> None:
    closed = [column for table in TABLES.values() for column in table.fact_columns if column.words]
    assert len(closed) >= 9
    assert all(word in column.meaning for column in closed for word in column.words)
