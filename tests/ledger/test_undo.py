"""A batch can be taken out of the ledger, the last one without further ado."""

from __future__ import annotations

import pytest

from dealml.errors import InputError, UsageError
from dealml.ledger.ledger import Ledger
from dealml.ledger.undo import undo
from tests.importing.company_fixtures import Company

DEAL = "id,account,created\nd1,a,2025-01-01\n"


def two_batches(company: Company) -> list[str]:
    batches = []
    for text in (DEAL, DEAL + "d2,a,2025-01-01\n"):
        company.has(text)
        batches.append(company.imports().batch)
    return batches


def test_the_last_batch_goes_and_can_be_imported_again(company: Company) -> None:
    _, last = two_batches(company)
    digest = company.ledger.digest
    assert undo(company.ledger.folder, last[:8]).batch == last
    assert company.column("deal_id") == ["d1"]
    with pytest.raises(InputError, match=f"the batch {last[:16]} is gone"):
        Ledger(company.ledger.folder, [last])
    assert company.imports().total("accepted") == 1
    assert company.ledger.digest == digest


def test_an_earlier_batch_goes_only_by_force(company: Company) -> None:
    first, last = two_batches(company)
    with pytest.raises(InputError, match=f"{last[:16]} came after {first[:16]} and may lack facts that it has"):
        undo(company.ledger.folder, first)
    undo(company.ledger.folder, first, force=True)
    assert company.column("deal_id") == ["d2"]


def test_an_unknown_or_ambiguous_prefix_is_refused(company: Company) -> None:
    two_batches(company)
    with pytest.raises(InputError, match="no batches begin with 0000000000"):
        undo(company.ledger.folder, "0" * 10)
    with pytest.raises(UsageError, match="'xyz' is no batch; give at least 4 characters"):
        undo(company.ledger.folder, "xyz")
    assert sorted(company.column("deal_id")) == ["d1", "d2"]
