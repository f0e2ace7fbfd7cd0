"""The largest amount of a deal depends on its currency."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from dealml.importing.parsing.amount_limits import AmountLimits
from tests.importing.company_fixtures import Company

DEALS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
        attributes: {amount: {column: amount, type: amount}CURRENCY}
    """
HISTORY = """
      - file: history.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {amount: {column: amount, type: amount}}
    """


def refused(company: Company, settings: ImportSettings | None = None) -> list[tuple[str, str]]:
    """The kinds and reasons of the quarantine."""
    return [(str(row["kind"]), str(row["reason"])) for row in company.imports(settings=settings).quarantine]


@pytest.mark.parametrize(("currency", "limit"), [("EUR", 10**9), ("JPY", 10**11), ("VND", 10**13), ("PLN", 5)])
def test_a_limit_is_the_project_s_or_a_thousand_million_euros_or_so(currency: str, limit: int) -> None:
    assert AmountLimits(declared={"PLN": 5}).of(currency) == Decimal(limit)


def test_an_amount_beyond_the_limit_of_its_currency_is_refused(company: Company) -> None:
    company.maps(DEALS.replace("CURRENCY", ", currency: currency"))
    company.has(
        "id,amount,currency,created\nD1,1000000000,EUR,2025-01-01\nD2,1000000001,EUR,2025-01-01\n"
        "D3,1000000001,JPY,2025-01-01\nD4,1000000001,,2025-01-01\nD5,5,PLN,2025-01-01\nD6,6,PLN,2025-01-01\n"
    )
    reason = "is more than a deal is worth at most in {}: {} ([imports] largest_amount)"
    assert refused(company, ImportSettings(largest_amount={"PLN": 5})) == [
        ("amount_too_large", reason.format("EUR", "1,000,000,000")),
        ("amount_too_large", reason.format("EUR", "1,000,000,000")),
        ("amount_too_large", reason.format("PLN", "5")),
    ]


@pytest.mark.parametrize(("currency", "rows"), [("", 1), (", currency: currency", 0)])
def test_a_history_without_currencies_is_in_the_company_s_unless_another_file_tells(company: Company, currency: str, rows: int) -> None:
    company.maps(DEALS.replace("CURRENCY", currency).rstrip() + HISTORY)
    company.has("id,amount,currency,created\nD1,1,IDR,2025-01-01\n")
    company.has("id,amount,at\nD1,2000000000,2025-01-02\n", "history.csv")
    assert len(refused(company)) == rows


def test_a_limit_that_is_raised_imports_the_file_again(company: Company) -> None:
    company.maps(DEALS.replace("CURRENCY", ""))
    company.has("id,amount,created\nD1,2000000000,2025-01-01\nD2,1,2025-01-01\n")
    assert company.imports().total("accepted") == 1
    assert company.imports(settings=ImportSettings(largest_amount={"EUR": 1e10})).total("accepted") == 1


def test_a_column_of_ids_as_amounts_ends_the_import(company: Company) -> None:
    company.maps(DEALS.replace("CURRENCY", ""))
    company.has("id,amount,created\nD1,20000000001,2025-01-01\n")
    with pytest.raises(InputError, match="1 × amount_too_large in amount"):
        company.imports(allow_quarantine=False)
