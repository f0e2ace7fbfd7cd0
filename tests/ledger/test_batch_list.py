"""The list of batches goes by the order of their import."""

from __future__ import annotations

from dealml.ledger.batch_list import COLUMNS, batch_list
from tests.importing.company_fixtures import Company


def test_batches_are_listed_in_the_order_of_their_import_with_their_sums(company: Company) -> None:
    for text in ("d1,a,2025-01-01\nd2,a,soon\n", "d1,a,2025-01-01\nd3,a,2025-01-01\n"):
        company.has("id,account,created\n" + text)
        company.imports()
    listed = batch_list(company.ledger.folder)
    assert [tuple(entry) for entry in listed] == [COLUMNS, COLUMNS]
    assert [(e["number"], e["rows_in"], e["accepted"], e["quarantined"], e["duplicates"]) for e in listed] == [
        (1, 2, 1, 1, 0),
        (2, 2, 1, 0, 1),
    ]
